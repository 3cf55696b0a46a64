"""Presets: public feeds as data, to be copied into a list of one's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from dragoman.errors import DataError
from dragoman.watch.tables import Keys


@dataclass(frozen=True, slots=True)
class Preset:
    """A public feed: `group` says what kind of outlet it is."""

    name: str
    outlet: str
    group: str
    address: str

    def table(self) -> str:
        """The preset as a table of a list of sources."""
        return (
            f'[[source]]\nname = "{self.name}"\nkind = "feed"\naddress = "{self.address}"\n'
            f'outlet = "{self.outlet}"\ninterval = "30m"\nsilence = "7d"\n'
        )


def presets() -> list[Preset]:
    """The presets in the order of the file; none of the addresses was tried when they were written down."""
    text = files("dragoman.watch").joinpath("data", "presets.toml").read_text("utf-8")
    found = []
    for number, table in enumerate(tomllib.loads(text)["preset"], start=1):
        keys = Keys(f"presets.toml, preset {number}", table)
        found.append(Preset(keys.text("name"), keys.text("outlet"), keys.text("group"), keys.text("address")))
        keys.done()
    if len({preset.name for preset in found}) < len(found):
        raise DataError("presets.toml names a preset twice; give each its own name.")
    return found
