"""Weighs what the encoder and the rules say of a sentence's triggers: pairs of parties with a type and a confidence.

The confidence is a logistic function of the encoder's logits and of what the rules found at the same word. Its weights
are fitted by `training/calibrate.py` on training text that the encoder was not fitted on, through this very code, and
lie in `data/encoder/weights.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from dragoman.coding.candidates import Candidate
from dragoman.coding.encoder import Floats, Judgement, SentenceVectors
from dragoman.coding.labels import FACTUALITIES, KINDS
from dragoman.coding.resolve import identity
from dragoman.records import Party
from dragoman.terms import EventType, Factuality, RefusalReason

LOWEST_TRIGGER = 0.08
LOWEST_ROLE = 0.12
"""Probabilities under which a word is not asked about as a trigger, or a phrase as source or target."""

LOWEST_CLAIMANT = 0.6
"""Probability from which a phrase is taken for the claimant, where the rules find none."""

MOST_PAIRS = 40
"""Pairs of one trigger that are judged, the likeliest first."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """What the rules make of one word: its type and parties, or why they refuse it."""

    kind: EventType
    source: frozenset[str]
    target: frozenset[str]
    reason: RefusalReason | None
    matched: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One source and one target (None: nobody) of a trigger, with the features that its confidence rests on."""

    trigger: int
    source: int
    target: int | None
    kind: EventType
    features: tuple[float, ...]
    kinds: Floats
    factualities: Floats
    modes: Floats
    domains: Floats
    roles: tuple[float, float]
    claimant: int | None
    """The phrase that the encoder takes for who says so."""


FEATURES = (
    "trigger",
    "source",
    "target",
    "nobody",
    "event",
    "kind",
    "rule_kind",
    "rule_other_kind",
    "rule_source",
    "rule_target",
    "rule_near",
    "rule_negated",
    "rule_conditional",
    "rule_background",
    "noun",
    "unknown_target",
    "one_state",
    "one_actor",
    "pronoun",
)


def weigh(
    vectors: SentenceVectors,
    phrases: Sequence[Candidate],
    rules: Mapping[int, RuleView],
    nouns: frozenset[int],
) -> list[Pair]:
    """Every pair worth asking about, for each word that the encoder or the rules take for a trigger.

    `rules` and `nouns` count words from the sentence's start, as the candidates do.
    """
    heads = 1 - vectors.spots[:, 0]
    triggers = [i for i in range(len(heads)) if heads[i] >= LOWEST_TRIGGER or (i in rules and rules[i].matched)]
    if not triggers or not phrases:
        return []
    asked = [(trigger, actor) for trigger in triggers for actor in range(len(phrases))]
    roles = vectors.roles([c.phrase for c in phrases], asked).reshape(len(triggers), len(phrases), 3)
    wanted: list[tuple[int, int, int | None]] = []
    for row, trigger in enumerate(triggers):
        wanted += _pairs(trigger, roles[row], phrases, rules.get(trigger))
    if not wanted:
        return []
    judged = vectors.judge([c.phrase for c in phrases], [(s, t, o) for t, s, o in wanted])
    rows = {trigger: row for row, trigger in enumerate(triggers)}
    return [
        _pair(number, item, vectors, roles[rows[item[0]]], judged, phrases, rules.get(item[0]), item[0] in nouns)
        for number, item in enumerate(wanted)
    ]


def _pairs(
    trigger: int, roles: Floats, phrases: Sequence[Candidate], rule: RuleView | None
) -> list[tuple[int, int, int | None]]:
    """Pairs of phrases that may be source and target of a trigger; one phrase for each party and role."""
    sources = _best(roles[:, 0], phrases, rule.source if rule else frozenset())
    targets = _best(roles[:, 1], phrases, rule.target if rule else frozenset())
    found: list[tuple[float, tuple[int, int, int | None]]] = []
    for source in sources:
        found.append((float(roles[source, 0]) * 0.5, (trigger, source, None)))
        for target in targets:
            if _can_face(source, target, phrases):
                found.append((float(roles[source, 0] * roles[target, 1]), (trigger, source, target)))
    found.sort(key=lambda item: (-item[0], item[1][1], -1 if item[1][2] is None else item[1][2]))
    return [pair for _, pair in found[:MOST_PAIRS]]


