"""Renders the dispatches of sources/dispatches into pages, notes, JSON lines, feeds and a web archive.

The same input gives the same bytes: nothing here reads the clock, the network or a random number.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

HERE = Path(__file__).parent
SOURCES = HERE / "sources" / "dispatches"
RENDERED = HERE / "dispatches"
FORMS = ("html", "jsonl", "markdown", "rss", "warc")
STYLES = ("wire", "state-media", "analysis", "liveblog", "headline")
MADE = ("pages/*.html", "notes/*.md", "feeds/*.xml", "dispatches.jsonl", "archive.warc.gz")

# Layout and motto of the invented outlets; an outlet that is not listed gets the newspaper's layout.
OUTLETS = {
    "Meridian Wire": ("agency", "Dispatches from every longitude"),
    "Halyard News": ("agency", "Raised at first light"),
    "Straits Courier": ("agency", "The narrow seas, daily"),
    "Isthmus Daily": ("agency", "Between two oceans"),
    "Great Hall Daily": ("state", "The voice of the capital"),
    "Volga State News": ("state", "The state news service"),
    "Pyongyang Daily Dispatch": ("state", "Daily service in English"),
    "Alborz State Agency": ("state", "Official news agency"),
    "Orinoco State Radio": ("state", "On the air since the first hour"),
    "The Lantern Review": ("community", "Long reads by many hands"),
    "Strait and Steppe Review": ("community", "Essays on borders, by people who crossed them"),
    "Harbour Line": ("community", "Notes from the quay"),
    "Southern Cross Desk": ("community", "Writers of the south"),
}
_UNLISTED = ("newspaper", "Founded on a borrowed press")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LABEL = re.compile(r'\*\*(?P<bold>.+?)\*\*\s|(?P<plain>"[^"]+"|[^:.,"*]{2,40}):\s')


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One text as it was written; `body` is paragraphs with **bold** words, empty where only a headline runs."""

    id: str
    title: str
    standfirst: str
    outlet: str
    author: str
    section: str
    topics: tuple[str, ...]
    published: date
    url: str
    style: str
    form: str
    origin: str
    body: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs, each on one line."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.body) if part.strip())

    @property
    def name(self) -> uuid.UUID:
        """A fixed name drawn from the id."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"dispatch:{self.id}")


def load(folder: Path = SOURCES) -> list[Dispatch]:
    """All dispatches of the folder's TOML files by date and id; `ValueError` names the first that is wrong."""
    fields = set(Dispatch.__dataclass_fields__)
    found: dict[str, Dispatch] = {}
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("dispatch", []):
            where = f"{path.name}, dispatch {entry.get('id')!r}:"
            if set(entry) != fields:
                raise ValueError(f"{where} keys missing or unknown: {sorted(fields ^ set(entry))}")
            entry |= {"published": date.fromisoformat(str(entry["published"])), "topics": tuple(entry["topics"])}
            dispatch = Dispatch(**entry)
            if dispatch.form not in FORMS or dispatch.style not in STYLES:
                raise ValueError(f"{where} form {dispatch.form!r}, style {dispatch.style!r}; use {FORMS}, {STYLES}")
            if re.fullmatch(r"[a-z0-9][a-z0-9-]*", dispatch.id) is None or dispatch.id in found:
                raise ValueError(f"{where} the id must be new and made of small letters, digits and hyphens")
            found[dispatch.id] = dispatch
    return sorted(found.values(), key=lambda dispatch: (dispatch.published, dispatch.id))


def render(dispatches: Sequence[Dispatch]) -> dict[str, bytes]:
    """Every file, by its path below the folder of rendered dispatches."""
    pages = Pages(dispatches)
    forms = {form: [dispatch for dispatch in dispatches if dispatch.form == form] for form in FORMS}
    files = {f"pages/{dispatch.id}.html": pages.page(dispatch) for dispatch in forms["html"]}
    files |= {f"notes/{dispatch.id}.md": _note(dispatch) for dispatch in forms["markdown"]}
    files |= {f"feeds/{slug(name)}.xml": pages.feed(name) for name in sorted({entry.outlet for entry in forms["rss"]})}
    files |= {"dispatches.jsonl": "".join(map(_row, forms["jsonl"])).encode()}
    files |= {"archive.warc.gz": _archive([(dispatch, pages.page(dispatch)) for dispatch in forms["warc"]])}
    return {name: data for name, data in files.items() if data}


