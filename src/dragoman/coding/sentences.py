"""Codes the words of one sentence: matches to mentions, or to refusals with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dragoman.coding.candidates import Candidate, candidates
from dragoman.coding.claims import claimant_at, claimants_of
from dragoman.coding.consolidation import FROM_ENCODER, PRESENT_TENSE
from dragoman.coding.context import counterpart, tells_figures
from dragoman.coding.conversion import PROMISES, weigh_factuality
from dragoman.coding.dates import When, find_when, is_long_past
from dragoman.coding.deeds import Deed, find_deeds, read_deed, reading_of
from dragoman.coding.domains import contexts_of, domain_of
from dragoman.coding.encoder import best_domain, best_mode, encoder
from dragoman.coding.frames import Match, Matcher
from dragoman.coding.labels import FACTUALITIES
from dragoman.coding.modality import Reading
from dragoman.coding.ontology import intensity, ontology
from dragoman.coding.places import find_place
from dragoman.coding.resolve import Resolver, distinct
from dragoman.coding.scene import Paragraph, Scene
from dragoman.coding.stand_ins import stand_ins
from dragoman.coding.weighing import Pair, Verdict, decide, weigh, weights
from dragoman.periods import Period, Precision
from dragoman.records import Actor, Claimant, Document, Mention, Party, Refusal, Span
from dragoman.terms import EventType, Factuality, RefusalReason, RefusalStage

if TYPE_CHECKING:
    from spacy.tokens import Span as Span_
    from spacy.tokens import Token

BACKGROUND_DAYS = 400
"""A deed that the text dates this long before its publication is background, not news."""

AUXILIARY = frozenset({"aux", "auxpass", "neg"})
ABROAD = frozenset({"REB", "PRM", "UAF", "CVL"})
SPEECH = frozenset(
    {EventType.AGREE, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN, EventType.SUPPORT}
)
"""Types that are done by saying: who says it is the source, not a claimant."""

FRESH_DAYS = 14
"""A deed that only the rules find in a relative clause is news if the text dates it this close to publication."""

RULED = 0.75
"""Confidence of what the rules alone take for an event; 0.79 of 61 such were right on evals/coding/gold.jsonl."""

PLAINER = 0.53
"""Power that a confidence is raised to: the weights are fitted on training sentences that are harder than plain news.

Chosen on evals/coding/gold.jsonl.
"""

VETO = 0.03
"""Confidence of the encoder's reading under which it overrules the rules."""

