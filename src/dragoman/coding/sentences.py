"""Codes the words of one sentence: matches to mentions, or to refusals with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dragoman.coding.claims import claimants_of
from dragoman.coding.consolidation import PRESENT_TENSE
from dragoman.coding.conversion import PROMISES, converted, factuality_of, is_own_statement
from dragoman.coding.dates import When, find_when, is_long_past
from dragoman.coding.domains import contexts_of, domain_of
from dragoman.coding.frames import Match, Matcher, Near
from dragoman.coding.modality import Reading, read_modality
from dragoman.coding.news import is_news
from dragoman.coding.ontology import intensity, ontology
from dragoman.coding.places import find_place
from dragoman.coding.resolve import Resolver
from dragoman.coding.scene import Paragraph, Scene
from dragoman.periods import Period, Precision
from dragoman.records import Actor, Document, Mention, Party, Refusal, Span
from dragoman.terms import EventType, Factuality, RefusalReason, RefusalStage

if TYPE_CHECKING:
    from spacy.tokens import Span as Span_
    from spacy.tokens import Token

BACKGROUND_DAYS = 400
"""A deed that the text dates this long before its publication is background, not news."""

FRESH_DAYS = 14
"""A deed told in a relative clause is news only if the text dates it this close to its publication."""

ABROAD = frozenset({"REB", "PRM", "UAF", "CVL"})
REPLIES = frozenset({EventType.ACCUSE, EventType.REJECT, EventType.SUPPORT})


@dataclass(frozen=True, slots=True)
class SentenceCoder:
    """The coding of one sentence's words; everything they need in one place."""

    version: str
    document: Document
    scene: Scene
    resolver: Resolver
    matcher: Matcher
    number: int
    paragraph: Paragraph

    def code_all(self, sentence: Span_, before: list[Mention]) -> Iterator[Mention | Refusal]:
        """The sentence's words in turn; nouns that a verb's frame has taken up are not coded again."""
        taken: set[int] = set()
        waiting = sorted(sentence, key=lambda token: (token.pos_ not in ("VERB", "AUX"), token.i))
        here: list[Mention] = []
        for token in waiting:
            if token.i in taken:
                continue
            outcome = self.matcher.match(self.number, token)
            if outcome is None:
                continue
            if isinstance(outcome, Match):
                taken.update(noun.i for noun in outcome.objects)
            for result in self._code(token, outcome, [*before, *here]):
                if isinstance(result, Mention):
                    here.append(result)
                yield result

    def _code(self, token: Token, outcome: Match | Near, before: list[Mention]) -> Iterator[Mention | Refusal]:
        """The mention that this word heads, the denial that goes with it, or the refusal."""
        reading = read_modality(token)
        if self._is_timetable(token):
            reading.promise("present tense of a timetable", "future", token)
        kind = converted(_joint(outcome), reading)
        outcome = self._answered(outcome, before) or outcome
        if isinstance(outcome, Near):
            if reading.refusal is None:
                yield self.refusal(token, outcome.reason, f"{kind}: {outcome.frame.text}")
            return
        if "would" in reading.effects and not is_own_statement(reading) and not PROMISES & set(reading.effects):
            reading.refuse(RefusalReason.CONDITIONAL, "would, in nobody's own statement")
        if reading.refusal is not None:
            yield self.refusal(token, reading.refusal, f"{kind}: {outcome.frame.text}; {'; '.join(reading.rules)}")
            return
        expected = reading.factuality is Factuality.POSSIBLE and token.dep_ == "dobj"
        if outcome.frame.nominal and not is_news(token) and not expected:
            yield self.refusal(token, RefusalReason.BACKGROUND, f"{kind}: {outcome.frame.text}; named in passing")
            return
        mention = self._mention(outcome, kind, reading)
        if isinstance(mention, Refusal):
            yield mention
            return
        yield mention
        if reading.denier is not None:
            yield from self._denial(reading, mention)
        if mention.mode == "convict" and any(_is_prison(noun) for noun in outcome.objects):
            yield self._imprisonment(mention)

    def _is_timetable(self, token: Token) -> bool:
        """Whether the present tense tells what is to come: "the minister arrives in Pyongyang on Wednesday"."""
        day = self._published_day()
        if token.tag_ not in ("VBZ", "VBP") or day is None:
            return False
        found = find_when(self.paragraph, token, day, future=True)
        return found is not None and found.rule == "date: weekday" and found.period.start > day

    def _published_day(self) -> date | None:
        published = self.document.published
        return published.start if published and published.precision is Precision.DAY else None

    def _answered(self, outcome: Match | Near, before: list[Mention]) -> Match | None:
        """A reply without a named target is to whoever was just told to have acted: "Rwanda rejected the charge"."""
        frame, source = outcome.frame, outcome.source
        if frame.nominal or not source:
            return None
        if isinstance(outcome, Near):
            if outcome.reason is not RefusalReason.NO_TARGET:
                return None
        elif outcome.target or frame.type not in (EventType.ACCUSE, EventType.REJECT):
            return None
        breaks = frame.type is EventType.SANCTION and any(
            noun.lemma_ in ("relation", "tie") for noun in outcome.objects
        )
        if not breaks and not (frame.type in REPLIES and _takes_up(outcome)):
            return None
        keys = {party.actor.key for party in source}
        recent = [m for m in reversed(before) if not keys & {party.actor.key for party in m.source}][:4]
        aimed = [m for m in recent if keys & {party.actor.key for party in m.target}]
        for mention in aimed or (() if breaks else recent):
            span = self.paragraph.span(outcome.head.i, outcome.head.i + 1)
            target = tuple(replace(party, span=span, rule="takes up what was told before") for party in mention.source)
            return Match(frame, outcome.head, source, target, outcome.objects)
        return None

    def _mention(self, match: Match, kind: EventType, reading: Reading) -> Mention | Refusal:
        head, anchor = match.head, reading.anchor or match.head
        when = self._when(match, reading)
        if self._is_background(head, anchor, when):
            return self.refusal(head, RefusalReason.BACKGROUND, f"{kind}: {match.frame.text}; long past")
        if reading.aside and not self._is_fresh(when):
            return self.refusal(head, RefusalReason.BACKGROUND, f"{kind}: {match.frame.text}; told in an aside")
        mode = match.frame.mode if kind is match.frame.type else None
        if kind is EventType.COOPERATE and match.frame.type is EventType.MOBILIZE and len(match.source) > 1:
            match = replace(match, target=match.source)
        domain, domain_rule = domain_of(match.frame.domain, match.objects)
        factuality = factuality_of(kind, reading)
        claimants = claimants_of(reading, self.number, self.paragraph, self.resolver)
        sentence = head.sent
        rules = [f"frame: {match.frame.text}", *reading.rules]
        rules += [rule for rule in (when.rule if when else None, domain_rule) if rule]
        return Mention(
            document_id=self.document.id,
            sentence=self.paragraph.span(sentence.start, sentence.end),
            predicate=self._predicate(head, anchor, kind is not match.frame.type),
            source=match.source,
            target=match.target or self._at_home(match, kind),
            type=kind,
            mode=mode,
            quad=ontology()[kind].quad,
            intensity=intensity(kind, mode),
            factuality=factuality,
            claimants=claimants,
            date=when.period if when else None,
            date_span=self._date_span(when) if when else None,
            place=find_place(self.scene, self.number, head, anchor),
            domain=domain,
            contexts=contexts_of(domain),
            quotes=self._quotes(head, anchor),
            rules=tuple(rules),
            coder_version=self.version,
        )

    def _imprisonment(self, conviction: Mention) -> Mention:
        """A conviction with prison is COERCE (arrest) too, by PLOVER's border rule."""
        return replace(
            conviction,
            type=EventType.COERCE,
            mode="arrest",
            quad=ontology()[EventType.COERCE].quad,
            intensity=intensity(EventType.COERCE, "arrest"),
            rules=("conviction with prison", *conviction.rules),
        )

    def _at_home(self, match: Match, kind: EventType) -> tuple[Party, ...]:
        """The target of what is done at home and names none.

        Martial law, a curfew or censorship is against the people of the state that imposes it; a protest or strike is
        against the government of the protesters' own country.
        """
        if kind not in (EventType.COERCE, EventType.PROTEST):
            return ()
        states = self.scene.gazetteer.states
        protest = kind is EventType.PROTEST
        acting = [p.actor for p in match.source if protest or p.actor.sector not in ABROAD]
        codes = dict.fromkeys(actor.code for actor in acting if actor.code in states)
        span = self.paragraph.span(match.head.i, match.head.i + 1)
        name, sector = ("government", "GOV") if protest else ("people", "CVL")
        return tuple(
            Party(Actor(code, f"{name} ({states[code].name})", sector), span, f"at home: {kind} without a named target")
            for code in codes
        )

    def _denial(self, reading: Reading, denied: Mention) -> Iterator[Mention]:
        """The REJECT that denying is: by whoever denies, towards nobody the walk could name."""
        denier = reading.denier
        if denier is None or not denied.claimants or denied.claimants[-1].actor is None:
            return
        when = find_when(self.paragraph, denier, self._published_day(), False)
        source = tuple(
            Party(claimant.actor, claimant.span, f"denies: {claimant.cue}")
            for claimant in denied.claimants[-1:]
            if claimant.actor is not None
        )
        yield replace(
            denied,
            predicate=self.paragraph.span(denier.i, denier.i + 1),
            source=source,
            target=(),
            type=EventType.REJECT,
            mode=None,
            quad=ontology()[EventType.REJECT].quad,
            intensity=intensity(EventType.REJECT, None),
            factuality=Factuality.ACTUAL,
            claimants=(),
            date=when.period if when else None,
            date_span=self._date_span(when) if when else None,
            rules=("denial of a deed", *denied.rules),
        )

    def _when(self, match: Match, reading: Reading) -> When | None:
        day = self._published_day()
        promised = bool(PROMISES & set(reading.effects))
        for anchor in dict.fromkeys((reading.anchor, match.head)):
            if anchor is not None:
                # The promise is dated in the past, what is promised in the future ("is to visit in October").
                future = promised and (anchor.i == match.head.i or anchor.lemma_ == "be")
                found = find_when(self.paragraph, anchor, day, future)
                if found is not None:
                    return found
        root = match.head.sent.root
        if self.paragraph.headline and day and _is_present(reading.anchor or match.head, root):
            start = root.idx
            return When(Period(day), start, start + len(root), PRESENT_TENSE)
        return None

    def _is_background(self, head: Token, anchor: Token, when: When | None) -> bool:
        if is_long_past(self.paragraph, anchor) or is_long_past(self.paragraph, head):
            return True
        published = self.document.published
        return bool(when and published and (published.start - when.period.end).days > BACKGROUND_DAYS)

    def _is_fresh(self, when: When | None) -> bool:
        """Whether the text dates it to the days before its publication."""
        published = self.document.published
        return bool(when and published and (published.start - when.period.end).days <= FRESH_DAYS)

    def _predicate(self, head: Token, anchor: Token, wide: bool) -> Span:
        tokens = [head, *(child for child in head.children if child.dep_ == "prt")]
        if wide and anchor.sent.start == head.sent.start:
            tokens.append(anchor)
        indices = [token.i for token in tokens]
        return self.paragraph.span(min(indices), max(indices) + 1)

    def _date_span(self, when: When) -> Span:
        offset = self.paragraph.offset
        return Span(self.paragraph.part, offset + when.start, offset + when.end)

    def _quotes(self, head: Token, anchor: Token) -> tuple[Span, ...]:
        """The quoted words of the sentence that hang on the predicate."""
        sentence = self.paragraph.span(head.sent.start, head.sent.end)
        found = []
        for quote in self.document.quotes:
            if quote.part is not sentence.part or not sentence.start <= quote.start < sentence.end:
                continue
            inner = self.paragraph.doc.char_span(
                quote.start - self.paragraph.offset,
                min(quote.end, sentence.end) - self.paragraph.offset,
                alignment_mode="contract",
            )
            if inner is not None and len(inner) and _reaches(inner.root, {head.i, anchor.i}):
                found.append(quote)
        return tuple(found)

    def refusal(self, token: Token, reason: RefusalReason, detail: str) -> Refusal:
        """A refusal at this word."""
        return Refusal(
            stage=RefusalStage.CODING,
            reason=reason,
            detail=detail,
            document_id=self.document.id,
            span=self.paragraph.span(token.i, token.i + 1),
            coder_version=self.version,
        )


