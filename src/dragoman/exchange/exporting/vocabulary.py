"""What columns may hold, in words for the codebooks: taken from the ontology and the closed vocabularies."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from dragoman.terms import ClaimantKind, Domain, Factuality


@cache
def _plover() -> Any:
    return json.loads(files("dragoman.coding").joinpath("data/plover.json").read_text("utf-8"))


QUADS = tuple(f"{number}: {name}" for name, number in _plover()["quad_codes"].items())
EVENT_TYPES = tuple(f"{name}: {facts['meaning']}" for name, facts in _plover()["events"].items())
MODES = tuple(
    f"{name} {mode}: {meaning}"
    for name, facts in _plover()["events"].items()
    for mode, (meaning, _) in facts["modes"].items()
)
CONTEXTS = tuple(f"{name}: {meaning}" for name, meaning in _plover()["contexts"].items())
SECTORS = tuple(f"{code}: {meaning}" for code, meaning in _plover()["sectors"].items())
BODIES = tuple(f"{code}: {meaning}" for code, meaning in _plover()["transnational_country_codes"].items())
CODES = ("ISO 3166 alpha-3 codes of states (KOS: Kosovo)", *BODIES)
DOMAINS = tuple(domain.value for domain in Domain)
FACTUALITIES = tuple(factuality.value for factuality in Factuality)
CLAIMANTS = (*(kind.value for kind in ClaimantKind), "codes of states and bodies, names of groups")
PRECISIONS = ("day", "week", "month", "year")
TRUTHS = ("true", "false")
