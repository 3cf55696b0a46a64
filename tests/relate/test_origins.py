"""Reports are parted by origin as the links between their documents say, in whatever order they come."""

from __future__ import annotations

import random
from datetime import date

import networkx
import numpy as np
import pytest

from dragoman.relate.evidence import Report
from dragoman.relate.origins import FEW, NEAR_COPY, PERMUTATIONS, count_origins, likeness, near_copies, origins
from making import make_document, make_mention


def made(number: int, seed: int) -> list[Report]:
    """Reports of some documents; some share an outlet, an agency, a sentence or half of their text."""
    chance, numbers = random.Random(seed), np.random.default_rng(seed)
    texts = [numbers.integers(0, 2**32, PERMUTATIONS, dtype="<u4") for _ in range(3)]

    def mark() -> bytes | None:
        if chance.random() < 0.2:
            return None
        text = chance.choice(texts).copy()
        changed = numbers.permutation(PERMUTATIONS)[: chance.choice([0, 31, 32, 33, 60, 64])]
        text[changed] = numbers.integers(0, 2**32, len(changed), dtype="<u4")
        return text.tobytes()

    documents = [
        (
            make_document(url=f"https://x.example/{place}"),
            chance.choice([None, *"abcdefghijklmnopqrst"]),
            chance.choice([*[None] * 9, "Yonhap"]),
            mark(),
        )
        for place in range(number)
    ]
    return [
        Report(
            make_mention(document), outlet, date(2024, 6, 20), f"Sentence {chance.randint(0, 40)}.", (), credit, sketch
        )
        for document, outlet, credit, sketch in documents
    ]


def plainly(reports: list[Report]) -> list[list[str]]:
    """Every two reports compared."""
    graph = networkx.Graph()
    graph.add_nodes_from(report.mention.id for report in reports)
    for one in reports:
        for other in reports:
            same = one.sentence == other.sentence or (one.outlet is not None and one.outlet == other.outlet)
            agency = one.credit is not None and one.credit == other.credit
            both = one.signature is not None and other.signature is not None
            copy = both and likeness(one.signature or b"", other.signature or b"") >= NEAR_COPY
            if same or agency or copy:
                graph.add_edge(one.mention.id, other.mention.id)
    return sorted(sorted(group) for group in networkx.connected_components(graph))


@pytest.mark.parametrize("seed", range(6))
def test_origins_are_what_comparing_every_two_reports_gives(seed: int) -> None:
    reports = made(25, seed)
    found = [[report.mention.id for report in group] for group in origins(reports)]
    assert found == plainly(reports)
    assert 1 < len(found) < len(reports)
    assert origins(reports[::-1]) == origins(reports)


def test_no_report_has_no_origin() -> None:
    assert origins([]) == []


def test_origins_are_counted_as_they_are_parted() -> None:
    reports = made(60, 3)
    copies = near_copies(reports)
    for part in (reports, reports[::2], reports[:7], reports[:1], []):
        assert count_origins(part, copies) == len(origins(part))


def test_near_copies_among_very_many_are_those_that_comparing_every_two_finds() -> None:
    reports = made(2 * FEW, 5)
    marks = sorted({report.signature for report in reports if report.signature})
    expected = {
        (one, other)
        for place, one in enumerate(marks)
        for other in marks[place + 1 :]
        if likeness(one, other) >= NEAR_COPY
    }
    found = [(one, other) for one, others in near_copies(reports).items() for other in others]
    assert len(marks) > FEW
    assert set(found) == expected
    assert len(found) == len(expected)
