"""Blocs in a signed network: groups that cooperate among themselves and clash with others.

Candidates are the communities that Louvain (Blondel et al. 2008, as networkx keeps it) finds in the positive ties at
several resolutions. Each is improved by moving single actors, and the one of the highest signed modularity (Gómez,
Jensen and Arenas 2009, Physical Review E 80, 016114) is taken. Seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx
import numpy as np
import numpy.typing as npt

RESOLUTIONS = (0.5, 0.75, 1.0, 1.5, 2.0)
"""Louvain's resolutions that are tried; a higher one gives smaller communities."""

SEEDS = (1, 2, 3)

LARGE = 2_000
"""Positive ties from which Louvain runs once only, at resolution 1, as each run takes long."""

SWEEPS = 20
"""How often at most every actor may move."""

Array = npt.NDArray[np.float64]
Strengths = Mapping[tuple[str, str], float]
"""The strength of each tie, above 0 for cooperation and below it for conflict; each pair stands once."""


def find_blocs(strengths: Strengths) -> tuple[list[frozenset[str]], float | None]:
    """Groups of two and more actors, largest first, and the signed modularity of the division (-1 to +1).

    Every member of a bloc cooperates with another member of it. The modularity is None where no tie leans to a side.
    """
    actors = sorted({actor for pair in strengths for actor in pair})
    if not any(strengths.values()):
        return [], None
    positive = networkx.Graph()
    positive.add_nodes_from(actors)
    positive.add_weighted_edges_from((*pair, strengths[pair]) for pair in sorted(strengths) if strengths[pair] > 0)
    table = strength_table(actors, strengths)
    merit = modularity_table(table)
    found: list[tuple[float, list[tuple[str, ...]]]] = []
    for start in _candidates(positive, actors):
        groups = _connected(positive, actors, _improve(start, table, merit))
        found.append((_score(groups, actors, table, merit), groups))
    score, best = min(found, key=lambda entry: (-round(entry[0], 9), len(entry[1]), entry[1]))
    blocs = [frozenset(group) for group in best if len(group) > 1]
    return sorted(blocs, key=lambda bloc: (-len(bloc), sorted(bloc))), score


def strength_table(actors: Sequence[str], strengths: Strengths) -> Array:
    """The symmetric matrix of strengths."""
    place = {actor: i for i, actor in enumerate(actors)}
    table = np.zeros((len(actors), len(actors)))
    for (first, second), strength in sorted(strengths.items()):
        table[place[first], place[second]] = table[place[second], place[first]] = strength
    return table


def modularity_table(table: Array) -> Array:
    """What each two actors add to the signed modularity when they are put together, before it is scaled.

    Gómez, Jensen and Arenas 2009, equation 16: the strength less what chance gives, from positive and from negative
    ties apart.
    """
    merit = table.copy()
    for part, sign in ((np.maximum(table, 0), 1.0), (np.maximum(-table, 0), -1.0)):
        total = part.sum()
        if total:
            merit -= sign * np.outer(part.sum(1), part.sum(1)) / total
    return merit


def signed_modularity(groups: Sequence[Sequence[str]], strengths: Strengths) -> float:
    """The signed modularity of a division of all actors, -1 to +1; 0 where no tie leans to a side."""
    actors = sorted({actor for pair in strengths for actor in pair})
    table = strength_table(actors, strengths)
    return _score([tuple(group) for group in groups], actors, table, modularity_table(table))


def _score(groups: Sequence[tuple[str, ...]], actors: Sequence[str], table: Array, merit: Array) -> float:
    place = {actor: i for i, actor in enumerate(actors)}
    labels = np.zeros(len(actors), dtype=np.int64)
    for number, group in enumerate(groups):
        labels[[place[actor] for actor in group]] = number
    whole = float(np.abs(table).sum())
    return float(merit[labels[:, None] == labels[None, :]].sum()) / whole if whole else 0.0


def _candidates(positive: networkx.Graph, actors: Sequence[str]) -> list[tuple[int, ...]]:
    """Divisions to start from, as a group's number for each actor: everybody alone, and what Louvain finds."""
    found = {tuple(range(len(actors)))}
    if positive.number_of_edges():
        large = positive.number_of_edges() > LARGE
        for resolution in (1.0,) if large else RESOLUTIONS:
            for seed in SEEDS[:1] if large else SEEDS:
                groups = networkx.community.louvain_communities(positive, resolution=resolution, seed=seed)
                number = {actor: i for i, group in enumerate(groups) for actor in group}
                found.add(tuple(number[actor] for actor in actors))
    return sorted(found)


def _improve(start: Sequence[int], table: Array, merit: Array) -> list[int]:
    """Moves one actor at a time to the group of friends, or to solitude, where the modularity gains most."""
    size = len(start)
    labels = list(start)
    members = np.zeros((size, size + 1))
    members[range(size), labels] = 1.0
    for _ in range(SWEEPS):
        moved = False
        for actor in range(size):
            members[actor, labels[actor]] = 0.0
            gains = merit[actor] @ members
            friends = np.maximum(table[actor], 0) @ members
            empty = int(np.flatnonzero(members.sum(0) == 0)[0])
            gains[friends <= 0] = -np.inf
            gains[empty] = 0.0
            here, best = labels[actor], int(np.argmax(gains))
            if gains[best] > gains[here] + 1e-9:
                labels[actor], moved = best, True
            members[actor, labels[actor]] = 1.0
        if not moved:
            break
    return labels


def _connected(positive: networkx.Graph, actors: Sequence[str], labels: Sequence[int]) -> list[tuple[str, ...]]:
    """The groups, each parted where no positive tie holds it together."""
    groups: dict[int, list[str]] = {}
    for actor, label in zip(actors, labels, strict=True):
        groups.setdefault(label, []).append(actor)
    parts = [part for group in groups.values() for part in networkx.connected_components(positive.subgraph(group))]
    return sorted(tuple(sorted(part)) for part in parts)


SHARED = 0.5
"""The share of the smaller bloc's members that must stand in the other for two blocs of two periods to be one."""


def match_blocs(earlier: Sequence[frozenset[str]], later: Sequence[frozenset[str]]) -> dict[int, int]:
    """Which earlier bloc lives on in which later one, by place in the lists; each lives on once at most.

    More than `SHARED` of the smaller one's members must be common: a bloc may grow or shrink. Of the possible
    pairs those of the highest sum of shares of common members are taken (Jaccard's index, by which Greene, Doyle and
    Cunningham 2010 follow communities over time).
    """
    graph = networkx.Graph()
    for i, one in enumerate(earlier):
        for j, other in enumerate(later):
            common = len(one & other)
            if common > SHARED * min(len(one), len(other)):
                graph.add_edge(("earlier", i), ("later", j), weight=common / len(one | other))
    pairs = (sorted(pair) for pair in networkx.max_weight_matching(graph))
    return dict(sorted((first[1], second[1]) for first, second in pairs))
