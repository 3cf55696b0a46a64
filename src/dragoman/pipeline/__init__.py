"""Joins the stages: read, code, merge, write; and opens the record to Python."""

from dragoman.pipeline.adding import AddSummary
from dragoman.pipeline.dyad import Dyad
from dragoman.pipeline.record import RecodeSummary, Record, open_record
from dragoman.pipeline.views import View, Wish, view_chart, view_note, view_rows

__all__ = [
    "AddSummary",
    "Dyad",
    "RecodeSummary",
    "Record",
    "View",
    "Wish",
    "open_record",
    "view_chart",
    "view_note",
    "view_rows",
]
