"""Says in words what moved the odds of a question, with the events behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from dragoman.forecast.bodies import Body
from dragoman.forecast.features import NEVER
from dragoman.forecast.history import Flags, History
from dragoman.forecast.models.shape import Reason
from dragoman.forecast.pledges import open_words
from dragoman.forecast.questions import EventClass, Kind

MOST_EVENTS = 5
"""Events told behind one reason: the newest."""

LEAST_MOVED = 0.05
"""Log-odds below which a feature is not worth telling."""


LEAST_SHOWN = 0.005
"""Values nearer to 0 are shown as 0."""


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words, by how much it moved the odds (log-odds; None: told only), and ids of the events behind it."""

    words: str
    weight: float | None
    events: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What a reason looks at: what was known, on which day, of which pair (by number) and class."""

    history: History
    day: int
    source: int
    target: int
    event_class: EventClass

    @property
    def names(self) -> tuple[str, str]:
        """The two parties."""
        return self.history.parties[self.source], self.history.parties[self.target]


_WINDOWS = {"ever": 36_500, "last": 36_500}
_FAMILIES = (
    (r"own_(\w+)", "{class} from {a} to {b}", "forth"),
    (r"back_(\w+)", "{class} from {b} to {a}", "back"),
    (r"any_source_(\w+)", "what {a} does and suffers with anybody", "source"),
    (r"any_target_(\w+)", "what {b} does and suffers with anybody", "target"),
    (r"any_back_(\w+)", "events of any kind from {b} to {a}", "any_back"),
    (r"any_both_(\w+)", "events of any kind between the two", "any_either"),
    (r"any_(\w+)", "events of any kind from {a} to {b}", "any"),
    (r"source_out_(\w+)", "{class} from {a} to others", "source_out"),
    (r"source_in_(\w+)", "{class} from others to {a}", "source_in"),
    (r"target_in_(\w+)", "{class} from others to {b}", "target_in"),
    (r"target_out_(\w+)", "{class} from {b} to others", "target_out"),
    (r"world_(\w+)", "{class} in the whole record", "world"),
    (r"(?:words|pledges)_back_(\w+)", "words of the same field or course from {b} to {a}", "any_back"),
    (r"(?:words|pledges)_(\w+)", "words of the same field or course from {a} to {b}", "any"),
    (r"quad\d_back_(\w+)", "events of quad {quad} from {b} to {a}", "quad_back"),
    (r"quad\d_(\w+)", "events of quad {quad} from {a} to {b}", "quad"),
    (r"(?:pledge_odds|pledges)_(\w+)", "open pledges of {a} to {b}, by how such pledges fared", "pledge"),
    (r"(?:threat_odds|threats)_(\w+)", "open threats of {a} to {b}, by how such threats fared", "threat"),
    (r"(?:friends|enemies)_of_(?:friends|enemies)", "ties of the two with the same third actors", "third"),
    (r"home_\w+_source", "what goes on within {a}", "home_source"),
    (r"home_\w+_target", "what goes on within {b}", "home_target"),
    (r"era_\w+", "how long and how busy the present era of the two is", "any_either"),
    (r"tone(?:_\w+)?", "the tone between the two lately", "any_either"),
)


def tell(reason: Reason, seen: Seen, bodies: tuple[Body, ...]) -> Told:
    """The reason in words with the newest events behind it."""
    if reason.feature == "rule" and reason.column is not None:
        rows = bodies[reason.column].events(seen.history, seen.day, seen.source, seen.target)
        a, b = seen.names
        named = re.sub(r"\b[AB]\b", lambda found: a if found[0] == "A" else b, reason.words)
        return Told(f"rule: {named}", reason.weight, newest(seen, rows))
    words, rows = _feature(reason.feature, seen)
    if reason.weight is None:
        return Told(reason.words, None, newest(seen, rows))
    value = float(reason.words.partition(" = ")[2])
    shown = (
        "never" if reason.feature.endswith("_last") and value >= NEVER else f"{value if abs(value) > 0.005 else 0:.3g}"
    )
    direction = "raises" if reason.weight > 0 else "lowers"
    return Told(f"{words} ({reason.feature} = {shown}) {direction} the odds", reason.weight, newest(seen, rows))


def newest(seen: Seen, rows: Flags) -> tuple[str, ...]:
    """Ids of the newest events among rows known on the day."""
    places = np.flatnonzero(rows)
    order = np.lexsort((seen.history.ids[places], -seen.history.day[places]))
    return tuple(dict.fromkeys(str(key) for key in seen.history.ids[places[order][: 3 * MOST_EVENTS]]))[:MOST_EVENTS]


def _feature(name: str, seen: Seen) -> tuple[str, Flags]:
    a, b = seen.names
    for pattern, words, family in _FAMILIES:
        found = re.fullmatch(pattern, name)
        if found is None:
            continue
        quad = name[4] if name.startswith("quad") else ""
        texts = {"class": _plural(seen.event_class), "a": a, "b": b, "quad": quad}
        span = found[1] if found.groups() else "30"
        days = _WINDOWS.get(span) or 3 * int(span if span.isdigit() else 122)
        return words.format(**texts), _rows(family, quad, seen) & (seen.history.day > seen.day - days)
    return name.replace("_", " "), np.zeros(len(seen.history), dtype=bool)


def _plural(event_class: EventClass) -> str:
    return re.sub(r"^(event|word|deed)\b", r"\1s", event_class.words).replace("answers", "answer")


def _rows(family: str, quad: str, seen: Seen) -> Flags:
    history, source, target = seen.history, seen.source, seen.target
    forth, back = history.between(source, target), history.between(target, source)
    own = history.of(seen.event_class)
    every = history.of(EventClass(Kind.ANY))
    found: Flags
    match family:
        case "forth":
            found = forth & own
        case "back":
            found = back & own
        case "any":
            found = forth & every
        case "any_back":
            found = back & every
        case "any_either":
            found = (forth | back) & every
        case "quad" | "quad_back":
            found = (forth if family == "quad" else back) & (history.quad == int(quad))
        case "source":
            found = ((history.source == source) | (history.target == source)) & every
        case "target":
            found = ((history.source == target) | (history.target == target)) & every
        case "source_out":
            found = (history.source == source) & own & ~forth
        case "source_in":
            found = (history.target == source) & own & ~back
        case "target_in":
            found = (history.target == target) & own & ~forth
        case "target_out":
            found = (history.source == target) & own & ~back
        case "home_source" | "home_target":
            found = history.home & (history.source == (source if family == "home_source" else target))
        case "pledge" | "threat":
            found = np.zeros(len(history), dtype=bool)
            found[open_words(history, seen.day, source, target, family)] = True
        case "third":
            found = _third(seen) & every
        case _:
            found = own
    return found


def _third(seen: Seen) -> Flags:
    """Events of either of the two with a third actor that both deal with."""
    history = seen.history
    partners = []
    for party in (seen.source, seen.target):
        mine = np.concatenate([history.target[history.source == party], history.source[history.target == party]])
        partners.append(set(mine.tolist()))
    common = np.array(sorted((partners[0] & partners[1]) - {seen.source, seen.target}), dtype=np.int64)
    either = np.array([seen.source, seen.target])
    forth = np.isin(history.source, either) & np.isin(history.target, common)
    return forth | (np.isin(history.target, either) & np.isin(history.source, common))