def write(files: Mapping[str, bytes], folder: Path = RENDERED) -> None:
    """Write the files, and take away those that no dispatch makes any more."""
    for path in [path for pattern in MADE for path in folder.glob(pattern)]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def slug(text: str) -> str:
    """The text as one word for an address or a file name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Pages:
    """Fills the templates; knows all dispatches, since a page links to earlier ones of its outlet."""

    def __init__(self, dispatches: Sequence[Dispatch]) -> None:
        outlets = {dispatch.outlet for dispatch in dispatches}
        self._outlets = {name: [dispatch for dispatch in dispatches if dispatch.outlet == name] for name in outlets}
        folder = FileSystemLoader(HERE / "templates")
        self._templates = Environment(loader=folder, autoescape=True, trim_blocks=True, undefined=StrictUndefined)

    def page(self, dispatch: Dispatch) -> bytes:
        """The HTML page of one dispatch, as its outlet lays it out."""
        layout = "live" if dispatch.style == "liveblog" else OUTLETS.get(dispatch.outlet, _UNLISTED)[0]
        own = self._outlets[dispatch.outlet]
        earlier = [entry for entry in reversed(own) if entry.published < dispatch.published]
        page = _fields(dispatch) | {"related": earlier[:3], "latest": earlier[3:7]}
        page["linked_data"] = _linked_data(dispatch, layout)
        text = self._templates.get_template(f"{layout}.html.j2").render(page=page, site=self._site(dispatch))
        return text.lstrip().encode() + b"\n"

    def feed(self, outlet: str) -> bytes:
        """The RSS channel of one outlet, newest first."""
        own = [dispatch for dispatch in reversed(self._outlets[outlet]) if dispatch.form == "rss"]
        items = [_fields(dispatch) for dispatch in own]
        return self._templates.get_template("feed.xml.j2").render(items=items, site=self._site(own[0])).encode() + b"\n"

    def _site(self, dispatch: Dispatch) -> dict[str, object]:
        sections = [
            {"name": name, "slug": slug(name)}
            for name in sorted({entry.section for entry in self._outlets[dispatch.outlet]})
        ]
        motto, home = OUTLETS.get(dispatch.outlet, _UNLISTED)[1], f"https://{urlsplit(dispatch.url).hostname}"
        return {"name": dispatch.outlet, "motto": motto, "home": home, "sections": sections}


def _fields(dispatch: Dispatch) -> dict[str, object]:
    """What the templates show of a dispatch; dates are written out here, so that each layout has its own way."""
    day = dispatch.published
    labels = [match for match in map(_LABEL.match, dispatch.paragraphs) if match]
    return asdict(dispatch) | {
        "paragraphs": [_html(text) for text in dispatch.paragraphs],
        "labels": [(match["bold"] or match["plain"]).rstrip(".") for match in labels],
        "author_slug": slug(dispatch.author),
        "section_slug": slug(dispatch.section),
        "published": day.isoformat(),
        "stamp": format_datetime(_noon(day), usegmt=True),
        "year": day.year,
        "month_short": f"{day:%b} {day.day}, {day.year}",
        "month_first": f"{day:%B} {day.day}, {day.year}",
        "day_first": f"{day.day} {day:%B} {day.year}",
        "minutes": 1 + len(dispatch.body.split()) // 200,
        "number": dispatch.name.int % 90_000 + 10_000,
    }


def _html(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text)).replace("&#39;", "'").replace("&#34;", '"')))


def _linked_data(dispatch: Dispatch, layout: str) -> Markup:
    thing: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if layout == "live" else "NewsArticle",
        "headline": dispatch.title,
        "datePublished": dispatch.published.isoformat(),
        "articleSection": dispatch.section,
        "keywords": dispatch.topics,
        "publisher": {"@type": "Organization", "name": dispatch.outlet},
        "mainEntityOfPage": {"@type": "WebPage", "@id": dispatch.url},
    }
    if dispatch.author:
        thing["author"] = {"@type": "Organization" if layout == "live" else "Person", "name": dispatch.author}
    return Markup(json.dumps(thing, ensure_ascii=False, indent=2).replace("</", "<\\/"))


def _row(dispatch: Dispatch) -> str:
    row: dict[str, object] = {"title": dispatch.title, "standfirst": dispatch.standfirst or None}
    row |= {"text": _BOLD.sub(r"\1", "\n\n".join(dispatch.paragraphs)), "date": str(dispatch.published)}
    row |= {"outlet": dispatch.outlet, "author": dispatch.author or None, "section": dispatch.section}
    row |= {"topics": dispatch.topics, "url": dispatch.url, "language": "en"}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _note(dispatch: Dispatch) -> bytes:
    """Markdown under YAML front matter; JSON's strings and lists are YAML's too."""
    names = ("title", "standfirst", "author", "outlet", "section", "topics", "url")
    stated = {name: getattr(dispatch, name) for name in names if getattr(dispatch, name)}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in stated.items()]
    head = "\n".join(["---", *lines, f"date: {dispatch.published}", "language: en", "---"])
    return "\n\n".join([head, *dispatch.paragraphs]).encode() + b"\n"


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _archive(captures: Sequence[tuple[Dispatch, bytes]]) -> bytes:
    """A gzipped WARC of pages, each taken on the day after its publication; empty if there are none."""
    buffer = io.BytesIO()
    for dispatch, page in captures:
        taken = _noon(dispatch.published + timedelta(days=1))
        head = f"HTTP/1.1 200 OK\r\nDate: {format_datetime(taken, usegmt=True)}\r\n"
        head += f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
        record = WarcRecord()
        record.init_headers(WarcRecordType.response, dispatch.name.urn.removeprefix("urn:").encode())
        record.record_date = taken
        record.headers["WARC-Target-URI"] = dispatch.url
        record.is_http = True
        record.set_bytes_content(head.encode() + page)
        with GzipWriter(buffer) as stream:  # a gzip member for each record, as archives have it
            record.write(stream, checksum_data=True)
    return buffer.getvalue()


def main() -> None:
    """Make all files anew."""
    write(files := render(load()))
    sys.stderr.write(f"Wrote {len(files)} files to {RENDERED}.\n")


if __name__ == "__main__":
    main()
