"""Scores of the coder against labelled texts."""

from dragoman.evaluate.events import EventScores, GoldEvent, GoldText, load_gold, score_events
from dragoman.evaluate.measured import Measured, measured

__all__ = ["EventScores", "GoldEvent", "GoldText", "Measured", "load_gold", "measured", "score_events"]
