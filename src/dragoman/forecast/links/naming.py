"""Features of names: country and sector of both, and what such parties usually do to such parties."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from dragoman.forecast.links.facts import Ints
from dragoman.forecast.links.history import Weights, tally
from dragoman.forecast.links.view import EVER, Columns, DayView, Matches, Picked, Proposal, share

UNKNOWN, SAME, OTHER = 0, 1, 2
"""How the countries of two entities stand to each other."""

LIVELIEST = 4000
"""Most active entities among which likely types are looked for."""

OWN = 5.0
"""Events that an entity's own country is worth in its profile of countries."""


class Naming:
    """What the names tell of a question and its candidates."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        self.country, self.sector = view.state.kinds.country, view.state.kinds.sector
        self.countries, self.sectors = view.state.kinds.countries, view.state.kinds.sectors
        subject = view.queries.subject
        long = view.decay(120.0)
        keys, self.sector_row = np.unique(
            self.sector[subject] * view.kinds + view.queries.relation, return_inverse=True
        )
        like = view.by_group("sector", self.sector, keys, with_relation=True)
        self.of_sector = view.counts(like, len(keys), long)
        self.type_share = self._type_share(like, len(keys))[self.sector_row]
        self.relation_type_share = self._type_share(view.of_relation, len(view.relations))
        own = self.country[subject]
        keys, self.country_relation_row = np.unique(own * view.kinds + view.queries.relation, return_inverse=True)
        keys = np.where(keys >= view.kinds, keys, -1)
        self.of_country_same = view.counts(
            view.by_group("country", self.country, keys, with_relation=True), len(keys), long
        )
        keys, self.country_row = np.unique(own, return_inverse=True)
        keys = np.where(keys > 0, keys, -1)
        found = view.by_group("country", self.country, keys, with_relation=False)
        self.of_country = view.counts(found, len(keys), view.decay(30.0))
        self.profile = self._profile()
        self.at_home, self.anywhere = view.once("within", self._within)

    def proposals(self) -> list[Proposal]:
        """Those whom parties of such a sector or country usually deal with."""
        return [
            self._likely_types(),
            Proposal(self.of_country_same, 30, self.country_relation_row),
            Proposal(self.of_country, 30, self.country_row),
        ]

    def columns(self, picked: Picked) -> Columns:
        """Shares by sector and country, whether the country is the same, and the likeness of profiles."""
        view, row, entity = self.view, picked.row, picked.entity
        bond = self._bond(view.queries.subject[row], entity)
        kind = self.sector[entity] * 3 + bond
        country = self.country[entity]
        found: Columns = {
            "bond": bond,
            "profile": self.profile[picked.subject_row, entity],
            "type_share": self.type_share[row, kind],
            "relation_type_share": self.relation_type_share[picked.relation_row, kind],
            "backoff": self._backoff(row, entity, bond),
            "of_sector": self.of_sector[self.sector_row[row], entity],
            "of_country_same": self.of_country_same[self.country_relation_row[row], entity],
            "of_country": self.of_country[self.country_row[row], entity],
            "country_active": tally(self.country, view.activity[30.0], self.countries)[country] * (country > 0),
        }
        for name, groups, width in (("country", self.country, self.countries), ("sector", self.sector, self.sectors)):
            columns, weights, group = groups[view.history.object], view.decay(120.0), groups[entity]
            by_subject = view.counts(view.of_subject, len(view.subjects), weights, columns, width)
            by_question = view.counts(view.same, len(view), weights, columns, width)
            found[f"subject_{name}"] = share(
                by_subject[picked.subject_row, group], by_subject.sum(1)[picked.subject_row]
            )
            found[f"same_{name}"] = share(by_question[row, group], by_question.sum(1)[row])
        return found

    def _bond(self, one: Ints, other: Ints) -> Ints:
        left, right = self.country[one], self.country[other]
        return np.where((left == 0) | (right == 0), UNKNOWN, np.where(left == right, SAME, OTHER))

    def _type_share(self, found: Matches, rows: int) -> Weights:
        """Share of each sector, by bond, among the parties of some events, rows x (sectors * 3)."""
        history = self.view.history
        kind = self.sector[history.object] * 3 + self._bond(history.subject, history.object)
        counts = self.view.counts(found, rows, None, kind, self.sectors * 3)
        shares: Weights = (counts + 0.1) / (counts.sum(1, keepdims=True) + 1)
        return shares

    def _profile(self) -> Weights:
        """Cosine of the countries that two entities deal with, their own included, subjects x entities."""
        unit, turned = self.view.once("profiles", self._profiles)
        cosine: Weights = (unit[self.view.subjects] @ turned).toarray()
        return cosine

    def _profiles(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Entities x countries, each row of length 1; and the same turned around."""
        view = self.view
        shape = (view.entities, self.countries)
        met = self.country[view.history.object]
        known = met > 0
        seen = sparse.csr_matrix((np.ones(known.sum()), (view.history.subject[known], met[known])), shape=shape)
        named = np.flatnonzero(self.country > 0)
        own = sparse.csr_matrix((np.full(len(named), OWN), (named, self.country[named])), shape=shape)
        total = sparse.csr_matrix(seen + own)
        size = np.sqrt(np.asarray(total.multiply(total).sum(1)).ravel())
        unit = sparse.csr_matrix(sparse.diags(1 / np.maximum(size, 1e-9)) @ total)
        return unit, sparse.csr_matrix(unit.T)

    def _likely_types(self) -> Proposal:
        """The most active entities by how usual their type is here, questions x the most active."""
        view = self.view
        lively = np.argsort(-self._active(), kind="stable")[:LIVELIEST]
        row, entity = np.arange(len(view))[:, None], lively[None, :]
        bond = self._bond(view.queries.subject[:, None], entity)
        return Proposal(self._backoff(row, entity, bond), 60, columns=lively)

    def _backoff(self, row: Ints, entity: Ints, bond: Ints) -> Weights:
        """Share of the candidate's type times its share of that type's events: for pairs that never met."""
        kind_share = self.type_share[row, self.sector[entity] * 3 + bond]
        within = np.where(bond == SAME, self.at_home[entity], self.anywhere[entity])
        scores: Weights = kind_share * within * (1 + 3 * self.profile[self.view.subject_row[row], entity])
        return scores

    def _active(self) -> Weights:
        return self.view.activity[30.0] + 0.2 * self.view.activity[EVER]

    def _within(self) -> tuple[Weights, Weights]:
        """Each entity's share of the events of its sector in its country, and of its sector anywhere."""
        active = self._active()
        both = self.country * self.sectors + self.sector
        at_home: Weights = active / (np.bincount(both, weights=active)[both] + 1)
        anywhere: Weights = active / (np.bincount(self.sector, weights=active)[self.sector] + 1)
        return at_home, anywhere
