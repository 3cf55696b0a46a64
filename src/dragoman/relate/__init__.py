"""What the mentions amount to: events, and how a relation develops."""

from dragoman.relate.merging import PROVIDER, Report, event_id, merge_mentions

__all__ = ["PROVIDER", "Report", "event_id", "merge_mentions"]