def _best(scores: Floats, phrases: Sequence[Candidate], ruled: frozenset[str]) -> list[int]:
    """The likeliest phrase of every set of parties, if it is likely enough or the rules name it."""
    best: dict[tuple[tuple[str, str | None], ...], int] = {}
    for index, phrase in enumerate(phrases):
        if not phrase.known:
            continue
        if scores[index] < LOWEST_ROLE and not any(party.actor.key in ruled for party in phrase.parties):
            continue
        key = tuple(sorted((identity(party) for party in phrase.parties), key=str))
        if key not in best or scores[index] > scores[best[key]]:
            best[key] = index
    return sorted(best.values())


def _can_face(source: int, target: int, phrases: Sequence[Candidate]) -> bool:
    """Whether two phrases may be the two sides: other parties, or the same two of them ("both sides", "each other")."""
    parties = phrases[source].parties
    return not same(parties, phrases[target].parties) or len({identity(party) for party in parties}) == 2


def same(one: Sequence[Party], other: Sequence[Party]) -> bool:
    """Whether two phrases name the very same parties."""
    return {identity(party) for party in one} == {identity(party) for party in other}


def _pair(
    number: int,
    item: tuple[int, int, int | None],
    vectors: SentenceVectors,
    roles: Floats,
    judged: Judgement,
    phrases: Sequence[Candidate],
    rule: RuleView | None,
    noun: bool,
) -> Pair:
    trigger, source, target = item
    kinds = judged.kinds[number]
    spots = vectors.spots[trigger]
    blended = spots[1:] / max(1e-6, spots[1:].sum()) + kinds[1:] / max(1e-6, kinds[1:].sum())
    blended = blended / blended.sum()
    scores = np.log(blended + 1e-6)
    if rule is not None and rule.matched:
        scores[KINDS.index(rule.kind) - 1] += RULE_BONUS
    best = int(scores.argmax())
    kind = KINDS[best + 1]
    assert kind is not None
    known = np.array([phrase.known for phrase in phrases])
    taken = float(roles[known, 1].max()) if known.any() else 0.0
    strangers = float(roles[~known, 1].max()) if (~known).any() else 0.0
    agrees = rule is not None and rule.matched and rule.kind is kind
    features = (
        _logit(1 - float(spots[0])),
        _logit(float(roles[source, 0])),
        _logit(float(roles[target, 1])) if target is not None else 0.0,
        _logit(1 - taken) if target is None else 0.0,
        _logit(1 - float(kinds[0])),
        _logit(float(blended[best])),
        float(agrees),
        float(rule is not None and rule.matched and not agrees),
        float(agrees and rule is not None and _names(phrases[source], rule.source)),
        float(agrees and rule is not None and _target_agrees(phrases, target, rule)),
        float(rule is not None and not rule.matched and rule.kind is kind),
        float(rule is not None and rule.reason is RefusalReason.NEGATED),
        float(rule is not None and rule.reason is RefusalReason.CONDITIONAL),
        float(rule is not None and rule.reason is RefusalReason.BACKGROUND),
        float(noun),
        strangers if target is None else 0.0,
        float(target is not None and _codes(phrases[source]) == _codes(phrases[target])),
        float(target is not None and bool(_cores(phrases[source]) & _cores(phrases[target]))),
        float(
            any(p.rule.startswith("reference") for i in (source, target) if i is not None for p in phrases[i].parties)
        ),
    )
    return Pair(
        trigger,
        source,
        target,
        kind,
        features,
        kinds,
        judged.factualities[number],
        judged.modes[number],
        judged.domains[number],
        (float(roles[source, 0]), float(roles[target, 1]) if target is not None else 0.0),
        _claimant(roles[:, 2]),
    )


def _claimant(shares: Floats) -> int | None:
    best = int(shares.argmax())
    return best if shares[best] >= LOWEST_CLAIMANT else None


def _codes(phrase: Candidate) -> frozenset[str]:
    return frozenset(party.actor.code for party in phrase.parties)


def _cores(phrase: Candidate) -> frozenset[str]:
    """The states that a phrase names as wholes: the state itself, or who speaks for it abroad."""
    return frozenset(p.actor.code for p in phrase.parties if p.actor.sector in (None, "GOV", "MIL"))


def _names(phrase: Candidate, keys: frozenset[str]) -> bool:
    return any(party.actor.key in keys for party in phrase.parties)


def _target_agrees(phrases: Sequence[Candidate], target: int | None, rule: RuleView) -> bool:
    return not rule.target if target is None else _names(phrases[target], rule.target)


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


SURELY_DENIED = 0.8
LEEWAY = 0.3
"""So much less confidence is enough for a deed that is surely denied, for leaving it out would lose what the denial is
about; and for the way back of a deed that is told one way, for most of what two do together they do to each other."""

