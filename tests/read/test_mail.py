from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from dragoman.errors import ReadError
from dragoman.read import Input, ReadOptions, read_input
from dragoman.read.draft import Page
from dragoman.read.mail import read_mail
from dragoman.records import Document, Refusal

TEXT = "Kenya and Ethiopia reopened the border market at Moyale on Monday, the ministry said in the morning."


def message(text: str = TEXT, **headers: str) -> EmailMessage:
    found = EmailMessage()
    found["From"] = "Press Service <press@mfa.example>"
    found["Subject"] = "[press] Statement on Moyale"
    found["Date"] = "Mon, 05 Jan 2026 23:30:00 -0500"
    for name, value in headers.items():
        del found[name]
        found[name] = value
    found.set_content(text)
    return found


def read(path: Path) -> Document | Refusal:
    (outcome,) = read_input(Input(str(path), path=path), ReadOptions())
    return outcome


def test_a_message_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "1.eml"
    path.write_bytes(bytes(message(f"{TEXT}\n\n> an older line\n> another\n\n-- \nPress Service\nMain Street 1\n")))
    document = read(path)
    assert isinstance(document, Document)
    assert (document.title, document.body) == ("Statement on Moyale", TEXT)
    assert (document.author, document.publisher) == ("Press Service", "mfa.example")
    assert document.published is not None
    assert document.published.start == date(2026, 1, 5)


def test_html_is_read_where_there_is_no_plain_text_and_attachments_are_not() -> None:
    found = message()
    found.set_content(f"<html><body><p>{TEXT}</p></body></html>", subtype="html")
    found.add_attachment("Ghana left the union.", filename="other.txt")
    assert read_mail(Page(bytes(found), "a.eml")).paragraphs == (TEXT,)


def test_encoded_headers_and_text_are_undone() -> None:
    found = message(
        "Erdoğan travelled to Tirana and met the prime minister there, the agency said.", Subject="Erdoğan à Tirana"
    )
    draft = read_mail(Page(bytes(found), "a.eml"))
    assert draft.title == "Erdoğan à Tirana"
    assert draft.paragraphs[0].startswith("Erdoğan travelled")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Content-Type: text/plain; charset=none\nX: 1\n\nwords\n", "wrong-format"),
        (b"Subject: a\nContent-Type: text/plain\n\n\xff\xfe\x00\xd8", "not-text"),
        (
            b"Subject: a\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
            "too-deep",
        ),
    ],
)
def test_what_is_no_readable_message_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as told:
        read_mail(Page(data, "a.eml"))
    assert told.value.reason == reason


def test_a_message_without_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "1.eml"
    path.write_bytes(b"From: a@b.example\nDate: Mon, 05 Jan 2026 10:00:00 +0000\n\n")
    outcome = read(path)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == "no-text"
