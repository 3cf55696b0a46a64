"""The domain of a deed, from its frame or from the nouns in its slots; unknown stays None."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dragoman.coding.organs import longest
from dragoman.terms import Domain

if TYPE_CHECKING:
    from spacy.tokens import Token


@cache
def _table() -> tuple[Mapping[str, str], Mapping[str, str]]:
    data = tomllib.loads(files("dragoman.coding").joinpath("data/domains.toml").read_text("utf-8"))
    contexts = data.pop("contexts")
    return {noun: domain for domain, nouns in data.items() for noun in nouns}, contexts


def domain_of(fixed: Domain | None, objects: Iterable[Token]) -> tuple[Domain | None, str | None]:
    """The frame's domain, else that of the first slot noun (or of a word before it) in the table, with its rule."""
    if fixed is not None:
        return fixed, None
    nouns, _ = _table()
    for token in objects:
        found = longest(token, nouns)
        if found is None:
            before = [child for child in token.children if child.dep_ in ("compound", "amod") and child.i < token.i]
            found = next((hit for child in before if (hit := longest(child, nouns))), None)
        if found is not None:
            return Domain(found[1]), f"domain: {found[0]}"
    return None, None


def contexts_of(domain: Domain | None) -> tuple[str, ...]:
    """The PLOVER contexts that follow from a domain for certain."""
    _, contexts = _table()
    return (contexts[domain.value],) if domain and domain.value in contexts else ()