RULE_BONUS = 1.0
"""What a rule's type counts beside the encoder's log-probabilities."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted logistic function, and the confidence from which a pair becomes a mention."""

    intercept: float
    values: tuple[float, ...]
    accept: float

    def confidence(self, pair: Pair) -> float:
        """The probability, 0 to 1, that type, source and target of a pair are right."""
        total = self.intercept + sum(w * f for w, f in zip(self.values, pair.features, strict=True))
        return 1 / (1 + math.exp(-total))


@cache
def weights() -> Weights:
    """The weights that ship with the package."""
    data = json.loads(files("dragoman.coding").joinpath("data/encoder/weights.json").read_text("utf-8"))
    return Weights(data["intercept"], tuple(data["weights"][name] for name in FEATURES), data["accept"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """One event of a sentence: a trigger's pairs joined where they share sides."""

    trigger: int
    kind: EventType
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    confidence: float
    best: Pair


def decide(pairs: Sequence[Pair], phrases: Sequence[Candidate], fitted: Weights) -> tuple[list[Verdict], list[Verdict]]:
    """The events of a sentence, and the likeliest of each other trigger that fell short (for a refusal)."""
    rated = sorted(
        ((fitted.confidence(pair), pair) for pair in pairs),
        key=lambda item: (-item[0], item[1].trigger, item[1].source, -1 if item[1].target is None else item[1].target),
    )
    kept: dict[tuple[int, EventType], list[tuple[float, Pair]]] = {}
    said: set[tuple[object, ...]] = set()
    short: dict[int, Verdict] = {}
    for confidence, pair in rated:
        key = (pair.kind, _keys(phrases, pair.source), _keys(phrases, pair.target))
        denied = pair.factualities[FACTUALITIES.index(Factuality.DENIED)] > SURELY_DENIED
        some = kept.get((pair.trigger, pair.kind), [])
        turned = any((other.target, other.source) == (pair.source, pair.target) for _, other in some)
        if confidence < fitted.accept - (LEEWAY if denied or turned else 0):
            if pair.trigger not in short:
                ends = () if pair.target is None else (pair.target,)
                short[pair.trigger] = Verdict(pair.trigger, pair.kind, (pair.source,), ends, confidence, pair)
            continue
        if key in said or _is_part(pair, some):
            continue
        said.add(key)
        kept.setdefault((pair.trigger, pair.kind), []).append((confidence, pair))
    verdicts = [v for (trigger, kind), some in kept.items() for v in _join(trigger, kind, some)]
    told = {verdict.trigger for verdict in verdicts}
    return sorted(verdicts, key=lambda v: (v.trigger, v.sources)), [
        v for t, v in sorted(short.items()) if t not in told
    ]


def _is_part(pair: Pair, kept: Sequence[tuple[float, Pair]]) -> bool:
    """Whether a pair says less or else than a surer one: nobody beside a named target, a target that is the source."""
    if pair.target is None:
        return any(other.source == pair.source for _, other in kept)
    return any(other.target is None and other.source == pair.source for _, other in kept)


def _join(trigger: int, kind: EventType, kept: Sequence[tuple[float, Pair]]) -> list[Verdict]:
    """Pairs as events: sources with the same targets are one, a symmetric set is one reciprocal event."""
    pairs = {(pair.source, pair.target) for _, pair in kept}
    mutual = all(target is not None and (target, source) in pairs for source, target in pairs)
    by_source: dict[int, list[int]] = {}
    for source, target in sorted(pairs, key=str):
        by_source.setdefault(source, []).extend(() if target is None else (target,))
    groups: dict[tuple[int, ...], list[int]] = {}
    if mutual:
        everybody = tuple(sorted(by_source))
        groups[everybody] = list(everybody)
    else:
        for source, its in sorted(by_source.items()):
            groups.setdefault(tuple(sorted(its)), []).append(source)
    found = []
    for targets, sources in groups.items():
        inside = [(c, p) for c, p in kept if p.source in sources and (p.target in targets or not targets)]
        best = max(inside, key=lambda item: item[0])
        found.append(Verdict(trigger, kind, tuple(sources), targets, sum(c for c, _ in inside) / len(inside), best[1]))
    return found


def _keys(phrases: Sequence[Candidate], index: int | None) -> tuple[tuple[str, str | None], ...]:
    return () if index is None else tuple(sorted((identity(p) for p in phrases[index].parties), key=str))
