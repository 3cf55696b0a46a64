"""Rows as people get them: the keys of INTERFACE, stable in name and order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def public_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event with the promised keys; `source` and `target` are arrays of codes, names and sectors stand beside."""
    return {
        "id": row["id"],
        "date": row["date"].isoformat() if row["date"] else None,
        "date_precision": row["date_precision"],
        "source": [actor["code"] for actor in row["source"]],
        "target": [actor["code"] for actor in row["target"]],
        "type": row["type"],
        "mode": row["mode"],
        "quad": row["quad"],
        "intensity": row["intensity"],
        "factuality": row["factuality"],
        "contested": row["contested"],
        "claimants": list(row["claimants"]),
        "domain": row["domain"],
        "place": row["place"]["name"] if row["place"] else None,
        "confidence": row["confidence"],
        "mentions": list(row["mentions"]),
        "outlets": list(row["outlets"]),
        "origins": row["origins"],
        "provider": row["provider"],
        "coder_version": row["coder_version"],
        "source_names": [actor["name"] for actor in row["source"]],
        "target_names": [actor["name"] for actor in row["target"]],
        "source_sectors": [actor["sector"] for actor in row["source"]],
        "target_sectors": [actor["sector"] for actor in row["target"]],
        "place_country": row["place"]["country"] if row["place"] else None,
        "first_reported": row["first_reported"].isoformat() if row["first_reported"] else None,
        "last_reported": row["last_reported"].isoformat() if row["last_reported"] else None,
        "deniers": list(row["deniers"]),
    }
