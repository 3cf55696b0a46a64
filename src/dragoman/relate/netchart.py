"""The chart of signed networks: a panel for each period, every actor in the same place in all of them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import altair
import networkx

from dragoman.relate.blocs import match_blocs
from dragoman.relate.drawing import (
    GREEN,
    GREY,
    INK,
    RED,
    WIDTH,
    Chart,
    Row,
    check,
    day_of,
    finish,
    note_under,
    shown_day,
    values_of,
)

MOST_ACTORS = 24
"""The actors drawn: those with most between them and others; the rest would hide them."""

SEEDS = range(1, 13)
"""Seeds of the layouts that are tried; the one in which fewest circles hide a line is drawn."""

CLEAR = 0.035
"""How far a line must stay from the middle of a circle that it does not lead to, in parts of the panel's side."""

HOLD = 0.04
"""A faint pull between every two actors, so that those without a common tie do not fly apart."""

BLOC_COLOURS = ("#8ecbf0", "#f2cf63", "#dba9c9", "#c2bbe8", "#d2b48c", "#9fd6d2", "#dfe28a")
"""Colours of blocs, the longest-lived first; a bloc beyond them is grey."""


def network_chart(networks: Sequence[Row], title: str | None = None) -> Chart:
    """Small multiples of signed networks, green for cooperation and dashed red for conflict, blocs by colour.

    Rows as `Network.row()` gives them: `since`, `until` (ISO dates or None), `nodes` (`key`, `name`, `bloc`: number or
    None) and `edges` (`first`, `second`, `sign`, `cooperation`, `conflict`). The actors with most ties are shown. A
    spring layout (Fruchterman and Reingold 1991) with fixed seeds sets each in one place for all periods.
    """
    check(networks, ("since", "until", "nodes", "edges"), "network")
    shown = _shown(networks)
    check([{"key": key} for key in shown], (), "network")
    places = _places(networks, shown)
    colours = _bloc_colours(networks, shown)
    size = WIDTH if len(networks) == 1 else WIDTH // 2 - 4
    panels = [_panel(net, shown, places, chosen, size) for net, chosen in zip(networks, colours, strict=True)]
    everybody = {edge[side] for net in networks for edge in net["edges"] for side in ("first", "second")}
    hidden = len(everybody) - len(shown)
    notes = ["Circles of one colour stand in one bloc; thick lines rest on more and weightier events."]
    if hidden:
        notes.append(f"The {len(shown)} actors with most ties are shown; {hidden} others are not.")
    grid = altair.concat(*panels, columns=2, spacing=22)
    return finish(altair.vconcat(grid, *(note_under(note, WIDTH) for note in notes), spacing=4), title)


def _shown(networks: Sequence[Row]) -> list[str]:
    """The keys of the actors to draw, sorted."""
    weights: Counter[str] = Counter()
    for net in networks:
        for edge in net["edges"]:
            for side in ("first", "second"):
                weights[edge[side]] += edge["cooperation"] + edge["conflict"]
    return sorted(sorted(weights, key=lambda key: (-weights[key], key))[:MOST_ACTORS])


