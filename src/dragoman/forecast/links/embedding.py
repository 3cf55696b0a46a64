"""Vectors of entities and relations, learned day by day: who is a likely party by all that was seen so far.

For (subject, relation, ?) a small network reads five vectors: the subject's, the relation's, their product, the fading
mean of the subject's recent partners, and that of its partners under this relation. Its output's products with the
vectors of all entities are the scores. It is trained to name the partner (softmax over sampled entities, Adagrad) in
the order of the days, so what it knows on a day comes from earlier days alone; every new day is learned once past.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links.facts import Facts, Ints
from dragoman.forecast.links.protocol import Floats, Queries

SIZE = 64
INPUTS = 5


class FadingMeans:
    """For each key the mean of vectors seen, each halved in weight every `half_life` days."""

    def __init__(self, keys: int, size: int, half_life: float) -> None:
        self.sums: Floats = np.zeros((keys, size), dtype=np.float32)
        self.weights: Floats = np.zeros(keys, dtype=np.float32)
        self.days: Ints = np.zeros(keys, dtype=np.int64)
        self.half_life = half_life

    def at(self, keys: Ints, day: int) -> Floats:
        """Means on a day, keys x size; shrunk to 0 where little was seen lately."""
        fade = np.exp2(-(day - self.days[keys]) / self.half_life).astype(np.float32)
        weight = self.weights[keys] * fade
        means: Floats = self.sums[keys] * (fade / (weight + 0.5))[:, None]
        return means

    def add(self, keys: Ints, vectors: Floats, day: int) -> None:
        """Take in vectors of a day."""
        unique = np.unique(keys)
        fade = np.exp2(-(day - self.days[unique]) / self.half_life).astype(np.float32)
        self.sums[unique] *= fade[:, None]
        self.weights[unique] *= fade
        self.days[unique] = day
        np.add.at(self.sums, keys, vectors)
        np.add.at(self.weights, keys, np.float32(1))

    def clear(self) -> None:
        """Forget everything."""
        self.sums[:] = 0
        self.weights[:] = 0
        self.days[:] = 0


class Parameter:
    """An array that learns by Adagrad."""

    def __init__(self, value: NDArray[np.floating], rate: float) -> None:
        self.value: Floats = value.astype(np.float32)
        self.squares: Floats = np.full(self.value.shape, 1e-3, dtype=np.float32)
        self.rate = np.float32(rate)

    def step(self, gradient: Floats, rows: Ints | None = None) -> None:
        """Go down the gradient, at all or at unique rows."""
        if rows is None:
            self.squares += gradient * gradient
            self.value -= self.rate * gradient / np.sqrt(self.squares)
            return
        unique, where = np.unique(rows, return_inverse=True)
        total = np.zeros((len(unique), *gradient.shape[1:]), dtype=np.float32)
        np.add.at(total, where, gradient)
        self.squares[unique] += total * total
        self.value[unique] -= self.rate * total / np.sqrt(self.squares[unique])


class Embedding:
    """Scores of entities from learned vectors."""

    def __init__(
        self,
        entities: int,
        relations: int,
        seed: int = 0,
        size: int = SIZE,
        rate: float = 0.05,
        drop: float = 0.3,
        negatives: int = 1500,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self.entities, self.kinds = entities, 2 * relations
        start = self._random.standard_normal
        self.subjects = Parameter(start((entities, size)) * 0.1, rate)
        self.objects = Parameter(start((entities, size)) * 0.1, rate)
        self.relations = Parameter(start((self.kinds, size)) * 0.3, rate)
        self.mixing = Parameter(start((INPUTS * size, size)) / np.sqrt(size), rate * 0.4)
        self.bias = Parameter(np.zeros(entities), rate)
        self.size, self.drop, self.negatives = size, drop, negatives
        self._partners = FadingMeans(entities, size, 20.0)
        self._same = FadingMeans(entities * 64, size, 40.0)  # hashed (subject, relation)

    def _cell(self, subject: Ints, relation: Ints) -> Ints:
        return (subject * self.kinds + relation) * 2654435761 % len(self._same.weights)

    def _inputs(self, subject: Ints, relation: Ints, day: int) -> Floats:
        s, r = self.subjects.value[subject], self.relations.value[relation]
        return np.concatenate(
            [s, r, s * r * 3, self._partners.at(subject, day), self._same.at(self._cell(subject, relation), day)],
            axis=1,
        )

    def scores(self, queries: Queries) -> Floats:
        """Log odds up to a constant, queries x entities."""
        hidden = np.tanh(self._inputs(queries.subject, queries.relation, queries.day) @ self.mixing.value)
        found: Floats = hidden @ self.objects.value.T + self.bias.value
        return found

    def remember(self, both: Facts, day: int) -> None:
        """Take a day into the fading means."""
        vectors = self.objects.value[both.target]
        self._partners.add(both.source, vectors, day)
        self._same.add(self._cell(both.source, both.relation), vectors, day)

    def forget(self) -> None:
        """Empty the fading means, to go through the days again."""
        self._partners.clear()
        self._same.clear()

    def learn(self, both: Facts, day: int) -> float:
        """One step on the facts of a day, given what was remembered before it; the mean loss."""
        subject, relation, target = both.source, both.relation, both.target
        size, count = self.size, len(both)
        inputs = self._inputs(subject, relation, day)
        kept = (self._random.random(inputs.shape, dtype=np.float32) >= self.drop) / np.float32(1 - self.drop)
        inputs *= kept
        hidden = np.tanh(inputs @ self.mixing.value)
        positives, own = np.unique(target, return_inverse=True)
        drawn = np.setdiff1d(self._random.integers(0, self.entities, self.negatives), positives)
        pool = np.concatenate([positives, drawn])
        vectors = self.objects.value[pool]
        logits = hidden @ vectors.T + self.bias.value[pool]
        logits[:, len(positives) :] += np.float32(np.log((self.entities - len(positives)) / max(1, len(drawn))))
        logits -= logits.max(1, keepdims=True)
        odds = np.exp(logits)
        odds /= odds.sum(1, keepdims=True)
        rows = np.arange(count)
        loss = float(-np.log(odds[rows, own] + 1e-9).mean())
        odds[rows, own] -= 1
        towards = (odds @ vectors) * (1 - hidden * hidden)
        back = (towards @ self.mixing.value.T) * kept
        s, r = self.subjects.value[subject], self.relations.value[relation]
        product = back[:, 2 * size : 3 * size] * 3
        self.objects.step(odds.T @ hidden, pool)
        self.bias.step(odds.sum(0), pool)
        self.mixing.step(inputs.T @ towards)
        self.subjects.step(back[:, :size] + product * r, subject)
        self.relations.step(back[:, size : 2 * size] + product * s, relation)
        return loss
