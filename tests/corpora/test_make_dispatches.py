"""The committed dispatches are what the program makes of their sources, and the sources keep their own rules."""

from __future__ import annotations

import calendar
import gzip
import importlib.util
import json
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from dragoman.read import ReadOptions, find_inputs, read_input
from dragoman.records import Document, Refusal

ROOT = Path(__file__).parents[2]
MONTHS = [name for name in calendar.month_name if name]
MONTH = "|".join(f"{name[:3]}(?:{name[3:]}|t?\\.?)" for name in MONTHS)
WEEKDAY = "|".join(calendar.day_name)
DATE = (
    rf"(?:(?P<month>{MONTH}) (?P<day>\d{{1,2}})|(?P<first>\d{{1,2}}) (?P<then>{MONTH}))(?!\d)(?:,? (?P<year>\d{{4}}))?"
)
DATED_WEEKDAYS = (
    re.compile(rf"\b(?P<weekday>{WEEKDAY})(?:,? | \(|, the )(?:{DATE})"),
    re.compile(rf"\b(?:{DATE})(?:, | \(|, an? |, which was an? | was an? )(?P<weekday>{WEEKDAY})\b"),
)
DATELINE = re.compile(rf"[^\n.]{{2,60}}?, (?:{DATE}) (?:\([\w ]+\) )?(?:—|-{{1,2}}) ")


def load_program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_dispatches", ROOT / "corpora" / "make_dispatches.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


program = load_program()
DISPATCHES = program.load()
FILES: dict[str, bytes] = program.render(DISPATCHES)


def day_of(match: re.Match[str], near: date) -> date:
    """The date that a match names; without a year, the one nearest to `near`."""
    month = next(n for n, name in enumerate(MONTHS, 1) if (match["month"] or match["then"]).startswith(name[:3]))
    years = [int(match["year"])] if match["year"] else [near.year - 1, near.year, near.year + 1]
    days = [date(year, month, int(match["day"] or match["first"])) for year in years]
    return min(days, key=lambda day: abs(day - near))


def misfits(text: str, near: date) -> list[str]:
    """The places where a weekday stands beside a date that was another day of the week."""
    found = [match for pattern in DATED_WEEKDAYS for match in pattern.finditer(text)]
    return [match[0] for match in found if f"{day_of(match, near):%A}" != match["weekday"]]


def unpacked(name: str, data: bytes) -> bytes:
    """What a file holds; compressed bytes may differ between versions of the compressor."""
    return gzip.decompress(data) if name.endswith(".gz") else data


def test_committed_files_are_those_that_the_program_makes() -> None:
    there = {
        path.relative_to(program.RENDERED).as_posix() for kind in program.MADE for path in program.RENDERED.glob(kind)
    }
    assert there == set(FILES), "run python corpora/make_dispatches.py"
    differing = [
        name for name in FILES if unpacked(name, (program.RENDERED / name).read_bytes()) != unpacked(name, FILES[name])
    ]
    assert not differing, "run python corpora/make_dispatches.py"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert program.render(program.load()) == FILES


def test_ids_and_urls_are_unique() -> None:
    for field in ("id", "url", "name"):
        counted = Counter(getattr(dispatch, field) for dispatch in DISPATCHES)
        assert not [value for value, count in counted.items() if count > 1]


def test_origins_name_other_dispatches() -> None:
    ids = {dispatch.id for dispatch in DISPATCHES}
    assert not [entry.id for entry in DISPATCHES if entry.origin and entry.origin not in ids - {entry.id}]


def test_addresses_cannot_belong_to_anybody() -> None:
    assert not [entry.id for entry in DISPATCHES if not re.match(r"https://[a-z-]+\.example/", entry.url)]


def test_lengths_fit_the_styles() -> None:
    for dispatch in DISPATCHES:
        words = len(dispatch.body.split())
        if dispatch.style == "headline":
            assert len(dispatch.paragraphs) <= 1, dispatch.id
            assert words <= 40, dispatch.id
        else:
            assert 60 <= words <= 250, f"{dispatch.id} has {words} words"


