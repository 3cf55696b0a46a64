# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfWriter

from dragoman.errors import ReadError
from dragoman.read.draft import Draft, Page
from dragoman.read.pdf import read_pdf

LINES = [
    "Statement on the ceasefire",
    "19 June 2024",
    "The Ministry of Foreign Affairs welcomes the ceasefire that the",
    "parties agreed in Doha, and thanks the State of Qatar for its media-",
    "tion between them.",
    "The Republic will send two observers to the joint commission and",
    "asks both sides to let the convoys of relief pass without delay.",
]


def pdf(*pages: list[str]) -> bytes:
    """A PDF file made by hand: one Helvetica font, a line of text for each entry."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode())
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for index, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown}ET".encode("latin-1")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * index} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream))
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def read(data: bytes) -> Draft:
    return read_pdf(Page(data, "a.pdf"))


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(LINES)))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_text_is_laid_out_as_plain_text_is() -> None:
    draft = read(pdf(LINES))
    assert draft.title == "Statement on the ceasefire"
    assert draft.published is not None
    assert draft.published.text == "19 June 2024"
    assert draft.paragraphs == (
        "The Ministry of Foreign Affairs welcomes the ceasefire that the parties agreed in Doha, and thanks the State of "
        "Qatar for its mediation between them.",
        "The Republic will send two observers to the joint commission and asks both sides to let the convoys of relief "
        "pass without delay.",
    )


def test_running_heads_and_page_numbers_are_left_out() -> None:
    long = [f"Sentence number {number} of this long statement ends here and now." for number in range(8)]
    pages = [
        ["Ministry of Foreign Affairs", *[f"{line} Page {index}." for line in long], f"{index + 1}"]
        for index in range(4)
    ]
    text = " ".join(read(pdf(*pages)).paragraphs)
    assert "Ministry of Foreign Affairs" not in text
    assert "Sentence number 7 of this long statement ends here and now. Page 3." in text


def test_a_file_open_to_all_is_read_and_a_locked_one_refused() -> None:
    assert read(locked("")).title == "Statement on the ceasefire"
    with pytest.raises(ReadError, match="password") as caught:
        read(locked("secret"))
    assert caught.value.reason == "no-text"


def test_a_file_without_text_is_refused() -> None:
    with pytest.raises(ReadError, match="no text") as caught:
        read(pdf([], []))
    assert caught.value.reason == "no-text"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", pdf(LINES)[:200], b"%PDF-1.4\n" + b"\xff" * 500])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.reason in ("damaged", "no-text")


def test_a_file_whose_text_is_packed_in_an_unknown_way_is_refused() -> None:
    data = re.sub(rb"/Length (\d+)", rb"/Filter /NoSuchFilter /Length \1", pdf(LINES))
    with pytest.raises(ReadError, match="NoSuchFilter") as caught:
        read(data)
    assert caught.value.reason == "damaged"