WORTH_A_REFUSAL = 0.25
"""Confidence from which a reading that was not taken is kept as a refusal."""


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
        """Every event that the encoder or the rules find in the sentence; what fell short, as refusals."""
        deeds = self.deeds(sentence, before)
        phrases, pairs, summary = self.pairs(sentence, deeds, before)
        for outcome in self._code(sentence, deeds, phrases, pairs, before):
            yield replace(outcome, vector=summary) if isinstance(outcome, Mention) else outcome

    def _code(
        self,
        sentence: Span_,
        deeds: Mapping[int, Deed],
        phrases: Sequence[Candidate],
        pairs: Sequence[Pair],
        before: Sequence[Mention],
    ) -> Iterator[Mention | Refusal]:
        verdicts, short = decide(pairs, phrases, weights())
        told: dict[int, list[Mention]] = {}
        for verdict in verdicts:
            token = sentence[verdict.trigger]
            for outcome in self._told(token, verdict, phrases, deeds.get(token.i), before):
                if isinstance(outcome, Mention):
                    told.setdefault(token.i, []).append(outcome)
                yield outcome
        for verdict in short:
            token = sentence[verdict.trigger]
            if token.i not in deeds and verdict.confidence >= WORTH_A_REFUSAL:
                yield self.refusal(token, RefusalReason.UNSURE, f"{verdict.kind}: {verdict.confidence:.2f}")
        shares = {sentence[verdict.trigger].i: verdict for verdict in short}
        for i, deed in deeds.items():
            if i not in told:
                yield from self._ruled(deed, shares.get(i), [m for some in told.values() for m in some], before)

    def _ruled(
        self, deed: Deed, doubt: Verdict | None, told: Sequence[Mention], before: Sequence[Mention]
    ) -> Iterator[Mention | Refusal]:
        """What the rules alone take for an event, unless the encoder is all but sure that it is none."""
        match = deed.outcome
        if deed.reason is not None or not isinstance(match, Match):
            yield self.refusal(deed.token, deed.reason or RefusalReason.UNSURE, deed.detail)
            return
        if doubt is not None and doubt.confidence < VETO:
            yield self.refusal(deed.token, RefusalReason.UNSURE, f"{deed.detail}; {doubt.confidence:.2f}")
            return
        if tells_figures(deed.kind, deed.token.sent.text):
            yield self.refusal(deed.token, RefusalReason.BACKGROUND, f"{deed.detail}; figures of trade over a time")
            return
        place = self.paragraph.span(deed.token.i, deed.token.i + 1)
        target = match.target or counterpart(deed.kind, match.source, place, before)
        mention = self._mention(deed.token, deed.kind, match.source, target, RULED, deed, deed.reading, None, ())
        if isinstance(mention, Mention):
            if _covered(mention, told):
                return
            if deed.reading.aside and not self._is_fresh(mention.date):
                yield self.refusal(deed.token, RefusalReason.BACKGROUND, f"{deed.detail}; told in an aside")
                return
        yield mention
        if isinstance(mention, Mention):
            yield from self._besides(mention, deed.token, deed.reading)

    def pairs(
        self, sentence: Span_, deeds: Mapping[int, Deed], before: Sequence[Mention] = ()
    ) -> tuple[list[Candidate], list[Pair], bytes | None]:
        """The sentence's candidates, every pair of them put forward, and the sentence in short if it was read."""
        phrases = candidates(self.resolver, self.number, sentence, before[-1].source if before else ())
        if not any(phrase.known for phrase in phrases):
            return phrases, [], None
        vectors = encoder().read(stand_ins([token.text for token in sentence]))
        views = {i - sentence.start: deed.view for i, deed in deeds.items()}
        nouns = frozenset(token.i - sentence.start for token in sentence if token.pos_ in ("NOUN", "PROPN"))
        return phrases, weigh(vectors, phrases, views, nouns), vectors.summary()

    def deeds(self, sentence: Span_, before: list[Mention]) -> dict[int, Deed]:
        """What the rules make of the sentence's words, by the word's place in the paragraph."""
        day = self._published_day()
        return {
            token.i: read_deed(token, outcome, self.paragraph, day, before)
            for token, outcome in find_deeds(self.matcher, self.number, list(sentence))
        }

    def _told(
        self,
        token: Token,
        verdict: Verdict,
        phrases: Sequence[Candidate],
        deed: Deed | None,
        before: Sequence[Mention],
    ) -> Iterator[Mention | Refusal]:
        """The mention that a verdict makes and what goes with it, or a refusal."""
        ruled = deed.outcome if deed is not None and deed.reason is None and deed.kind is EventType.AGREE else None
        if isinstance(ruled, Match) and verdict.kind is ruled.frame.type:
            # What the grammar puts into the future ("visits on Saturday", "is to visit") is agreed, not done.
            verdict = replace(verdict, kind=EventType.AGREE)
        reading = deed.reading if deed else reading_of(token, self.paragraph, self._published_day())
        if token.dep_ in AUXILIARY:
            yield self.refusal(token, RefusalReason.UNSURE, f"{verdict.kind}: an auxiliary names no deed")
            return
        if _is_done_by_object(token, {phrases[index].token for index in verdict.sources}):
            yield self.refusal(token, RefusalReason.UNSURE, f"{verdict.kind}: done by who is named, not by who names")
            return
        threatened = {phrases[index].token for index in verdict.targets if verdict.kind is EventType.THREATEN}
        if _is_to_act(token, threatened):
            yield self.refusal(token, RefusalReason.UNSURE, f"{verdict.kind}: who is taken for threatened is to act")
            return
        if reading.refusal is RefusalReason.NEGATED and reading.denier is None:
            yield self.refusal(token, RefusalReason.NEGATED, f"{verdict.kind}: {'; '.join(reading.rules)}")
            return
        source = distinct(party for index in verdict.sources for party in phrases[index].parties)
        target = distinct(party for index in verdict.targets for party in phrases[index].parties)
        match = deed.outcome if deed and isinstance(deed.outcome, Match) and deed.kind is verdict.kind else None
        if not target and match is not None and {p.actor.key for p in match.source} & {p.actor.key for p in source}:
            target = match.target
        if match is not None and _is_between(match, source, target):
            source = target = match.source
        if tells_figures(verdict.kind, token.sent.text):
            yield self.refusal(token, RefusalReason.BACKGROUND, f"{verdict.kind}: figures of trade over a time")
            return
        if not target:
            target = counterpart(verdict.kind, source, self.paragraph.span(token.i, token.i + 1), before)
        if not target and ontology()[verdict.kind].needs_recipient:
            yield self.refusal(token, RefusalReason.NO_TARGET, f"{verdict.kind}: nobody is named whom it is done to")
            return
        mention = self._mention(
            token, verdict.kind, source, target, verdict.confidence**PLAINER, deed, reading, verdict.best, phrases
        )
        yield mention
        if isinstance(mention, Mention):
            yield from self._besides(mention, token, reading)

    def _besides(self, mention: Mention, token: Token, reading: Reading) -> Iterator[Mention]:
        """The denial that denies a deed, and the prison that a conviction brings."""
        if reading.denier is not None and mention.factuality is Factuality.DENIED:
            yield from self._denial(reading, mention)
        if mention.mode == "convict" and any(_is_prison(noun) for noun in token.children):
            yield self._imprisonment(mention)

    def _published_day(self) -> date | None:
        published = self.document.published
        return published.start if published and published.precision is Precision.DAY else None

    def _mention(
        self,
        head: Token,
        kind: EventType,
        source: tuple[Party, ...],
        target: tuple[Party, ...],
        confidence: float,
        deed: Deed | None,
        reading: Reading,
        best: Pair | None,
        phrases: Sequence[Candidate],
    ) -> Mention | Refusal:
        """A mention of what the encoder (`best`) or the rules (`deed`) or both have found."""
        anchor = reading.anchor or head
        when = self._when(head, reading)
        if self._is_background(head, anchor, when):
            return self.refusal(head, RefusalReason.BACKGROUND, f"{kind}: long past")
        match = deed.outcome if deed and isinstance(deed.outcome, Match) and deed.kind is kind else None
        mode = best_mode(best.modes, kind) if best else None
        if match is not None and match.frame.type is kind and match.frame.mode is not None:
            mode = match.frame.mode
        domain, domain_rule = domain_of(match.frame.domain, match.objects) if match else (None, None)
        if domain is None and best is not None:
            domain = best_domain(best.domains)
            domain_rule = FROM_ENCODER if domain else None
        factuality = weigh_factuality(kind, best.factualities if best else None, reading, deed is not None)
        if factuality is Factuality.ACTUAL and when and self._is_still_to_come(when.period):
            when = None
        rules = [f"frame: {match.frame.text}"] if match else []
        if best is not None:
            rules.append(
                f"encoder: {kind} {1 - float(best.kinds[0]):.2f}, source {best.roles[0]:.2f}, target "
                f"{best.roles[1]:.2f}, {factuality} {float(best.factualities[FACTUALITIES.index(factuality)]):.2f}"
            )
        sentence = head.sent
        rules += reading.rules
        rules += [rule for rule in (when.rule if when else None, domain_rule) if rule]
        return Mention(
            document_id=self.document.id,
            sentence=self.paragraph.span(sentence.start, sentence.end),
            predicate=self._predicate(head, anchor, match is not None and kind is not match.frame.type),
            source=source,
            target=target or self._at_home(head, source, kind),
            type=kind,
            mode=mode,
            quad=ontology()[kind].quad,
            intensity=intensity(kind, mode),
            factuality=factuality,
            claimants=self._claimants(kind, best, phrases, reading),
            date=when.period if when else None,
            date_span=self._date_span(when) if when else None,
            place=find_place(self.scene, self.number, head, anchor),
            domain=domain,
            contexts=contexts_of(domain),
            quotes=self._quotes(head, anchor),
            rules=tuple(rules),
            coder_version=self.version,
            confidence=round(confidence, 3),
        )

    def _claimants(
        self, kind: EventType, best: Pair | None, phrases: Sequence[Candidate], reading: Reading
    ) -> tuple[Claimant, ...]:
        """Who says so, by the rules, else whom the encoder takes for it; a speech act is its speaker's own."""
        found = claimants_of(reading, self.number, self.paragraph, self.resolver)
        if found or best is None or best.claimant is None or (kind in SPEECH and best.claimant == best.source):
            return found
        token = self.paragraph.doc[phrases[best.claimant].token]
        return claimant_at(token, self.number, self.paragraph, self.resolver)

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

    def _at_home(self, head: Token, source: Sequence[Party], kind: EventType) -> tuple[Party, ...]:
        """The target of what is done at home and names none.

        Martial law, a curfew or censorship is against the people of the state that imposes it; a protest or strike is
        against the government of the protesters' own country.
        """
        if kind not in (EventType.COERCE, EventType.PROTEST):
            return ()
        states = self.scene.gazetteer.states
        protest = kind is EventType.PROTEST
        acting = [p.actor for p in source if protest or p.actor.sector not in ABROAD]
        codes = dict.fromkeys(actor.code for actor in acting if actor.code in states)
        span = self.paragraph.span(head.i, head.i + 1)
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

    def _when(self, head: Token, reading: Reading) -> When | None:
        day = self._published_day()
        promised = bool(PROMISES & set(reading.effects))
        for anchor in dict.fromkeys((reading.anchor, head)):
            if anchor is not None:
                # The promise is dated in the past, what is promised in the future ("is to visit in October").
                future = promised and (anchor.i == head.i or anchor.lemma_ == "be")
                found = find_when(self.paragraph, anchor, day, future)
                if found is not None:
                    return found
        root = head.sent.root
        if self.paragraph.headline and day and _is_present(reading.anchor or head, root):
            start = root.idx
            return When(Period(day), start, start + len(root), PRESENT_TENSE)
        return None

    def _is_still_to_come(self, period: Period) -> bool:
        """Whether a period begins after publication (a day's grace for time zones): it dates a hope, not a deed."""
        published = self.document.published
        grace = 1 if period.precision is Precision.DAY else 0
        return published is not None and (period.start - published.end).days > grace

    def _is_background(self, head: Token, anchor: Token, when: When | None) -> bool:
        if is_long_past(self.paragraph, anchor) or is_long_past(self.paragraph, head):
            return True
        published = self.document.published
        return bool(when and published and (published.start - when.period.end).days > BACKGROUND_DAYS)

    def _is_fresh(self, when: Period | None) -> bool:
        """Whether the text dates it to the days before its publication."""
        published = self.document.published
        return bool(when and published and (published.start - when.end).days <= FRESH_DAYS)

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


