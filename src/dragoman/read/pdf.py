"""The text of PDF files."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from dragoman.errors import ReadError
from dragoman.read.clean import clean_line, clean_text, same
from dragoman.read.draft import Draft, Page
from dragoman.read.text import read_text
from dragoman.terms import RefusalReason

_MOST_PAGES = 500
_BROKEN = (
    PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError,
    OSError, NotImplementedError,
)  # fmt: skip
"""What pypdf raises on files that are not what they say."""
_MOST_CHARACTERS = 5_000_000
_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?", re.IGNORECASE)
_DIVIDED = re.compile(r"[a-z]-$")
_NO_TITLE = re.compile(
    r"(?:microsoft|untitled|document|slide|layout|print|\S+\.(?:docx?|pdf|indd|odt|rtf|qxd))\b.*", re.IGNORECASE
)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # broken files are refusals here, not log lines


def read_pdf(page: Page) -> Draft:
    """The article in a PDF file, laid out as plain text is.

    Raises `ReadError`: `no-text` for a file that is locked or holds only images, `damaged` for a broken one.
    """
    pages, title = _extract(page.data)
    text = _joined(pages)
    if sum(map(str.isalpha, text)) < 20:
        raise ReadError(
            RefusalReason.NO_TEXT,
            f"The PDF's {len(pages)} pages hold no text (images only, perhaps); give a version with text.",
        )
    draft = read_text(text, "pdf")
    if title is not None and (draft.title is None or any(same(title, line) for line in draft.paragraphs[:3])):
        draft.title = title
        draft.paragraphs = tuple(line for line in draft.paragraphs if not same(title, line))
    draft.url = page.url or draft.url
    draft.retrieved = page.retrieved
    return draft


def _extract(data: bytes) -> tuple[list[str], str | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of each oddity that it mends
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise _locked()
            if len(reader.pages) > _MOST_PAGES:
                raise _too_large(f"{len(reader.pages):,} pages")
            pages: list[str] = []
            size = 0
            for leaf in reader.pages:
                pages.append(leaf.extract_text())
                size += len(pages[-1])
                if size > _MOST_CHARACTERS:
                    raise _too_large(f"more than {_MOST_CHARACTERS:,} characters")
            title = clean_line(reader.metadata.title) if reader.metadata else None
    except DependencyError as error:
        raise _locked() from error
    except _BROKEN as error:
        raise ReadError(
            RefusalReason.DAMAGED,
            f"The PDF is broken ({type(error).__name__}: {str(error)[:120]}); get the file again.",
        ) from error
    return pages, None if title is None or _NO_TITLE.fullmatch(title) else title


def _too_large(size: str) -> ReadError:
    return ReadError(
        RefusalReason.TOO_LARGE,
        f"The PDF has {size}; {_MOST_PAGES} pages and {_MOST_CHARACTERS:,} characters are the most that is read.",
    )


def _locked() -> ReadError:
    return ReadError(RefusalReason.NO_TEXT, "The PDF is locked with a password; give an open version.")


def _joined(pages: list[str]) -> str:
    """The pages' lines without page numbers and running heads, words divided at line ends made whole."""
    leaves = [clean_text(page).split("\n") for page in pages]
    edges = Counter(line for leaf in leaves for line in {*leaf[:2], *leaf[-2:]} if line)
    running = {line for line, count in edges.items() if len(leaves) > 2 and count * 2 > len(leaves)}
    kept = [
        "\n".join(line for line in leaf if line not in running and _NUMBER.fullmatch(line) is None) for leaf in leaves
    ]
    return "\n".join(_paragraphs("\n".join(kept).split("\n")))


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines of the page's full width joined; a line that ends a sentence short of that width ends its paragraph."""
    width = sorted(map(len, filter(None, lines)))
    full = width[len(width) * 3 // 4] if width else 0
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and line:
            divided = _DIVIDED.search(joined[-1]) is not None and line[0].islower()
            joined[-1] = f"{joined[-1][:-1]}{line}" if divided else f"{joined[-1]} {line}"
        elif line:
            joined.append(line)
        ended = not line or len(line) < full * 0.75 or (line.endswith((".", "”", '"')) and len(line) < full * 0.9)
        open_line = not ended
    return joined
