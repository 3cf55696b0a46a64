from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from dragoman.coding import Coder, gazetteer
from dragoman.coding.frames import Match
from dragoman.coding.lexicon import Frame, lexicon, parse_frame
from dragoman.periods import parse_period
from dragoman.records import Document, Party
from dragoman.terms import EventType

CLASSES: Mapping[str, frozenset[str]] = {"arms": frozenset({"shell", "artillery shell"}), "talks": frozenset({"talk"})}
MARK = re.compile(r"\[([ST]):([^\]]+)\]")


def frame(text: str, kind: EventType = EventType.AID, **keys: str) -> Frame:
    return parse_frame({"frame": text, "example": "x", **keys}, kind, CLASSES)


def test_a_verb_frame_has_verb_object_and_prepositions() -> None:
    made = frame("S supply/ship {arms} to T")
    assert made.heads == ("ship", "supply")
    assert made.object is not None
    assert "artillery shell" in made.object.words
    assert [(sorted(words), filler.target) for words, filler in made.prepositions] == [(["to"], True)]


def test_a_particle_is_kept_apart() -> None:
    made = frame("S hand+over {arms} to T")
    assert (made.heads, dict(made.particles)) == (("hand",), {"hand": "over"})


def test_a_nominal_frame_is_found_by_its_noun() -> None:
    made = frame("noun: S's attack/air-strike on/against T", EventType.ASSAULT)
    assert (made.nominal, made.heads, made.reciprocal) == (True, ("air strike", "attack"), False)


def test_between_makes_a_nominal_frame_reciprocal() -> None:
    assert frame("noun: {talks} between S+T", EventType.CONSULT).reciprocal


def test_an_object_may_belong_to_the_target() -> None:
    made = frame("S seize T's {arms}", EventType.COERCE)
    assert made.object is not None
    assert made.object.owned
    assert made.has_target


def test_more_words_are_more_specific() -> None:
    assert frame("S ship {arms} to T").specificity > frame("S ship * to T").specificity > frame("S ship T").specificity


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        ("supply T", {}, "starts with S"),
        ("S supply {missing} to T", {}, "missing"),
        ("S supply T T T", {}, "two objects"),
        ("noun: S's attack T", {}, "prepositional"),
        ("S seize T's", {}, "needs a noun"),
        ("S supply T", {"mode": "airlift"}, "no mode 'airlift'"),
        ("S supply T", {"domain": "weapons"}, "weapons"),
    ],
)
def test_a_malformed_frame_is_refused(text: str, keys: dict[str, str], message: str) -> None:
    with pytest.raises((ValueError, KeyError), match=message):
        parse_frame({"frame": text, "example": "x", **keys}, EventType.AID, CLASSES)


def test_there_are_nine_hundred_predicates_over_all_types() -> None:
    frames = lexicon().frames
    assert len(frames) >= 900
    assert {made.type for made in frames} == set(EventType)


def test_no_frame_stands_twice() -> None:
    texts = [made.text for made in lexicon().frames]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def unmark(example: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The sentence without its marks, and where each marked party stands."""
    text, spans, position = "", {}, 0
    for found in MARK.finditer(example):
        text += example[position : found.start()]
        spans[found[1]] = (len(text), len(text) + len(found[2]))
        text += found[2]
        position = found.end()
    return text + example[position:], spans


def names_party(parties: Sequence[Party], text: str, span: tuple[int, int]) -> bool:
    """Whether the marked words name one of the side's parties, by their place or by the actor that they name."""
    marked = text[span[0] : span[1]].removeprefix("the ").removeprefix("The ").removesuffix("'s").removesuffix("’s")
    codes = {entry.actor.code for entry in gazetteer().names.get(marked, ())}
    overlap = any(party.span.start < span[1] and span[0] < party.span.end for party in parties)
    return overlap or any(party.actor.code in codes for party in parties)


def matches(coder: Coder, text: str, kind: EventType) -> list[Match]:
    """What the rules alone take for an event of this type; the encoder has no say."""
    document = Document(None, None, text, published=parse_period("2024-06-20"))
    deeds = [deed for work, sentence in coder.sentences(document) for deed in work.deeds(sentence, []).values()]
    return [d.outcome for d in deeds if d.kind is kind and d.reason is None and isinstance(d.outcome, Match)]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


@pytest.mark.parametrize("kind", list(EventType))
def test_every_example_is_coded(kind: EventType, coder: Coder) -> None:
    failed = []
    for made in lexicon().frames:
        if made.type is not kind:
            continue
        text, spans = unmark(made.example)
        found = [(match.source, match.target) for match in matches(coder, text, kind)]
        sides = {"S": 0, "T": 1}
        if not any(all(names_party(some[sides[s]], text, span) for s, span in spans.items()) for some in found):
            failed.append(f"{made.text} | {made.example}")
    assert failed == []
