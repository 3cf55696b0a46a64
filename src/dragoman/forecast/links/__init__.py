"""Link forecasting: to whom will a source do something on a day, and who will do it to a target."""

from dragoman.forecast.links.baseline import RecurrenceRanker
from dragoman.forecast.links.facts import Facts, Names, facts_of, load_facts, load_names, together
from dragoman.forecast.links.forecaster import LinkForecaster
from dragoman.forecast.links.protocol import LinkRanker, LinkScores, Queries, evaluate_links
from dragoman.forecast.links.scoring import MODELS, LinkReport, score_links

__all__ = [
    "MODELS",
    "Facts",
    "LinkForecaster",
    "LinkRanker",
    "LinkReport",
    "LinkScores",
    "Names",
    "Queries",
    "RecurrenceRanker",
    "evaluate_links",
    "facts_of",
    "load_facts",
    "load_names",
    "score_links",
    "together",
]
