"""Joins the stages: read, code, merge, write; and opens the record to Python."""

from dragoman.pipeline.adding import AddSummary
from dragoman.pipeline.backups import Backup, back_up, bring_back
from dragoman.pipeline.dyad import Dyad
from dragoman.pipeline.record import RecodeSummary, Record, open_record
from dragoman.pipeline.views import View, Wish, eras_view_chart, view_chart, view_note, view_rows

__all__ = [
    "AddSummary",
    "Backup",
    "Dyad",
    "RecodeSummary",
    "Record",
    "View",
    "Wish",
    "back_up",
    "bring_back",
    "eras_view_chart",
    "open_record",
    "view_chart",
    "view_note",
    "view_rows",
]
