"""Scores of the coder against labelled texts."""

from dragoman.evaluate.calibration import expected_calibration_error
from dragoman.evaluate.events import EventScores, GoldEvent, GoldText, load_gold, score_events
from dragoman.evaluate.measured import Measured, measured
from dragoman.evaluate.pairs import PairRow, load_pairs, score_pairs

__all__ = [
    "EventScores",
    "GoldEvent",
    "GoldText",
    "Measured",
    "PairRow",
    "expected_calibration_error",
    "load_gold",
    "load_pairs",
    "measured",
    "score_events",
    "score_pairs",
]
