"""Reads political news and keeps an evidence-linked record of who says and does what to whom.

`dragoman.open(path)` gives a `Record`; `record.add(…)`, `record.events("PRK", "RUS")` and
`record.dyad("PRK", "RUS").brief()` do what the commands of the same names do.
"""

from importlib.metadata import version

from dragoman.errors import DragomanError
from dragoman.pipeline import AddSummary, Dyad, Record
from dragoman.pipeline import open_record as open
from dragoman.settings import Settings

__version__ = version("dragoman")

__all__ = ["AddSummary", "DragomanError", "Dyad", "Record", "Settings", "__version__", "open"]
