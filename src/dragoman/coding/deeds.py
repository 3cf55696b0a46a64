"""What the rules make of one word: a deed with its parties and reading, or the reason why they refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dragoman.coding.conversion import PROMISES, converted, is_own_statement
from dragoman.coding.dates import find_when
from dragoman.coding.frames import Match, Matcher, Near
from dragoman.coding.modality import Reading, read_modality
from dragoman.coding.news import is_news
from dragoman.coding.scene import Paragraph
from dragoman.coding.weighing import RuleView
from dragoman.records import Mention
from dragoman.terms import EventType, Factuality, RefusalReason

if TYPE_CHECKING:
    from spacy.tokens import Token

REPLIES = frozenset({EventType.ACCUSE, EventType.REJECT, EventType.SUPPORT})


@dataclass(frozen=True, slots=True)
class Deed:
    """One word as the rules read it; `reason` is None where they take it for an event."""

    token: Token
    outcome: Match | Near
    reading: Reading
    kind: EventType
    reason: RefusalReason | None
    detail: str

    @property
    def view(self) -> RuleView:
        """What the weighing needs of it."""
        found = self.outcome
        target = found.target if isinstance(found, Match) else ()
        return RuleView(
            self.kind,
            frozenset(party.actor.key for party in found.source),
            frozenset(party.actor.key for party in target),
            self.reason,
            isinstance(found, Match),
        )


def read_deed(
    token: Token, outcome: Match | Near, paragraph: Paragraph, day: date | None, before: Sequence[Mention]
) -> Deed:
    """The deed of a word that heads a frame; `before` are the mentions told so far, which replies take up."""
    reading = reading_of(token, paragraph, day)
    kind = converted(_joint(outcome), reading)
    outcome = _answered(outcome, paragraph, before) or outcome
    if kind is EventType.COOPERATE and isinstance(outcome, Match) and not outcome.target and len(outcome.source) > 1:
        outcome = replace(outcome, target=outcome.source)
    told = f"{kind}: {outcome.frame.text}"
    if isinstance(outcome, Near):
        return Deed(token, outcome, reading, kind, reading.refusal or outcome.reason, told)
    if "would" in reading.effects and not is_own_statement(reading) and not PROMISES & set(reading.effects):
        reading.refuse(RefusalReason.CONDITIONAL, "would, in nobody's own statement")
    if reading.refusal is not None:
        return Deed(token, outcome, reading, kind, reading.refusal, f"{told}; {'; '.join(reading.rules)}")
    expected = reading.factuality is Factuality.POSSIBLE and token.dep_ == "dobj"
    if outcome.frame.nominal and not is_news(token) and not expected:
        return Deed(token, outcome, reading, kind, RefusalReason.BACKGROUND, f"{told}; named in passing")
    return Deed(token, outcome, reading, kind, None, told)


def find_deeds(matcher: Matcher, number: int, words: Sequence[Token]) -> list[tuple[Token, Match | Near]]:
    """The words of a sentence that head a frame; nouns that a verb's frame has taken up are not read again."""
    taken: set[int] = set()
    found = []
    for token in sorted(words, key=lambda token: (token.pos_ not in ("VERB", "AUX"), token.i)):
        outcome = None if token.i in taken else matcher.match(number, token)
        if outcome is not None:
            if isinstance(outcome, Match):
                taken.update(noun.i for noun in outcome.objects)
            found.append((token, outcome))
    return found


def reading_of(token: Token, paragraph: Paragraph, day: date | None) -> Reading:
    """The modality of a word, a timetable's present tense included."""
    reading = read_modality(token)
    if _is_timetable(token, paragraph, day):
        reading.promise("present tense of a timetable", "future", token)
    return reading


def _is_timetable(token: Token, paragraph: Paragraph, day: date | None) -> bool:
    """Whether the present tense tells what is to come: "the minister arrives in Pyongyang on Wednesday"."""
    if token.tag_ not in ("VBZ", "VBP") or day is None:
        return False
    found = find_when(paragraph, token, day, future=True)
    return found is not None and found.rule == "date: weekday" and found.period.start > day


def _answered(outcome: Match | Near, paragraph: Paragraph, before: Sequence[Mention]) -> Match | None:
    """A reply without a named target is to whoever was just told to have acted: "Rwanda rejected the charge"."""
    frame, source = outcome.frame, outcome.source
    if frame.nominal or not source:
        return None
    if isinstance(outcome, Near):
        if outcome.reason is not RefusalReason.NO_TARGET:
            return None
    elif outcome.target or frame.type not in (EventType.ACCUSE, EventType.REJECT):
        return None
    breaks = frame.type is EventType.SANCTION and any(noun.lemma_ in ("relation", "tie") for noun in outcome.objects)
    if not breaks and not (frame.type in REPLIES and _takes_up(outcome)):
        return None
    keys = {party.actor.key for party in source}
    recent = [m for m in reversed(before) if not keys & {party.actor.key for party in m.source}][:4]
    aimed = [m for m in recent if keys & {party.actor.key for party in m.target}]
    for mention in aimed or (() if breaks else recent):
        span = paragraph.span(outcome.head.i, outcome.head.i + 1)
        target = tuple(replace(party, span=span, rule="takes up what was told before") for party in mention.source)
        return Match(frame, outcome.head, source, target, outcome.objects)
    return None


def _joint(outcome: Match | Near) -> EventType:
    """A drill or patrol that is called joint is COOPERATE, not MOBILIZE."""
    joint = any(child.lower_ == "joint" for noun in outcome.objects for child in noun.children)
    return EventType.COOPERATE if joint and outcome.frame.type is EventType.MOBILIZE else outcome.frame.type


def _takes_up(outcome: Match | Near) -> bool:
    """Whether the object is definite ("the charge", "it"), so that it points back."""
    objects = [child for child in outcome.head.children if child.dep_ in ("dobj", "nsubj") and child.i > outcome.head.i]
    return any(
        token.lower_ in ("it", "this", "that")
        or any(c.lower_ in ("the", "this", "that", "these") for c in token.children)
        for token in (*objects, *outcome.objects[:1])
    )