def _joint(outcome: Match | Near) -> EventType:
    """A drill or patrol that is called joint is COOPERATE, not MOBILIZE."""
    joint = any(child.lower_ == "joint" for noun in outcome.objects for child in noun.children)
    return EventType.COOPERATE if joint and outcome.frame.type is EventType.MOBILIZE else outcome.frame.type


def _is_prison(noun: Token) -> bool:
    """Whether a sentence names prison ("to nine years in prison")."""
    return any(token.lemma_.lower() in ("prison", "jail", "bar", "imprisonment", "colony") for token in noun.subtree)


def _is_present(anchor: Token, root: Token) -> bool:
    """Whether a headline tells the deed in the present tense: "Kim visits", "Putin to visit", "soldiers killed"."""
    top = anchor
    while top.dep_ in ("conj", "ccomp") and top.head.i != top.i:
        top = top.head
    return top.i == root.i and anchor.tag_ != "VBD" and root.tag_ in ("VBZ", "VBP", "VB", "VBN")


def _takes_up(outcome: Match | Near) -> bool:
    """Whether the object is definite ("the charge", "it"), so that it points back."""
    objects = [child for child in outcome.head.children if child.dep_ in ("dobj", "nsubj") and child.i > outcome.head.i]
    return any(
        token.lower_ in ("it", "this", "that")
        or any(c.lower_ in ("the", "this", "that", "these") for c in token.children)
        for token in (*objects, *outcome.objects[:1])
    )


def _reaches(token: Token, goals: set[int]) -> bool:
    for _ in range(20):
        if token.i in goals:
            return True
        if token.head.i == token.i:
            return False
        token = token.head
    return False
