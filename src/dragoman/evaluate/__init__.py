"""Scores of the coder against labelled texts."""

from dragoman.evaluate.events import EventScores, GoldEvent, GoldText, load_gold, score_events

__all__ = ["EventScores", "GoldEvent", "GoldText", "load_gold", "score_events"]
