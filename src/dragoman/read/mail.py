"""Messages of mail (`.eml`): press services and ministries send statements by it."""

from __future__ import annotations

import binascii
import email
import re
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from dragoman.errors import ReadError
from dragoman.read.clean import clean_line, clean_text
from dragoman.read.dates import read_dating
from dragoman.read.decode import decode
from dragoman.read.draft import Draft, Page
from dragoman.read.furniture import article_lines
from dragoman.read.markup import blocks, parse_html
from dragoman.read.text import paragraph_lines
from dragoman.terms import RefusalReason

_SUBJECT_MARKS = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*|\[[^\]]{1,40}\]\s*)+", re.IGNORECASE)
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?$.*", re.MULTILINE | re.DOTALL)
_MOST_PARTS = 500


def read_mail(page: Page) -> Draft:
    """The statement in a message: its subject, its date and its text; attachments and quoted lines are left out.

    The publisher is the domain of the sender's address. Raises `ReadError`: `damaged` (no message), `too-deep`,
    `no-text`, `not-text`.
    """
    try:
        message = email.message_from_bytes(page.data)
        subject, sender = _header(message, "Subject"), _header(message, "From")
        paragraphs = _paragraphs(message)
    except RecursionError as error:
        raise ReadError(
            RefusalReason.TOO_DEEP, "The message has parts within parts too deep to read; send its text alone."
        ) from error
    except (MessageError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReadError(
            RefusalReason.DAMAGED, f"The message cannot be taken apart ({str(error)[:120]}); save it again."
        ) from error
    if subject is None and sender is None and "Date" not in message:
        raise ReadError(
            RefusalReason.WRONG_FORMAT, "Found no message: it has no Subject, From or Date; give a saved .eml file."
        )
    name, address = parseaddr(sender or "")
    stated = _header(message, "Date")
    return Draft(
        "mail",
        title=_SUBJECT_MARKS.sub("", subject) if subject else None,
        paragraphs=tuple(paragraphs),
        author=clean_line(name) if "@" not in name else None,
        publisher=clean_line(address.rpartition("@")[2].lower()),
        published=read_dating(stated) if stated else None,
        retrieved=page.retrieved,
    )


def _paragraphs(message: Message) -> list[str]:
    """The text: the first plain part that has any, else the first part in HTML."""
    parts = list(_texts(message))
    for part in parts:
        if part.get_content_type() == "text/plain":
            text = clean_text(_SIGNATURE.sub("", _QUOTED.sub("", decode(_payload(part), part.get_content_charset()))))
            if text:
                return article_lines(paragraph_lines(text))
    for part in parts:
        if part.get_content_type() == "text/html":
            lines = blocks(parse_html(_payload(part), part.get_content_charset()))
            return article_lines([line for line in (clean_line(line) for line in lines) if line])
    return []


def _texts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number == _MOST_PARTS:
            raise ReadError(
                RefusalReason.TOO_LARGE, f"The message has more than {_MOST_PARTS} parts; send its text alone."
            )
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            yield part


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except binascii.Error as error:
        raise ReadError(RefusalReason.DAMAGED, f"The message's text is damaged ({error}); save it again.") from error
    return data if isinstance(data, bytes) else b""


def _header(message: Message, name: str) -> str | None:
    """A header in plain words; None where it is absent or empty."""
    value = message.get(name)
    if value is None:
        return None
    try:
        return clean_line(str(make_header(decode_header(str(value)))))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        return clean_line(str(value))