def _places(networks: Sequence[Row], shown: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Where each actor stands, 0 to 1 both ways: near its friends, with all periods taken together."""
    pulls: dict[tuple[str, str], float] = defaultdict(float)
    for net in networks:
        for edge in net["edges"]:
            total = edge["cooperation"] + edge["conflict"]
            if {edge["first"], edge["second"]} <= set(shown) and total:
                pulls[edge["first"], edge["second"]] += 0.15 + edge["cooperation"] / total
    graph = networkx.Graph()
    graph.add_nodes_from(shown)
    graph.add_weighted_edges_from((one, other, HOLD) for i, one in enumerate(shown) for other in shown[i + 1 :])
    graph.add_weighted_edges_from((*pair, HOLD + pull) for pair, pull in sorted(pulls.items()))
    lines = sorted(pulls)
    tried = [_spread(graph, shown, seed) for seed in SEEDS]
    return min(tried, key=lambda places: _hidden(places, lines))


def _spread(graph: networkx.Graph, shown: Sequence[str], seed: int) -> dict[str, tuple[float, float]]:
    """A spring layout, half drawn towards even distances so that no corner is crowded and none empty."""
    spread = networkx.spring_layout(graph, seed=seed, k=2.4 / len(shown) ** 0.5, iterations=300)
    found: dict[tuple[str, int], float] = {}
    for axis in (0, 1):
        ordered = sorted(shown, key=lambda key: (round(float(spread[key][axis]), 9), key))
        low, high = float(spread[ordered[0]][axis]), float(spread[ordered[-1]][axis])
        for rank, key in enumerate(ordered):
            even = rank / max(len(ordered) - 1, 1)
            drawn = (float(spread[key][axis]) - low) / (high - low) if high > low else 0.5
            found[key, axis] = round((even + drawn) / 2, 4)
    return {key: (found[key, 0], found[key, 1]) for key in shown}


def _hidden(places: dict[str, tuple[float, float]], lines: Sequence[tuple[str, str]]) -> int:
    """How many circles lie on another circle, or on a line that leads to others."""
    found = sum(math.dist(places[one], places[other]) < 2 * CLEAR for one in places for other in places if one < other)
    for first, second in lines:
        (x1, y1), (x2, y2) = places[first], places[second]
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        for key, (x, y) in places.items():
            if key in (first, second) or not length:
                continue
            along = min(max(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length, 0), 1)
            found += math.dist((x, y), (x1 + along * (x2 - x1), y1 + along * (y2 - y1))) < CLEAR
    return found


def _bloc_colours(networks: Sequence[Row], shown: Sequence[str]) -> list[dict[str, str]]:
    """The colour of each actor in each period; a bloc of which two are shown keeps its colour while it lives."""
    taken: list[dict[frozenset[str], int]] = []
    for net in networks:
        members: dict[int, set[str]] = defaultdict(set)
        for node in net["nodes"]:
            if node["bloc"] is not None and node["key"] in shown:
                members[node["bloc"]].add(node["key"])
        blocs = sorted(
            (frozenset(group) for group in members.values() if len(group) > 1),
            key=lambda bloc: (-len(bloc), sorted(bloc)),
        )
        before = taken[-1] if taken else {}
        lives_on = match_blocs(list(before), blocs)
        chosen = {blocs[later]: list(before.values())[earlier] for earlier, later in lives_on.items()}
        free = (
            n for n in range(len(BLOC_COLOURS) + len(blocs)) if n not in set(chosen.values()) | set(before.values())
        )
        taken.append({bloc: chosen[bloc] if bloc in chosen else next(free) for bloc in blocs})
    return [
        {actor: BLOC_COLOURS[n] if n < len(BLOC_COLOURS) else "#d0d0d0" for bloc, n in period.items() for actor in bloc}
        for period in taken
    ]


def _panel(
    net: Row, shown: Sequence[str], places: dict[str, tuple[float, float]], colours: dict[str, str], size: int
) -> altair.LayerChart | altair.FacetChart:
    """One period."""
    edges = [edge for edge in net["edges"] if edge["first"] in places and edge["second"] in places]
    lines = [
        {
            "x": places[edge["first"]][0],
            "y": places[edge["first"]][1],
            "x2": places[edge["second"]][0],
            "y2": places[edge["second"]][1],
            "sign": edge["sign"],
            "weight": min(edge["cooperation"] + edge["conflict"], 30),
        }
        for edge in edges
    ]
    tied = {edge[side] for edge in edges for side in ("first", "second")}
    names = {node["key"]: node["name"] for node in net["nodes"]}
    nodes = [
        {
            "x": places[key][0],
            "y": places[key][1],
            "label": key.split(":", 1)[-1] if len(key.split(":", 1)[-1]) <= 12 else _initials(key.split(":", 1)[-1]),
            "name": names.get(key, key),
            "fill": colours.get(key, "#ffffff"),
        }
        for key in shown
        if key in tied
    ]
    scale = altair.Scale(domain=[-0.04, 1.04])
    x, y = altair.X("x:Q", axis=None, scale=scale), altair.Y("y:Q", axis=None, scale=scale)
    width = altair.StrokeWidth("weight:Q", scale=altair.Scale(type="sqrt", domain=[1, 30], range=[0.8, 5]), legend=None)
    signs = ["positive", "mixed", "negative"]
    named = {"positive": "cooperation leads", "mixed": "mixed", "negative": "conflict leads"}
    labels = "{" + ",".join(f"{sign}:'{text}'" for sign, text in named.items()) + "}[datum.label]"
    legend = altair.Legend(title=None, orient="bottom", direction="horizontal", labelExpr=labels, symbolType="stroke")
    color = altair.Color("sign:N", scale=altair.Scale(domain=signs, range=[GREEN, GREY, RED]), legend=legend)
    dash = altair.StrokeDash("sign:N", scale=altair.Scale(domain=signs, range=[[1, 0], [2, 2], [5, 3]]), legend=legend)
    layers: list[Any] = [
        altair.Chart(values_of(lines))
        .mark_rule(opacity=0.75)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=color, strokeDash=dash, strokeWidth=width),
        altair.Chart(values_of(nodes))
        .mark_point(filled=True, size=640, opacity=1, stroke=INK, strokeWidth=1)
        .encode(x=x, y=y, fill=altair.Fill("fill:N", scale=None)),
        altair.Chart(values_of(nodes))
        .mark_text(fontSize=9.5, fontWeight="bold", color=INK)
        .encode(x=x, y=y, text="label:N"),
    ]
    heading = altair.TitleParams(_days(net), anchor="start", fontSize=12, fontWeight="bold")
    return altair.layer(*layers).properties(width=size, height=int(size * 0.85), title=heading)


def _days(net: Row) -> str:
    since, until = (shown_day(day_of(net[key])) if net[key] else None for key in ("since", "until"))
    if since and until:
        return f"{since} to {until}"
    return f"from {since}" if since else f"until {until}" if until else "all days"


def _initials(name: str) -> str:
    """A body's name in capitals: AU for African Union."""
    return "".join(word[0] for word in name.split() if word[0].isupper() or word[0].isdigit()) or name[:4]
