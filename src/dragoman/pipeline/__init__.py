"""Joins the stages: read, code, merge, write; and opens the record to Python."""

from dragoman.pipeline.dyad import Dyad
from dragoman.pipeline.record import AddSummary, RecodeSummary, Record, open_record

__all__ = ["AddSummary", "Dyad", "RecodeSummary", "Record", "open_record"]
