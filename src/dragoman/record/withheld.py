"""A document whose text was taken down while its codings stay: blocks stand where its words stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dragoman.record.rows import Row

_WORD = "█████████ "
TEXTS = ("title", "standfirst", "body")


def blocks(length: int) -> str:
    """So many characters that tell nothing but how many there were; offsets into a text hold in them as before."""
    return (_WORD * (length // len(_WORD) + 1))[:length]


def without_text(document: Mapping[str, Any]) -> Row:
    """The row of a document without a word of it: when, where and by whom it was published stays.

    Its author, topics, section, the page's words for the date and the signature, which is made of its words, go too.
    """
    blank = {name: None if document[name] is None else blocks(len(document[name])) for name in TEXTS}
    gone: Row = {"author": None, "section": None, "topics": [], "published_text": None, "signature": None}
    return {**document, **blank, **gone}


def mention_without_text(mention: Mapping[str, Any], document: Mapping[str, Any]) -> Row:
    """The row of a mention whose sentence stands in the document that `without_text` gave."""
    place = mention["sentence"]
    return {**mention, "text": (document[place["part"]] or "")[place["start"] : place["end"]]}


def is_without_text(document: Mapping[str, Any]) -> bool:
    """Whether no word of the document is left."""
    gone = not (document["author"] or document["section"] or document["topics"] or document["published_text"])
    return gone and all(document[name] in (None, blocks(len(document[name] or ""))) for name in TEXTS)
