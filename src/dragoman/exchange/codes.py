"""What a provider's code amounts to in PLOVER: type, mode, quad, intensity, factuality, domain; from data files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from dragoman.coding.ontology import intensity, ontology
from dragoman.errors import DataError
from dragoman.terms import Domain, EventType, Factuality, RefusalReason

PLEDGES = frozenset({EventType.AGREE, EventType.THREATEN})
"""Types that commit the future: an event of theirs is pledged, whoever coded it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event of a code is; `type` is None where it becomes none, and `refusal` says why."""

    label: str
    type: EventType | None = None
    mode: str | None = None
    factuality: Factuality = Factuality.ACTUAL
    domain: Domain | None = None
    refusal: RefusalReason | None = None
    turned: bool = False
    """Whether the provider's second actor acts on the first."""

    @property
    def quad(self) -> int | None:
        """The ontology's quad of the type."""
        return ontology()[self.type].quad if self.type else None

    @property
    def intensity(self) -> float | None:
        """The ontology's score of the mode, else of the type."""
        return intensity(self.type, self.mode) if self.type else None

    @property
    def needs_target(self) -> bool:
        """Whether PLOVER allows no event of the type without somebody acted on."""
        return bool(self.type and ontology()[self.type].needs_recipient)

    @property
    def told(self) -> str:
        """The mapping in words, for the report."""
        if self.type is None:
            return f"refused, {self.refusal}"
        words = [self.type.value, self.mode, self.factuality.value, self.domain.value if self.domain else None]
        return " ".join(word for word in words if word)


def data_table(name: str) -> Mapping[str, Any]:
    """A data file of this package."""
    text = files("dragoman.exchange").joinpath(f"data/{name}").read_text("utf-8")
    return tomllib.loads(text)


def facts_of(where: str, row: Mapping[str, Any]) -> Facts:
    """The facts that a row of a data file states; a wrong word is a `DataError` that names the code."""
    try:
        kind = EventType(row["type"]) if "type" in row else None
        mode = row.get("mode")
        if kind is None and "refusal" not in row:
            raise ValueError("it has neither a type nor a refusal")
        if kind is not None and mode is not None and mode not in ontology()[kind].modes:
            raise ValueError(f"{kind} has no mode {mode}; it has {', '.join(ontology()[kind].modes) or 'none'}")
        stated = Factuality(row["factuality"]) if "factuality" in row else None
        return Facts(
            label=str(row.get("label", where)),
            type=kind,
            mode=mode,
            factuality=stated or (Factuality.PLEDGED if kind in PLEDGES else Factuality.ACTUAL),
            domain=Domain(row["domain"]) if "domain" in row else None,
            refusal=RefusalReason(row["refusal"]) if "refusal" in row else None,
            turned=bool(row.get("turned", False)),
        )
    except ValueError as error:
        raise DataError(f"The mapping of the code {where!r} is not as it must be: {error}.") from error


@cache
def cameo() -> Mapping[str, Facts]:
    """The facts of every CAMEO code; a code of its own line overrides what its root gives."""
    data = data_table("cameo.toml")
    found = {}
    for code, row in data["codes"].items():
        root = dict(data["roots"][code[:2]])
        if "type" in row and row["type"] != root.get("type"):
            root = {}
        found[code] = facts_of(code, {**root, **row})
    return MappingProxyType(found)


@cache
def cameo_by_label() -> Mapping[str, str]:
    """CAMEO codes by what their labels amount to, see `plain`."""
    return MappingProxyType({plain(facts.label): code for code, facts in cameo().items()})


def plain(label: str) -> str:
    """A label without case, underscores and punctuation."""
    return re.sub(r"[^a-z]+", " ", label.casefold()).strip()


@cache
def listed(name: str) -> Mapping[str, Facts]:
    """The facts of the codes in a data file without roots (`acled.toml`, `ucdp.toml`)."""
    return MappingProxyType({code: facts_of(code, row) for code, row in data_table(name)["codes"].items()})


@cache
def plover(kind: str, mode: str, contexts: str) -> Facts | None:
    """The facts of PLOVER's own words, as POLECAT and PLOVER records have them; None for a type that is none.

    A mode that the type does not have is dropped. Contexts are parted by “;” or “,”.
    """
    try:
        event = EventType(kind.strip().upper())
    except ValueError:
        return None
    word = mode.strip().casefold().replace("_", "-").replace(" ", "-")
    named = data_table("contexts.toml")["domains"]
    told = {re.sub(r"[\s-]+", "_", part.strip().casefold()) for part in re.split(r"[;,|]", contexts)}
    domains = {named[context] for context in told if context in named}
    return Facts(
        label=f"{event.value} {word}".strip(),
        type=event,
        mode=word if word in ontology()[event].modes else None,
        factuality=Factuality.PLEDGED if event in PLEDGES else Factuality.ACTUAL,
        domain=Domain(domains.pop()) if len(domains) == 1 else None,
    )
