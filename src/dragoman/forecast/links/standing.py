"""Features of the candidate and of the question alone: how popular, how lively, how new, how much is known."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.links.view import EVER, NEVER, Columns, DayView, Picked, Proposal, share


class Standing:
    """Who is a usual party of such events these days."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        rows = len(view.relations)
        self.popular = {
            half_life: view.counts(view.of_relation, rows, view.decay(half_life)) for half_life in (2.0, 30.0, EVER)
        }

    def proposals(self) -> list[Proposal]:
        """The usual parties of the relation in the last weeks."""
        return [Proposal(self.popular[30.0], 30, self.view.relation_row)]

    def columns(self, picked: Picked) -> Columns:
        """Popularity for the relation, activity, days since first and last seen."""
        view, entity = self.view, picked.entity
        cell = (picked.relation_row, entity)
        found: Columns = {}
        for half_life, popular in self.popular.items():
            found[f"popular_{half_life:g}"] = share(popular[cell], np.maximum(popular.sum(1), 1)[picked.relation_row])
        for half_life, active in view.activity.items():
            found[f"active_{half_life:g}"] = active[entity]
        found["trend"] = view.activity[1.0][entity] / (view.activity[30.0][entity] + 1)
        found["popular_of_active"] = self.popular[EVER][cell] / np.maximum(view.activity[EVER][entity], 1)
        last, first = np.full(view.entities, NEVER), np.zeros(view.entities)
        np.minimum.at(last, view.history.object, view.age)
        np.maximum.at(first, view.history.object, view.age)
        found["active_since"] = last[entity]
        found["known_since"] = first[entity]
        return found


class Question:
    """How much is known about the question itself; the same for all its candidates."""

    def __init__(self, view: DayView) -> None:
        self.view = view

    def proposals(self) -> list[Proposal]:
        """None."""
        return []

    def columns(self, picked: Picked) -> Columns:
        """Direction, activity of the subject, events of subject and relation."""
        view = self.view
        country = view.state.kinds.country[view.queries.subject]
        return {
            "asks_target": (view.queries.relation < view.kinds // 2)[picked.row].astype(np.float64),
            "subject_active_30": view.pairs[30.0].sum(1)[picked.subject_row],
            "subject_events": view.pairs[EVER].sum(1)[picked.subject_row],
            "subject_partners": (view.pairs[EVER] > 0).sum(1)[picked.subject_row],
            "subject_country_known": (country > 0)[picked.row].astype(np.float64),
            "same_events": np.bincount(view.same.row, minlength=len(view))[picked.row],
            "relation_events": np.bincount(view.of_relation.row, minlength=len(view.relations))[picked.relation_row],
        }