def _is_between(match: Match, source: Sequence[Party], target: Sequence[Party]) -> bool:
    """Whether a frame that goes both ways ("S+T hold {talks}") has just the parties that the encoder found."""
    both = {party.actor.key for party in match.source}
    if len(both) < 2 or both != {party.actor.key for party in match.target}:
        return False
    return {party.actor.key for party in (*source, *target)} <= both


def _covered(mention: Mention, told: Sequence[Mention]) -> bool:
    """Whether all that a mention says has been told of the same type: each of its pairs, or its source's deed."""
    known = {(m.type, s.actor.key, t.actor.key) for m in told for s in m.source for t in m.target}
    alone = {(m.type, s.actor.key) for m in told for s in m.source}
    if not mention.target:
        return all((mention.type, party.actor.key) in alone for party in mention.source)
    pairs = [(s.actor.key, t.actor.key) for s in mention.source for t in mention.target if s.actor.key != t.actor.key]
    return bool(pairs) and all((mention.type, *pair) in known for pair in pairs)


def _is_done_by_object(token: Token, sources: set[int]) -> bool:
    """Whether "for doing" tells of the object, and the doer was taken for the subject: "named nine men for giving"."""
    if token.dep_ != "pcomp" or token.head.lower_ != "for":
        return False
    head = token.head.head
    while head.dep_ == "conj":
        head = head.head
    verb = head.head if head.dep_ == "dobj" else head
    has_object = any(child.dep_ == "dobj" for child in verb.children)
    return has_object and any(child.dep_ == "nsubj" and child.i in sources for child in verb.children)


