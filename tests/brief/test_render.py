from __future__ import annotations

import io
import zipfile
from importlib import import_module
from unittest import mock

import pytest
from docx import Document as read_docx
from pypdf import PdfReader

from dragoman.brief import Sheet, render_sheet
from dragoman.brief.blocks import Chart, Figures, Heading, Passage, Picture, Remark, Sentence
from dragoman.brief.sheet import Cited
from dragoman.errors import BriefError

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CITED = Cited(
    1, "d1", "m1", "body", 0, 20, "Kim <b>praised</b> Russia.", (4, 18), "Praise", "Meridian Wire", "1 May 2025",
    "javascript:alert(1)",
)  # fmt: skip
SHEET = Sheet(
    title="Kim & <script>alert(1)</script>",
    standfirst="A <i>standfirst</i>.",
    byline="As of today",
    blocks=(
        Heading("What was said"),
        Remark("A remark."),
        Passage((Sentence("Kim praised Russia.", (1,)),), item=True, composed=True),
        Passage((Sentence("He will \x0bwin.", ()),)),
        Figures(("PRK", "RUS"), (("deeds", 3),)),
        Chart(("PRK", "RUS"), "Words <x>", ({"week": "2024-01-01", "kind": "words", "events": 2},)),
        Picture(3, "A port", "Rason"),
        Picture(4, "Gone"),
    ),
    cited=(CITED,),
    notes=("Corrected on 3 May 2025: the day was wrong.",),
    pictures={3: ("image/png", PIXEL)},
)


def test_html_shows_text_as_text_and_marks_what_has_no_support() -> None:
    page = render_sheet(SHEET, "html").decode()
    assert "<script" not in page
    assert "Words &lt;x&gt;" in page
    assert 'href="javascript' not in page
    assert 'class="unsupported"' in page
    assert page.count("data:image/png;base64") == 1


def test_markdown_marks_what_has_no_support() -> None:
    assert "*(without support: it names no source)*" in render_sheet(SHEET, "md").decode()


def test_a_word_document_links_each_citation_to_its_source() -> None:
    content = render_sheet(SHEET, "docx")
    paper = read_docx(io.BytesIO(content))
    told = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "Kim praised Russia.[1]" in told
    assert "without support" in told
    assert len(paper.inline_shapes) == 2
    inner = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert 'w:anchor="s1"' in inner
    assert 'w:name="s1"' in inner


def test_a_pdf_holds_the_text() -> None:
    reader = PdfReader(io.BytesIO(render_sheet(SHEET, "pdf")))
    told = " ".join(page.extract_text() for page in reader.pages)
    assert "Kim praised Russia." in told
    assert "Sources" in told


def test_without_pango_it_is_told_what_to_do() -> None:
    def missing(name: str) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'pango-1.0-0'")
        return import_module(name)

    with mock.patch("dragoman.brief.pdf.import_module", missing), pytest.raises(BriefError, match="libpango"):
        render_sheet(SHEET, "pdf")
