from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from dragoman.coding.encoder import Phrase, best_domain, best_mode, encoder
from dragoman.coding.labels import DOMAINS, KINDS, MODES
from dragoman.terms import Domain, EventType

WORDS = "South Korea accused North Korea of shelling a border post .".split()
SEOUL, PYONGYANG = Phrase(0, 2, 1), Phrase(3, 5, 4)


def test_shares_are_probabilities() -> None:
    read = encoder().read(WORDS)
    judged = read.judge([SEOUL, PYONGYANG], [(0, 2, 1), (1, None, None)])
    for shares in (read.spots, judged.kinds, judged.factualities, judged.modes, judged.domains):
        assert shares.sum(1) == pytest.approx(np.ones(len(shares)), abs=1e-4)
    roles = read.roles([SEOUL, PYONGYANG], [(2, 0), (2, 1)])
    assert ((roles >= 0) & (roles <= 1)).all()


def test_a_plain_accusation_is_found_with_its_sides() -> None:
    read = encoder().read(WORDS)
    assert KINDS[int(read.spots[2].argmax())] is EventType.ACCUSE
    roles = read.roles([SEOUL, PYONGYANG], [(2, 0), (2, 1)])
    assert roles[0, 0] > 0.5 > roles[0, 1]
    assert roles[1, 1] > 0.5 > roles[1, 0]
    right, turned = read.judge([SEOUL, PYONGYANG], [(0, 2, 1), (1, 2, 0)]).kinds
    assert KINDS[int(right.argmax())] is EventType.ACCUSE
    assert KINDS[int(turned.argmax())] is None


def test_a_sentences_numbers_do_not_depend_on_its_neighbours() -> None:
    first = encoder().read(WORDS)
    encoder().read(["Peru", "praised", "Chile", "."])
    assert np.array_equal(first.spots, encoder().read(WORDS).spots)


def test_a_very_long_sentence_is_read_to_its_limit() -> None:
    read = encoder().read(["word"] * 500)
    assert read.spots.shape == (500, len(KINDS))


def test_a_mode_of_another_type_is_never_told() -> None:
    shares = np.zeros(len(MODES), np.float32)
    shares[MODES.index((EventType.ASSAULT, "drone"))] = 1
    assert best_mode(shares, EventType.ASSAULT) == "drone"
    assert best_mode(shares, EventType.COERCE) is None


def test_an_unlikely_domain_stays_unknown() -> None:
    shares = np.full(len(DOMAINS), 0.02, np.float32)
    assert best_domain(shares) is None
    shares[DOMAINS.index(Domain.ARMS)] = 0.9
    assert best_domain(shares) is Domain.ARMS


def test_what_ships_is_small() -> None:
    folder = files("dragoman.coding").joinpath("data/encoder")
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) <= 30e6


def test_a_sentences_numbers_are_the_same_on_every_processor() -> None:
    words = "Russia will deliver air defence missiles to North Korea next month , the ministry said .".split()
    expected = [-0.2051, -0.0032, 0.1024, -0.7697, -0.4649, -0.1834, 0.0935, 0.2627]
    assert encoder().read(words).vectors[2, :8].tolist() == pytest.approx(expected, abs=0.01)
