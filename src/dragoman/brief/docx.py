"""Writes a brief as a Word document, each citation a link to its source at the end."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document as new_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dragoman.brief.blocks import Chart, Figures, Heading, Passage, Picture, Remark
from dragoman.brief.chart import chart_png
from dragoman.brief.plain import printable
from dragoman.brief.sheet import Sheet
from dragoman.brief.support import problems

_WIDTH = Cm(16)
_SOFT = RGBColor(0x5D, 0x5A, 0x54)
_WARN = RGBColor(0xA3, 0x34, 0x1F)


def write_docx(sheet: Sheet) -> bytes:
    """The sheet as .docx."""
    paper = new_document()
    paper.core_properties.title = printable(sheet.title)[:255]
    paper.core_properties.author = "Dragoman"
    paper.styles["Normal"].font.name = "Georgia"
    paper.styles["Normal"].font.size = Pt(10.5)
    if sheet.kicker:
        _soft(paper.add_paragraph(), sheet.kicker)
    paper.add_heading(printable(sheet.title), 0)
    if sheet.standfirst:
        paper.add_paragraph(printable(sheet.standfirst), style="Subtitle")
    _soft(paper.add_paragraph(), sheet.byline)
    for note in sheet.notes:
        paper.add_paragraph(printable(note), style="Intense Quote")
    texts = sheet.texts
    for block in sheet.blocks:
        match block:
            case Heading(text, level):
                paper.add_heading(printable(text), level)
            case Remark(text):
                _soft(paper.add_paragraph(), text)
            case Passage():
                _passage(paper, block, texts)
            case Figures(_, rows):
                _table(paper, rows)
            case Chart(_, title, weeks):
                _picture(paper, chart_png(weeks, title), title)
            case Picture(number, alt, caption):
                _, content = sheet.pictures.get(number, ("", None))
                _picture(paper, content, caption or alt)
    _sources(paper, sheet)
    sink = io.BytesIO()
    paper.save(sink)
    return sink.getvalue()


def _passage(paper: Any, block: Passage, texts: dict[int, str]) -> None:
    paragraph = paper.add_paragraph(style="List Bullet" if block.item else None)
    for number, (sentence, problem) in enumerate(zip(block.sentences, problems(block, texts), strict=True)):
        paragraph.add_run(f"{' ' if number else ''}{printable(sentence.text)}")
        if problem is not None:
            run = paragraph.add_run(f" (without support: {printable(problem)})")
            run.font.color.rgb = _WARN
        for cite in sentence.citations:
            if cite in texts:
                _link(paragraph, f"[{cite}]", f"s{cite}")


def _sources(paper: Any, sheet: Sheet) -> None:
    paper.add_heading("Sources", 2)
    for document, cited in sheet.sources:
        paper.add_heading(printable(document.title or "Untitled"), 3)
        where = ", ".join([document.publisher or "publisher unknown", document.published])
        _soft(paper.add_paragraph(), f"{where} · {document.url}" if document.url else where)
        for own in cited:
            paragraph = paper.add_paragraph()
            _bookmark(paragraph, f"s{own.number}", own.number)
            before, telling, after = map(printable, own.pieces)
            paragraph.add_run(f"{own.number}  {before}")
            paragraph.add_run(telling).bold = True
            paragraph.add_run(after)


def _table(paper: Any, rows: Sequence[tuple[str, int]]) -> None:
    table = paper.add_table(rows=0, cols=2, style="Light List")
    for label, number in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = printable(label), f"{number:,}"
    paper.add_paragraph()


def _picture(paper: Any, content: bytes | None, caption: str) -> None:
    if content is None:
        return
    paper.add_picture(io.BytesIO(content), width=_WIDTH)
    paper.add_paragraph(printable(caption), style="Caption")


def _soft(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(printable(text))
    run.italic = True
    run.font.color.rgb = _SOFT


def _link(paragraph: Any, text: str, anchor: str) -> None:
    """A raised link to a bookmark; python-docx has no call of its own for it."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    run.font.superscript = True
    link.append(run._r)
    paragraph._p.append(link)


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
        paragraph._p.append(mark)
    start.set(qn("w:name"), name)
