"""What the mentions amount to: events, and how a relation develops."""

from dragoman.relate.event import PROVIDER, correct, make_event
from dragoman.relate.evidence import Happening, Report, acts, between
from dragoman.relate.merging import DAYS_APART, block_of, merge_mentions, window_of
from dragoman.relate.origins import credit_of, origins, signature

__all__ = [
    "DAYS_APART",
    "PROVIDER",
    "Happening",
    "Report",
    "acts",
    "between",
    "block_of",
    "correct",
    "credit_of",
    "make_event",
    "merge_mentions",
    "origins",
    "signature",
    "window_of",
]
