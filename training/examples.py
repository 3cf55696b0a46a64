"""Labelled sentences to training examples: words, actor spans, triggers, roles and triples as indices.

Words are spaCy's tokens, so that teacher, student and coder count the same things whatever their word pieces.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dragoman.coding.encoder import Phrase
from dragoman.coding.labels import DOMAINS, FACTUALITIES, KINDS, MODES, NO_KIND
from dragoman.coding.parser import load_model
from training.markup import NONE, NOT_TOLD, Labelled, LabelledEvent, Spanned

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

UNKNOWN = -100
"""The index that a loss leaves out: a label that the text does not give."""

NOBODY = -1
"""The target of a triple without one."""

MOST_TRIPLES = 24


@dataclass(frozen=True, slots=True)
class Triple:
    """Source, trigger and target (indices of actors and triggers; `trigger` None: to be found) with their labels."""

    source: int
    trigger: int | None
    target: int
    kind: int
    factuality: int = UNKNOWN
    mode: int = UNKNOWN
    domain: int = UNKNOWN


@dataclass(frozen=True, slots=True)
class Soft:
    """A teacher's probabilities: of words as triggers (others are none), of roles and of triples, in order."""

    spots: dict[int, list[float]]
    roles: list[list[float]]
    kinds: list[list[float]]
    factualities: list[list[float]]
    modes: list[list[float]]
    domains: list[list[float]]


@dataclass(slots=True)
class Example:
    """One sentence as the encoder sees it in training."""

    id: str
    words: list[str]
    actors: list[Phrase] = field(default_factory=list)
    triggers: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    """The type of every word as a trigger."""
    roles: list[tuple[int, int, tuple[int, int, int]]] = field(default_factory=list)
    """Trigger, actor, and whether it is source, target, claimant."""
    triples: list[Triple] = field(default_factory=list)
    soft: Soft | None = None
    gold: bool = True
    """Whether its own labels count; text without labels has the teacher's alone."""


def build(sentences: Iterable[Labelled], seed: int = 0) -> Iterator[Example]:
    """An example for every sentence; `seed` fixes which of too many negatives are kept."""
    kept = list(sentences)
    for labelled, doc in zip(kept, load_model().pipe(sentence.text for sentence in kept), strict=True):
        yield example(labelled, doc, random.Random(f"{seed}:{labelled.id}"))


def example(labelled: Labelled, doc: Doc, chance: random.Random) -> Example:
    """The example of one parsed sentence."""
    made = Example(labelled.id, [token.text for token in doc], kinds=[NO_KIND] * len(doc))
    index: dict[Spanned, int] = {}
    for marked in labelled.actors:
        index[marked] = len(made.actors)
        made.actors.append(_actor(_tokens(doc, marked)))
    marked_words = {i for actor in made.actors for i in range(actor.start, actor.end)}
    for chunk in doc.noun_chunks:
        if marked_words.isdisjoint(range(chunk.start, chunk.end)) and len(made.actors) < 14:
            made.actors.append(_actor(chunk))
    for event in labelled.events:
        if event.predicate is not None:
            head = _tokens(doc, event.predicate).root.i
            made.kinds[head] = _kind(event)
            if head not in made.triggers:
                made.triggers.append(head)
    verbs = [t.i for t in doc if t.pos_ in ("VERB", "NOUN") and t.i not in made.triggers and t.i not in marked_words]
    chance.shuffle(verbs)
    real = len(made.triggers)
    made.triggers += verbs[: max(1, 3 - real)]
    events_of: dict[int, list[LabelledEvent]] = {}
    for event in labelled.events:
        if event.predicate is not None:
            head = _tokens(doc, event.predicate).root.i
            events_of.setdefault(made.triggers.index(head), []).append(event)
    for number in range(len(made.triggers)):
        _label(made, number, [e for e in events_of.get(number, []) if e.type != NONE], index, chance)
    _label_pairs(made, labelled, index, chance)
    return made


def _label(
    made: Example, number: int, events: list[LabelledEvent], index: dict[Spanned, int], chance: random.Random
) -> None:
    """Roles of every actor towards one trigger, and its triples: the labelled ones and a share of all others."""
    sides = [
        ({index[s] for s in e.sources}, {index[s] for s in e.targets}, {index[s] for s in e.claimants}) for e in events
    ]
    for actor in range(len(made.actors)):
        roles = tuple(int(any(actor in side[role] for side in sides)) for role in range(3))
        made.roles.append((number, actor, roles))  # type: ignore[arg-type]
    known: dict[tuple[int, int], LabelledEvent] = {}
    for event, (sources, targets, _) in zip(events, sides, strict=True):
        for source, target in itertools.product(sorted(sources), sorted(targets) or [NOBODY]):
            if source != target or (len(sources) == 1 and len(targets) == 1):
                known[source, target] = event
    others = [
        (source, target)
        for source in range(len(made.actors))
        for target in (NOBODY, *range(len(made.actors)))
        if source != target and (source, target) not in known
    ]
    # Without its target, a deed that has one is told by halves: neither right nor wrong.
    halves = {source for source, target in known if target != NOBODY}
    others = [(s, t) for s, t in others if not (t == NOBODY and s in halves)]
    swapped = [(s, t) for s, t in others if (t, s) in known]
    chance.shuffle(others)
    near = [pair for pair in others if any(pair[0] == s or pair[1] == t for s, t in known)]
    wanted = [*swapped, *near[:6], *others[: 4 if known else 3]]
    for source, target in dict.fromkeys(wanted):
        made.triples.append(Triple(source, number, target, NO_KIND))
    for (source, target), event in known.items():
        made.triples.append(_triple(source, number, target, event))


def _label_pairs(made: Example, labelled: Labelled, index: dict[Spanned, int], chance: random.Random) -> None:
    """Triples without a given trigger: what one actor does to another anywhere in the sentence."""
    known: dict[tuple[int, int], list[LabelledEvent]] = {}
    for event in labelled.events:
        for one, other in itertools.product(event.sources, event.targets):
            if event.type != NONE and one != other:
                known.setdefault((index[one], index[other]), []).append(event)
    marked = len(labelled.actors)
    others = [(s, t) for s in range(marked) for t in range(marked) if s != t and (s, t) not in known]
    chance.shuffle(others)
    for pair in others[:4]:
        made.triples.append(Triple(pair[0], None, pair[1], NO_KIND))
    for (source, target), events in known.items():
        if len({event.type for event in events}) == 1:
            made.triples.append(_triple(source, None, target, events[0]))


def _triple(source: int, trigger: int | None, target: int, event: LabelledEvent) -> Triple:
    return Triple(
        source,
        trigger,
        target,
        _kind(event),
        FACTUALITIES.index(event.factuality) if event.factuality else UNKNOWN,
        MODES.index((event.type, event.mode)) if event.mode else UNKNOWN,
        UNKNOWN if event.domain == NOT_TOLD else DOMAINS.index(event.domain),
    )


def _kind(event: LabelledEvent) -> int:
    return NO_KIND if event.type == NONE else KINDS.index(event.type)


def _tokens(doc: Doc, marked: Spanned) -> Span:
    found = doc.char_span(marked.start, marked.end, alignment_mode="expand")
    assert found is not None, f"characters {marked.start} to {marked.end} of {doc.text!r} hold no word"
    return found


def _actor(span: Span) -> Phrase:
    return Phrase(span.start, span.end, span.root.i)
