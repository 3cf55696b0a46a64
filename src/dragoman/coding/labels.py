"""What the encoder chooses from: types with NONE, modes, factualities and domains, in the order of its outputs."""

from __future__ import annotations

from dragoman.coding.ontology import ontology
from dragoman.terms import Domain, EventType, Factuality

KINDS: tuple[EventType | None, ...] = (None, *EventType)
"""Event types; the first is NONE."""

NO_KIND = 0

MODES: tuple[tuple[EventType, str], ...] = tuple((kind, mode) for kind in EventType for mode in ontology()[kind].modes)
"""Every mode with its type, in PLOVER's order."""

FACTUALITIES: tuple[Factuality, ...] = tuple(Factuality)

DOMAINS: tuple[Domain | None, ...] = (None, *Domain)
"""Domains; the first is unknown."""

ROLES = ("source", "target", "claimant")

DISTANCES = (-16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16)
"""Bounds of the buckets of how many words an actor stands before (-) or after its trigger."""
