"""Learned vectors: they learn, they fade, they repeat."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.forecast.links.embedding import Embedding, FadingMeans, Parameter
from dragoman.forecast.links.protocol import Queries
from worlds import NAMES, regular_world


def taught(passes: int, seed: int = 0) -> tuple[Embedding, list[float]]:
    embedding = Embedding(len(NAMES.entities), len(NAMES.relations), seed)
    losses = []
    world = regular_world()
    for _ in range(passes):
        embedding.forget()
        for day in np.unique(world.day):
            both = world.of_days(int(day), int(day)).both_ways(len(NAMES.relations))
            losses.append(embedding.learn(both, int(day)))
            embedding.remember(both, int(day))
    return embedding, losses


def test_the_loss_falls_with_learning() -> None:
    _, losses = taught(4)
    assert np.mean(losses[-60:]) < 0.8 * np.mean(losses[:60])


def test_a_regular_partner_is_expected() -> None:
    embedding, _ = taught(6)
    assert embedding.scores(Queries(60, np.array([0]), np.array([1])))[0].argmax() == 1


def test_the_same_seed_gives_the_same_scores() -> None:
    queries = Queries(60, np.array([0, 3]), np.array([1, 6]))
    assert (taught(1)[0].scores(queries) == taught(1)[0].scores(queries)).all()
    assert (taught(1)[0].scores(queries) != taught(1, seed=1)[0].scores(queries)).any()


def test_fading_means_halve_old_vectors() -> None:
    means = FadingMeans(2, 1, half_life=10.0)
    means.add(np.array([1]), np.array([[4.0]], dtype=np.float32), day=0)
    means.add(np.array([1]), np.array([[1.0]], dtype=np.float32), day=10)
    assert means.at(np.array([1]), 10)[0, 0] == pytest.approx((4 / 2 + 1) / (0.5 + 1 + 0.5))
    assert means.at(np.array([0]), 10)[0, 0] == 0


def test_a_parameter_sums_the_gradients_of_a_repeated_row() -> None:
    once, twice = (Parameter(np.zeros((3, 1)), 0.1) for _ in range(2))
    once.step(np.array([[4.0]], dtype=np.float32), np.array([1]))
    twice.step(np.array([[1.0], [3.0]], dtype=np.float32), np.array([1, 1]))
    assert once.value.tolist() == twice.value.tolist()
    assert once.value[1, 0] == pytest.approx(-0.1, abs=1e-4)
    assert once.value[0, 0] == 0
