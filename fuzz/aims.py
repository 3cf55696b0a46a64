"""The targets by name, apart from what they run, which must not be loaded before it is instrumented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """How often a full campaign runs a target, and whether its parser is written here or a library's."""

    runs: int
    own: bool = True


AIMS: dict[str, Aim] = {
    "text": Aim(60_000),
    "markdown": Aim(40_000),
    "jsonl": Aim(80_000),
    "csv": Aim(200_000),
    "warc": Aim(150_000),
    "transfer": Aim(200_000),
    "dates": Aim(200_000),
    "decoding": Aim(100_000),
    "addresses": Aim(200_000),
    "archives": Aim(40_000),
    "any": Aim(10_000),
    "gdelt": Aim(10_000),
    "icews": Aim(10_000),
    "polecat": Aim(10_000),
    "acled": Aim(10_000),
    "ucdp": Aim(10_000),
    "plover": Aim(10_000),
    "tkg": Aim(10_000),
    "html": Aim(50_000, own=False),
    "pdf": Aim(50_000, own=False),
    "feed": Aim(50_000, own=False),
}