SUFFERING = frozenset("answer be bear become burn collapse face fall get have lose pay regret see suffer".split())
"""What a threat says will happen to the threatened, who is the subject of it."""


def _is_to_act(token: Token, targets: set[int]) -> bool:
    """Whether the words say that a target will do something: "tells the minister that Moscow may hit back"."""
    clauses = [child for child in token.children if child.dep_ == "ccomp" and child.lemma_ not in SUFFERING]
    return any(child.dep_ == "nsubj" and child.i in targets for clause in clauses for child in clause.children)


def _is_prison(noun: Token) -> bool:
    """Whether a sentence names prison ("to nine years in prison")."""
    return any(token.lemma_.lower() in ("prison", "jail", "bar", "imprisonment", "colony") for token in noun.subtree)


def _is_present(anchor: Token, root: Token) -> bool:
    """Whether a headline tells the deed in the present tense: "Kim visits", "Putin to visit", "soldiers killed"."""
    top = anchor
    while top.dep_ in ("conj", "ccomp") and top.head.i != top.i:
        top = top.head
    return top.i == root.i and anchor.tag_ != "VBD" and root.tag_ in ("VBZ", "VBP", "VB", "VBN")


def _reaches(token: Token, goals: set[int]) -> bool:
    for _ in range(20):
        if token.i in goals:
            return True
        if token.head.i == token.i:
            return False
        token = token.head
    return False
