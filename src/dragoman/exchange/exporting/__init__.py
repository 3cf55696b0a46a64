"""Events out of the record: our own columns, PLOVER records, POLECAT's and ICEWS's layouts, edges for networks."""

from dragoman.exchange.exporting.codebook import codebook
from dragoman.exchange.exporting.layout import Column, Form, Layout
from dragoman.exchange.exporting.writing import Exported, export_events, form_of

__all__ = ["Column", "Exported", "Form", "Layout", "codebook", "export_events", "form_of"]
