"""What a file is, by its first bytes more than by its name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from dragoman.errors import ReadError
from dragoman.terms import RefusalReason

HEAD_BYTES = 65_536


class Format(StrEnum):
    """The formats that are read."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    JSONL = "jsonl"
    CSV = "csv"
    FEED = "feed"
    WARC = "warc"
    PDF = "pdf"
    MAIL = "mail"


STREAMED = frozenset({Format.JSONL, Format.CSV, Format.WARC})
_READ = "web pages, plain text, Markdown, JSON lines, CSV, RSS or Atom, WARC, PDF and mail (.eml)"
_SUFFIXES = {
    ".html": Format.HTML, ".htm": Format.HTML, ".xhtml": Format.HTML, ".shtml": Format.HTML, ".txt": Format.TEXT,
    ".text": Format.TEXT, ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN, ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL, ".jsonlines": Format.JSONL, ".csv": Format.CSV, ".tsv": Format.CSV, ".tab": Format.CSV,
    ".rss": Format.FEED, ".atom": Format.FEED, ".warc": Format.WARC, ".pdf": Format.PDF, ".eml": Format.MAIL,
}  # fmt: skip
_MEDIA = {
    "text/html": Format.HTML, "application/xhtml+xml": Format.HTML, "text/markdown": Format.MARKDOWN,
    "text/csv": Format.CSV, "text/tab-separated-values": Format.CSV, "application/x-ndjson": Format.JSONL,
    "application/jsonl": Format.JSONL, "application/jsonlines": Format.JSONL, "application/rss+xml": Format.FEED,
    "application/atom+xml": Format.FEED, "application/pdf": Format.PDF, "application/warc": Format.WARC,
    "message/rfc822": Format.MAIL,
}  # fmt: skip
_BINARY = (
    (0, b"PK\x03\x04", "a zip archive (Word, Excel and OpenDocument files are zip archives too)"),
    (0, b"PK\x05\x06", "an empty zip archive"),
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftyp", "an MP4 video or AVIF image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"BM", "a bitmap image"),
    (0, b"ID3", "an MP3 sound file"),
    (0, b"OggS", "an Ogg media file"),
    (0, b"RIFF", "a RIFF media file"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (0, b"\x7fELF", "a program (ELF)"),
    (0, b"MZ", "a program (Windows)"),
    (0, b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
    (0, b"{\\rtf", "a rich-text (RTF) file"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"PAR1", "a Parquet file"),
    (0, b"ARROW1", "an Arrow file"),
    (0, b"SQLite format 3", "an SQLite database"),
    (0, b"\0asm", "a WebAssembly program"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COMMENTS = re.compile(r"(?:\s|<!--.*?-->|<\?xml-stylesheet.*?\?>)*", re.DOTALL)
_DECLARATION = re.compile(r"<\?xml\b.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+(?P<name>[\w:]+)[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?P<name>[A-Za-z_][\w.:-]*)")
_TAGS = re.compile(
    r"<(?:html|head|body|title|meta|link|script|style|div|p|h[1-6]|a|span|table|article|main|section|header|center|font|br|img"
    r"|ul|ol|li)\b[^<>]*>",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:From .*\n)?[\x21-\x39\x3b-\x7e]{1,76}:[ \t\r\n]")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the outside says of the content: its name, its media type, and columns that the caller declares."""

    name: str = ""
    media_type: str | None = None
    columns: tuple[str, ...] = ()

    @property
    def format(self) -> Format | None:
        """The format that media type or name claim."""
        media = (self.media_type or "").partition(";")[0].strip().lower()
        if media in _MEDIA:
            return _MEDIA[media]
        path = urlsplit(self.name).path if "://" in self.name else self.name
        suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes if suffix.lower() != ".gz"]
        return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def is_gzip(head: bytes) -> bool:
    """Whether the bytes begin a gzip stream."""
    return head.startswith(b"\x1f\x8b")


def sniff(head: bytes, hints: Hints) -> Format:
    """The format of content that begins with `head` (up to `HEAD_BYTES`, decompressed).

    Raises `ReadError`: `empty`; `wrong-format` where the content contradicts the name; `unknown-format` for the rest.
    """
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise ReadError(RefusalReason.EMPTY, "Found no content; give a file or page with text.")
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith(b"WARC/"):
        return Format.WARC
    for offset, mark, what in _BINARY:
        if head.startswith(mark, offset) and not (mark in (b"BM", b"MZ") and b"\0" not in head[:512]):
            raise _unreadable(hints, f"The content is {what}")
    if not head.startswith(_UTF16) and (nul := head.find(b"\0")) >= 0:
        raise _unreadable(hints, f"The content is binary (a zero byte at offset {nul})")
    return _sniff_text(_text(head), hints)


def _sniff_text(text: str, hints: Hints) -> Format:
    start = text.lstrip()
    if hints.format is Format.MAIL and _HEADER.match(start):
        return Format.MAIL
    if start.startswith("<"):
        markup = _sniff_markup(start, hints)
        if markup is not None:
            return markup
    claimed = hints.format
    if start.startswith("{") and claimed is not Format.CSV and (claimed is Format.JSONL or _begins_with_object(start)):
        return Format.JSONL
    if (
        start.startswith(("[{", "[\n", "[\r\n", "[ {"))
        and re.match(r"\[\s*\{\s*\"", start)
        and claimed is not Format.JSONL
    ):
        raise ReadError(
            RefusalReason.UNKNOWN_FORMAT, "The content is a JSON array; write one object a line (JSON lines) instead."
        )
    if claimed in (Format.JSONL, Format.CSV):
        return claimed
    if hints.columns and _has_columns(start, hints.columns):
        return Format.CSV
    if _FRONT_MATTER.match(start) or claimed is Format.MARKDOWN:
        return Format.MARKDOWN
    if len(_TAGS.findall(start[:8192])) >= 5 or (claimed is Format.HTML and _TAGS.search(start)):
        return Format.HTML
    if claimed is None and re.match(r"#{1,2} \S", start):
        return Format.MARKDOWN
    return Format.TEXT


def _sniff_markup(start: str, hints: Hints) -> Format | None:
    """HTML or a feed; None where a "<" begins something else."""
    at = _skip(start, 0)
    xml = _DECLARATION.match(start, at)
    at = _skip(start, xml.end()) if xml else at
    doctype = _DOCTYPE.match(start, at)
    at = _skip(start, doctype.end()) if doctype else at
    if doctype and doctype["name"].lower() == "html":
        return Format.HTML
    root = _ROOT.match(start, at)
    name = root["name"].lower() if root else ""
    local = name.rpartition(":")[2]
    if local in ("rss", "feed") or (local == "rdf" and "rss" in start[:2000].lower()):
        return Format.FEED
    if local in ("html", "head", "body") or (not xml and _TAGS.match(start, at)):
        return Format.HTML
    if xml:
        raise _unreadable(hints, f"The content is XML with the root element “{name[:40]}”")
    return None


def _skip(text: str, at: int) -> int:
    match = _COMMENTS.match(text, at)
    return match.end() if match else at


def _begins_with_object(start: str) -> bool:
    line, newline, _ = start.partition("\n")
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return not newline and re.match(r"\{\s*\"[^\"]{1,80}\"\s*:", line) is not None
    except RecursionError:
        return True


def _has_columns(start: str, columns: tuple[str, ...]) -> bool:
    header = re.split(r"[,;\t|]", start.partition("\n")[0])
    names = {cell.strip().strip("\"'").strip() for cell in header}
    return len(names) > 1 and set(columns) <= names


def _text(head: bytes) -> str:
    """The head as text good enough to look at; what is really read is decoded strictly elsewhere."""
    if head.startswith(_UTF16):
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")


def _unreadable(hints: Hints, found: str) -> ReadError:
    claimed = hints.format
    if claimed is not None:
        return ReadError(
            RefusalReason.WRONG_FORMAT, f"{found}, not {claimed} as its name or type says; {_READ} are read."
        )
    return ReadError(RefusalReason.UNKNOWN_FORMAT, f"{found}; {_READ} are read.")
