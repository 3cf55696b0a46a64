"""The inline markup of training text: marked sentences to plain text with offsets, and its rules.

`[S:North Korea] {P:shipped} munitions to [T:Russia]` marks source, predicate and target of the sentence's one event.
With several events each mark carries the event's number, `[S1,T2:Seoul]`; `C` marks who claims an event, `O` an actor
that has no part in any. Marks do not nest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.coding.ontology import ontology
from dragoman.terms import Domain, EventType, Factuality

NONE = "NONE"
NOT_TOLD = "not told"
"""A domain that the text's source leaves open; unlike None, which says that the words do not tell."""
MARK = re.compile(r"\[(?P<roles>[STCO]\d?(?:,[STCO]\d?)*):(?P<actor>[^\[\]{}]+)\]|\{(?P<p>P\d?):(?P<word>[^\[\]{}]+)\}")
STYLES = ("wire", "headline", "state-media", "analysis", "liveblog", "statement", "local", "speech")
REGIONS = (
    "east-asia",
    "southeast-asia",
    "south-asia",
    "central-asia",
    "middle-east",
    "north-africa",
    "sub-saharan-africa",
    "europe",
    "caucasus",
    "americas",
    "oceania",
    "global",
)
CLAIMANTS = ("actor", "official", "analyst", "media", "anonymous")


@dataclass(frozen=True, slots=True)
class Spanned:
    """Characters `start` to `end` of the plain text, with the roles marked on them (empty for a predicate)."""

    start: int
    end: int
    roles: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LabelledEvent:
    """One event of a sentence (or, with type NONE, a tempting reading that is no event)."""

    type: str
    mode: str | None
    factuality: str | None
    domain: str | None
    by: str | None
    predicate: Spanned | None
    sources: tuple[Spanned, ...]
    targets: tuple[Spanned, ...]
    claimants: tuple[Spanned, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence of training text: plain words, actor spans in order, and all its events."""

    id: str
    text: str
    style: str
    region: str
    actors: tuple[Spanned, ...]
    events: tuple[LabelledEvent, ...]


def strip(marked: str) -> tuple[str, list[Spanned], dict[int, Spanned]]:
    """The plain text of a marked sentence, its actor spans, and its predicates by event number (from 1)."""
    plain: list[str] = []
    length = at = 0
    actors: list[Spanned] = []
    predicates: dict[int, Spanned] = {}
    for found in MARK.finditer(marked):
        before = marked[at : found.start()]
        words = found["actor"] or found["word"]
        start = length + len(before)
        length = start + len(words)
        plain += [before, words]
        at = found.end()
        if found["p"]:
            number = int(found["p"][1:] or 1)
            if number in predicates:
                raise ValueError(f"predicate {number} is marked twice; mark one stretch of words per event")
            predicates[number] = Spanned(start, length, ())
        else:
            roles = tuple((role[0], int(role[1:] or 1)) for role in found["roles"].split(","))
            actors.append(Spanned(start, length, roles))
    plain.append(marked[at:])
    text = "".join(plain)
    if re.search(r"[\[\]{}]", text):
        raise ValueError(f"a bracket is left after the marks are taken out: {text!r}")
    return text, actors, predicates


def labelled(row: dict[str, Any]) -> Labelled:
    """A row of `corpora/coding/*.jsonl` with its offsets; ValueError names what is wrong with it."""
    text, actors, predicates = strip(row["text"])
    if row["style"] not in STYLES:
        raise ValueError(f"style is {row['style']!r}; one of {', '.join(STYLES)}")
    if row["region"] not in REGIONS:
        raise ValueError(f"region is {row['region']!r}; one of {', '.join(REGIONS)}")
    events = []
    for number, event in enumerate(row["events"], 1):
        _check(event)

        def having(role: str, number: int = number) -> tuple[Spanned, ...]:
            return tuple(span for span in actors if (role, number) in span.roles)

        made = LabelledEvent(
            event["type"],
            event["mode"],
            event["factuality"],
            event["domain"],
            event["by"],
            predicates.pop(number, None),
            having("S"),
            having("T"),
            having("C"),
        )
        if made.type != NONE:
            if made.predicate is None or not made.sources:
                raise ValueError(f"event {number} ({made.type}) needs a marked predicate and a marked source")
            if not made.targets and ontology()[EventType(made.type)].needs_recipient:
                raise ValueError(f"event {number}: {made.type} needs a marked target")
            if made.by == "actor" and not made.claimants:
                raise ValueError(f"event {number} is claimed by an actor, but none is marked C{number}")
        events.append(made)
    if predicates:
        raise ValueError(f"predicates {sorted(predicates)} belong to no event")
    used = {number for span in actors for role, number in span.roles if role != "O"}
    if used - set(range(1, len(events) + 1)):
        raise ValueError(f"marks name events {sorted(used)}, but {len(events)} are listed")
    if len(actors) < 1:
        raise ValueError("no actor is marked")
    return Labelled(row["id"], text, row["style"], row["region"], tuple(actors), tuple(events))


def _check(event: dict[str, Any]) -> None:
    kind = event["type"]
    if kind == NONE:
        return
    if kind not in EventType.__members__:
        raise ValueError(f"type is {kind!r}; one of PLOVER's sixteen or NONE")
    modes = ontology()[EventType(kind)].modes
    if event["mode"] is not None and event["mode"] not in modes:
        raise ValueError(f"mode of {kind} is {event['mode']!r}; one of {', '.join(modes) or 'none'}")
    if event["factuality"] not in set(Factuality):
        raise ValueError(f"factuality is {event['factuality']!r}; one of {', '.join(Factuality)}")
    if kind in ("AGREE", "THREATEN") and event["factuality"] == "actual":
        raise ValueError(f"{kind} commits the future: pledged (or possible, denied), never actual")
    if event["domain"] is not None and event["domain"] not in set(Domain):
        raise ValueError(f"domain is {event['domain']!r}; one of {', '.join(Domain)}")
    if event["by"] is not None and event["by"] not in CLAIMANTS:
        raise ValueError(f"by is {event['by']!r}; one of {', '.join(CLAIMANTS)}")


def from_line(line: str, identity: str) -> dict[str, Any]:
    """A row from a writer's line: `style | region | events | marked sentence`."""
    parts = [part.strip() for part in line.split("|", 3)]
    if len(parts) != 4:
        raise ValueError("a line has four parts: style | region | events | sentence")
    style, region, listed, text = parts
    events = []
    for written in listed.split(";"):
        fields = written.split("=", 1)[-1].strip().split("/")
        if fields[0].strip() == NONE:
            events.append({"type": NONE, "mode": None, "factuality": None, "domain": None, "by": None})
            continue
        if len(fields) != 4:
            raise ValueError(f"an event is TYPE.mode/factuality/domain/by, found {written!r}")
        kind, _, mode = fields[0].strip().partition(".")
        rest = [None if field.strip() == "-" else field.strip() for field in fields[1:]]
        events.append({"type": kind, "mode": mode or None, "factuality": rest[0], "domain": rest[1], "by": rest[2]})
    return {"id": identity, "text": text, "style": style, "region": region, "events": events}


def load(folder: Path) -> Iterator[Labelled]:
    """Every sentence of `*.jsonl` in a folder, in the order of file names and lines."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                yield labelled(json.loads(line))
            except (ValueError, KeyError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
