"""What the trees learn from and the loss that they follow."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from dragoman.forecast.links.features import Featured
from dragoman.forecast.links.ranker import FOREMOST, OTHERS, LinkTrees, lesson_of, softmax

NO_DATA = lightgbm.Dataset(np.zeros((1, 1)))


def featured(candidates: int, questions: int = 1) -> Featured:
    row = np.repeat(np.arange(questions), candidates)
    entity = np.tile(np.arange(candidates), questions)
    values = np.stack([entity, entity % 7], axis=1).astype(np.float32)
    return Featured(row, entity, values, ("rules_place", "other"), np.zeros(candidates))


def test_the_gradient_is_the_share_less_what_is_right() -> None:
    right = np.array([1, 0, 0, 1], dtype=np.float32)
    objective = softmax(right, np.ones(4, dtype=np.float32), np.array([3, 1]))
    gradient, curvature = objective(np.log(np.array([2.0, 1.0, 1.0, 5.0])), NO_DATA)
    assert gradient.tolist() == pytest.approx([-0.5, 0.25, 0.25, 0.0])
    assert (curvature > 0).all()


def test_a_drawn_candidate_counts_for_those_it_stands_for() -> None:
    right = np.array([1, 0], dtype=np.float32)
    gradient, _ = softmax(right, np.array([1, 3], dtype=np.float32), np.array([2]))(np.zeros(2), NO_DATA)
    assert gradient.tolist() == pytest.approx([-0.75, 0.75])


def test_a_lesson_keeps_the_right_and_the_foremost_and_weighs_the_drawn() -> None:
    many = 500
    answers = (np.array([0]), np.array([400]))
    lesson = lesson_of(featured(many), answers, many, np.random.default_rng(0))
    assert lesson.right.sum() == 1
    assert set(range(FOREMOST)) <= set(lesson.values[:, 0].astype(int))
    assert len(lesson.right) == pytest.approx(FOREMOST + 1 + OTHERS, abs=20)
    assert lesson.weight.sum() == pytest.approx(many, rel=0.5)


def test_questions_whose_answer_is_no_candidate_teach_nothing() -> None:
    answers = (np.array([0, 1]), np.array([3, 99]))
    lesson = lesson_of(featured(5, questions=2), answers, 100, np.random.default_rng(0))
    assert lesson.sizes.tolist() == [5]


def test_trees_say_that_they_are_not_grown() -> None:
    with pytest.raises(ValueError, match="call fit"):
        LinkTrees().predict(np.zeros((1, 2), dtype=np.float32))
