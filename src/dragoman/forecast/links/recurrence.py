"""Features of recurrence: how often and how lately subject and candidate met, and by which rules they meet again."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.links.history import Weights, tally
from dragoman.forecast.links.rules import bucket_of
from dragoman.forecast.links.view import EVER, NEVER, Columns, DayView, Picked, Proposal, share

RECENT = 15
"""Days within which a match of a rule counts as recent."""


class Recurrence:
    """What subject and candidate did to each other before."""

    def __init__(self, view: DayView) -> None:
        self.view = view

    def proposals(self) -> list[Proposal]:
        """None of its own: who met before is proposed by rules."""
        return []

    def columns(self, picked: Picked) -> Columns:
        """Decayed counts, shares and days since the last event."""
        view = self.view
        cell = (picked.subject_row, picked.entity)
        found: Columns = {}
        for half_life, pairs in view.pairs.items():
            weights = view.decay(half_life)
            found[f"pair_{half_life:g}"] = pairs[cell]
            found[f"same_{half_life:g}"] = same = picked.sums(view.same, weights)
            if half_life in (7.0, 30.0, EVER):
                found[f"pair_share_{half_life:g}"] = share(pairs[cell], pairs.sum(1)[picked.subject_row])
            if half_life in (30.0, EVER):
                total = tally(view.same.row, weights[view.same.event], len(view))
                found[f"same_share_{half_life:g}"] = share(same, total[picked.row])
                found[f"other_share_{half_life:g}"] = share(pairs[cell], view.activity[half_life][picked.entity])
                found[f"inverse_{half_life:g}"] = picked.sums(view.inverse, weights)
        found["same_since"] = picked.days_since(view.same)
        found["inverse_since"] = picked.days_since(view.inverse)
        found["pair_since"] = self._pair_since()[cell]
        found["same_direction_30"] = self._same_direction(picked)
        return found

    def _pair_since(self) -> Weights:
        view, events = self.view, self.view.of_subject
        since = np.full(len(view.subjects) * view.entities, NEVER)
        np.minimum.at(since, events.row * view.entities + view.history.object[events.event], view.age[events.event])
        return since.reshape(len(view.subjects), view.entities)

    def _same_direction(self, picked: Picked) -> Weights:
        view = self.view
        given = (view.history.relation < view.kinds // 2) * view.decay(30.0)
        out = view.counts(view.of_subject, len(view.subjects), given)[picked.subject_row, picked.entity]
        asks_target = (view.queries.relation < view.kinds // 2)[picked.row]
        return np.where(asks_target, out, view.pairs[30.0][picked.subject_row, picked.entity] - out)


class RuleMatches:
    """How surely the rules of length one lead from past events to this one."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        self.found = view.of_question
        events = self.found.event
        bucket = bucket_of(view.age)
        head = view.queries.relation[self.found.row]
        self.confidence = view.state.rules.confidence[bucket[events], view.history.relation[events], head]
        self.cells = self.found.row * view.entities + view.history.object[events]
        risk = -np.log1p(-np.minimum(self.confidence, 0.99))
        size = len(view) * view.entities
        self.any = tally(self.cells, risk, size).reshape(len(view), view.entities)

    def proposals(self) -> list[Proposal]:
        """The partners whom the rules favour, and those met lately or often."""
        view = self.view
        lately = view.pairs[30.0] + 1e-3 * view.pairs[EVER]
        return [Proposal(self.any, 150), Proposal(lately, 100, view.subject_row)]

    def columns(self, picked: Picked) -> Columns:
        """Noisy-or (as a sum of log odds against), the surest match, its parts and place."""
        slots = picked.slots(self.found)
        kept = slots >= 0
        surest = np.zeros(len(picked))
        np.maximum.at(surest, slots[kept], self.confidence[kept])
        recent = kept & (self.view.age[self.found.event] <= RECENT)
        any_rule = self.any[picked.row, picked.entity]
        return {
            "rules_any": any_rule,
            "rules_share": share(any_rule, self.any.sum(1)[picked.row]),
            "rules_place": picked.rank(any_rule),
            "rules_surest": surest,
            "rules_recent": tally(slots[recent], self.confidence[recent].astype(np.float64), len(picked)),
            "rules_of_question": self.any.sum(1)[picked.row],
        }
