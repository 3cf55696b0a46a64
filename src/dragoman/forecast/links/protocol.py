"""The protocol by which the literature scores link forecasts: single step, both directions, time-aware filter.

Day by day: a ranker is asked about every fact of the day in both directions before it is shown that day. For each
question, the other true answers to the same question on the same day are taken out (the time-aware filter: answers that
were true on other days stay in). Candidates with the score of the right answer share the mean of their ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links.facts import Facts, Ints

Floats = NDArray[np.float32]
HITS = (1, 3, 10)


@dataclass(frozen=True, slots=True)
class Queries:
    """Questions of one day: (subject, relation, ?); a relation from R upward asks for the source of an event."""

    day: int
    subject: Ints
    relation: Ints

    def __len__(self) -> int:
        return len(self.subject)


class LinkRanker(Protocol):
    """Ranks entities as answers, from what it has been shown so far."""

    def predict(self, queries: Queries) -> Floats:
        """Scores of every entity for every question, queries x entities; higher is likelier."""
        ...

    def observe(self, facts: Facts) -> None:
        """Learn what happened on a day that is past."""
        ...


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Ranks of the right answers (1 is best, halves where candidates tie)."""

    ranks: NDArray[np.float64]

    def summary(self) -> dict[str, float | int]:
        """INTERFACE's keys: mrr, hits1, hits3, hits10 (0..1, higher is better) and n."""
        share = {f"hits{k}": round(float((self.ranks <= k).mean()), 4) for k in HITS}
        return {"mrr": round(float((1 / self.ranks).mean()), 4), **share, "n": len(self.ranks)}


def evaluate_links(ranker: LinkRanker, facts: Facts, relations: int) -> LinkScores:
    """Ranks for every fact in both directions, day by day; `relations` is the number of relations, R."""
    ranks = []
    for day in np.unique(facts.day):
        today = facts.of_days(int(day), int(day))
        asked = today.both_ways(relations)
        ranks.append(_ranks_of_day(ranker, asked, relations, int(day)))
        ranker.observe(today)
    return LinkScores(np.concatenate(ranks) if ranks else np.zeros(0))


def mean_ranks(scores: Floats, answers: Ints, true: tuple[Ints, Ints]) -> NDArray[np.float64]:
    """Rank of each row's answer among the row's scores, without the row's other true answers.

    `scores` is rows x entities; `true` gives rows and entities of all true answers. Ties share their mean rank.
    """
    rows = np.arange(len(answers))
    own = scores[rows, answers]
    above = (scores > own[:, None]).sum(1)
    equal = (scores == own[:, None]).sum(1)
    true_rows, true_entities = true
    others = true_entities != answers[true_rows]
    true_rows, true_entities = true_rows[others], true_entities[others]
    theirs = scores[true_rows, true_entities]
    above -= np.bincount(true_rows[theirs > own[true_rows]], minlength=len(answers))
    equal -= np.bincount(true_rows[theirs == own[true_rows]], minlength=len(answers))
    ranks: NDArray[np.float64] = above + (equal + 1) / 2
    return ranks


def _ranks_of_day(ranker: LinkRanker, asked: Facts, relations: int, day: int) -> NDArray[np.float64]:
    keys, row = np.unique(asked.source * (2 * relations) + asked.relation, return_inverse=True)
    queries = Queries(day, keys // (2 * relations), keys % (2 * relations))
    scores = ranker.predict(queries)
    pairs = np.unique(np.stack([row, asked.target]), axis=1)  # a fact told twice is one answer
    order = np.argsort(pairs[0], kind="stable")
    first = np.searchsorted(pairs[0][order], np.arange(len(keys) + 1))
    counts = np.diff(first)[row]
    true_rows = np.repeat(np.arange(len(row)), counts)
    offsets = np.arange(len(true_rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    true_entities = pairs[1][order][first[row][true_rows] + offsets]
    return mean_ranks(scores[row], asked.target, (true_rows, true_entities))