def test_weekdays_fit_the_dates_beside_them() -> None:
    for dispatch in DISPATCHES:
        text = "\n".join((dispatch.title, dispatch.standfirst, dispatch.body))
        assert not misfits(text, dispatch.published), dispatch.id


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("They met on Wednesday, June 19, and dined.", 0),
        ("They met on Wednesday, 19 June 2024.", 0),
        ("They met on June 19, a Wednesday.", 0),
        ("They will meet on Wednesday (Jan. 1).", 0),
        ("They met on Tuesday, June 19.", 1),
        ("They met on Thursday, the 19 June.", 1),
        ("They met on Sept. 4, 2023, a Tuesday.", 1),
        ("They met on Tuesday and signed on June 19.", 0),
    ],
)
def test_a_weekday_that_does_not_fit_is_seen(text: str, wrong: int) -> None:
    assert len(misfits(text, date(2024, 11, 20))) == wrong


def test_datelines_are_of_the_day_of_publication_or_just_before() -> None:
    found = 0
    for dispatch in DISPATCHES:
        match = DATELINE.match(dispatch.body.lstrip())
        if match is not None:
            found += 1
            age = dispatch.published - day_of(match, dispatch.published)
            assert 0 <= age.days <= 1, f"{dispatch.id}: {match[0]!r}, published {dispatch.published}"
    assert found


@pytest.mark.parametrize("form", ["html", "jsonl", "markdown", "rss", "warc"])
def test_every_dispatch_stands_whole_in_the_file_of_its_form(form: str) -> None:
    for dispatch in (dispatch for dispatch in DISPATCHES if dispatch.form == form):
        name = {
            "html": f"pages/{dispatch.id}.html",
            "jsonl": "dispatches.jsonl",
            "markdown": f"notes/{dispatch.id}.md",
            "rss": f"feeds/{program.slug(dispatch.outlet)}.xml",
            "warc": "archive.warc.gz",
        }[form]
        text = unpacked(name, FILES[name]).decode()
        if form == "jsonl":
            text = next(row["text"] for row in map(json.loads, text.splitlines()) if row["url"] == dispatch.url)
        text = re.sub(r"\*\*|</?strong>", "", text).replace("&amp;", "&")
        assert dispatch.published.isoformat() in text or form in ("jsonl", "rss"), dispatch.id
        for paragraph in dispatch.paragraphs:
            assert paragraph.replace("**", "") in text, f"{dispatch.id}: {paragraph[:60]}"


def test_every_dispatch_is_read_back_without_furniture() -> None:
    read: list[Document] = []
    for item in find_inputs([str(program.RENDERED)]):
        assert not isinstance(item, Refusal), item
        for outcome in read_input(item, ReadOptions()):
            assert isinstance(outcome, Document), outcome
            read.append(outcome)
    by_url = {document.url: document for document in read}
    assert len(read) == len(by_url) == len(DISPATCHES)
    for dispatch in DISPATCHES:
        document = by_url[dispatch.url]
        author = None if dispatch.author == "Live desk" else dispatch.author or None  # a desk is nobody by name
        expected = (dispatch.title, dispatch.standfirst or None, dispatch.outlet, author, str(dispatch.published))
        found = (document.title, document.standfirst, document.publisher, document.author, str(document.published))
        assert found == expected, dispatch.id
        assert document.body == "\n\n".join(dispatch.paragraphs).replace("**", ""), dispatch.id
        assert document.topics == dispatch.topics, dispatch.id
        if dispatch.form != "rss":  # a feed has no field for the section
            assert document.section == dispatch.section, dispatch.id


def test_readme_counts_what_is_there() -> None:
    readme = (program.RENDERED / "README.md").read_text("utf-8")
    stated = {form: int(count) for form, count in re.findall(r"^\| (\w+) \|[^|]*\| +(\d+) \|", readme, re.MULTILINE)}
    counted = Counter(dispatch.form for dispatch in DISPATCHES)
    assert stated == {**counted, "all": len(DISPATCHES)}


def test_a_source_with_a_wrong_key_or_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[[dispatch]]\nid = "a-1"\ntitle = "T"\n', "utf-8")
    with pytest.raises(ValueError, match=r"one\.toml, dispatch 'a-1': keys missing or unknown"):
        program.load(tmp_path)
