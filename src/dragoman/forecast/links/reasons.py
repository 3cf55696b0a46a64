"""Why a candidate stands where it does: rules that speak for it with the events they match, and what features add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dragoman.forecast.links.facts import Names
from dragoman.forecast.links.features import Featured
from dragoman.forecast.links.protocol import Queries
from dragoman.forecast.links.ranker import LinkTrees
from dragoman.forecast.links.rules import Rule, bucket_of
from dragoman.forecast.links.view import LinkState

MOST = 5


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event behind a reason, as it happened: numbers of source, relation, target and day."""

    source: int
    relation: int
    target: int
    day: int


@dataclass(frozen=True, slots=True)
class RuleReason:
    """A rule and the past events that it matches."""

    rule: Rule
    sentence: str
    events: tuple[PastEvent, ...]


@dataclass(frozen=True, slots=True)
class FeatureReason:
    """A feature, its value and what it adds to the score (log odds)."""

    name: str
    value: float
    adds: float


@dataclass(frozen=True, slots=True)
class LinkReasons:
    """What speaks for and against one candidate; without features, nothing proposed it."""

    place: int
    candidates: int
    rules: tuple[RuleReason, ...]
    features: tuple[FeatureReason, ...]


def reasons_of(
    state: LinkState, trees: LinkTrees, featured: Featured, queries: Queries, entity: int, names: Names
) -> LinkReasons:
    """The reasons for one candidate of the first question."""
    scores = trees.predict(featured.values)
    own = np.flatnonzero(featured.entity == entity)
    rules = rule_reasons(state, int(queries.subject[0]), int(queries.relation[0]), entity, queries.day, names)
    if not len(own):
        return LinkReasons(len(scores) + 1, len(scores), rules, ())
    adds = trees.contributions(featured.values[own])[0, :-1]
    strongest = np.argsort(-np.abs(adds), kind="stable")[:MOST]
    features = tuple(
        FeatureReason(featured.names[i], round(float(featured.values[own[0], i]), 4), round(float(adds[i]), 3))
        for i in strongest
    )
    return LinkReasons(int((scores > scores[own[0]]).sum()) + 1, len(scores), rules, features)


def rule_reasons(
    state: LinkState, subject: int, relation: int, entity: int, day: int, names: Names, most: int = MOST
) -> tuple[RuleReason, ...]:
    """The surest rules that lead from past events of two parties to a relation, with those events, surest first."""
    history, relations = state.history, state.history.relations
    events = np.flatnonzero((history.subject == subject) & (history.object == entity) & (history.day < day))
    bucket, body = bucket_of(day - history.day[events]), history.relation[events]
    sure = state.rules.confidence[bucket, body, relation]
    cells, first, inverse = np.unique(bucket * 2 * relations + body, return_index=True, return_inverse=True)
    order = sorted(range(len(cells)), key=lambda i: (-float(sure[first[i]]), int(cells[i])))
    found = []
    for i in order[:most]:
        rule = state.rules.rule(int(bucket[first[i]]), int(body[first[i]]), relation)
        matched = tuple(_as_happened(state, int(event)) for event in events[inverse == i][::-1])
        found.append(RuleReason(rule, rule.sentence(names.relations), matched))
    return tuple(found)


def _as_happened(state: LinkState, event: int) -> PastEvent:
    history = state.history
    one, kind, other = (int(column[event]) for column in (history.subject, history.relation, history.object))
    if kind < history.relations:
        return PastEvent(one, kind, other, int(history.day[event]))
    return PastEvent(other, kind - history.relations, one, int(history.day[event]))
