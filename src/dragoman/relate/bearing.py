"""Whether one event comes in question as an answer to another: what it bears on, and the telling words they share.

It bears on both parties of the first, or on one and shares its domain; where a domain is unknown, its document or
telling words. How telling a word is, its rarity says.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dragoman.periods import Precision
from dragoman.records import Actor
from dragoman.relate.alike import content_words
from dragoman.relate.evidence import Happening
from dragoman.relate.testimony import called
from dragoman.terms import Domain, Factuality

TELLING = 3.0
"""How telling shared words must be to tie two events of which one has no domain: two common ones, or a rare one."""

STRONG = 6.0
"""The same where their domains differ, or where the second bears on none of the first one's parties."""

FEW = 400
"""Events among which a word's rarity is reckoned at least, so that it counts in a small record too."""

COMMON = 16
"""A word that one event in so many has tells nothing of what happened ("president", "Korean" in a record of Korea)."""

SAID = (Factuality.ACTUAL, Factuality.PLEDGED)
"""Only what was said or done may answer or be answered."""

VAGUE = (Precision.MONTH, Precision.YEAR)
"""What is known to no more than these has no place in time."""

_OF_STATE = re.compile(r"\(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A happening with its day and what ties it to others.

    `words` are those that its reports tell but for names of actors; `named` those of the names of states among them.
    """

    happening: Happening
    day: date
    sources: frozenset[str]
    targets: frozenset[str]
    domain: Domain | None
    words: frozenset[str]
    named: frozenset[str]
    documents: frozenset[str]

    @property
    def parties(self) -> frozenset[str]:
        """Those on both sides."""
        return self.sources | self.targets

    @property
    def order(self) -> tuple[date, str]:
        """What happenings are sorted by."""
        return self.day, self.happening.event.id


class Rarity:
    """How telling each word is: the rarer among the events, the more (natural logarithm of how many have it).

    `words` holds the words of each event, or of each sentence where a sample of these stands for the events.
    """

    def __init__(self, words: Iterable[frozenset[str]]) -> None:
        counts: Counter[str] = Counter()
        number = 0
        for own in words:
            counts.update(own)
            number += 1
        self._number = max(FEW, number)
        self._counts = counts

    def weight(self, words: Iterable[str]) -> float:
        """The sum over the words; those of more than one event in sixteen tell nothing."""
        counts = (max(1, self._counts[word]) for word in words)
        return sum(math.log(self._number / count) for count in counts if count * COMMON <= self._number)


def place(happening: Happening) -> Placed | None:
    """The happening placed in time; None where it is none, or has no day that is known well enough."""
    event, day = happening.event, happening.day
    if event.dismissed or event.factuality not in SAID or day is None:
        return None
    if event.date is not None and event.date.precision in VAGUE:
        return None
    actors = {*event.source, *event.target}
    for report in happening.reports:
        actors |= {party.actor for party in (*report.mention.source, *report.mention.target)}
    names = long_words(word for actor in actors for word in content_words(actor.name))
    states = long_words(word for actor in actors for word in content_words(_state_or_person(actor)))
    told = long_words(word for report in happening.reports for word in content_words(report.sentence))
    return Placed(
        happening,
        day,
        frozenset(called(actor) for actor in event.source),
        frozenset(called(actor) for actor in event.target),
        event.domain,
        told - names,
        states & told,
        frozenset(report.mention.document_id for report in happening.reports),
    )


def _state_or_person(actor: Actor) -> str:
    """The state of "army (Russia)", or a state, body or official by name; an organ's name tells nothing else."""
    state = _OF_STATE.search(actor.name)
    if state is not None:
        return state.group(1)
    return actor.name if actor.sector in (None, "GOV") else ""


def long_words(words: Iterable[str]) -> frozenset[str]:
    """Those of more than two letters."""
    return frozenset(word for word in words if len(word) > 2)


def words_told(sentence: str) -> frozenset[str]:
    """The words of a sentence by which it may be tied to another."""
    return long_words(content_words(sentence))


def bearing(start: Placed, one: Placed, rarity: Rarity) -> tuple[str, frozenset[str]] | None:
    """Why the second is about the first, and the stems that they share; None where nothing says so."""
    if not start.parties.isdisjoint(one.targets):
        if start.domain is not None and start.domain is one.domain:
            return f"same domain ({start.domain})", frozenset()
        apart = start.domain is not None and one.domain is not None
        outside = start.parties.isdisjoint(one.sources)
        if outside and not apart and len(start.parties) > 1 and start.parties <= one.targets:
            return "bears on both parties", frozenset()
        if not apart and not start.documents.isdisjoint(one.documents):
            return "same document", frozenset()
    else:
        apart = True
        if start.named.isdisjoint(one.words | one.named):
            return None
    if start.words.isdisjoint(one.words):
        return None
    shared = start.words & one.words
    if rarity.weight(shared) < (STRONG if apart else TELLING):
        return None
    return "shared words", shared
