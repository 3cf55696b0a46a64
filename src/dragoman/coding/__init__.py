"""Documents to mentions of events, each with its offsets and rules."""

from dragoman.coding.coder import Coder, Coding, coder_version
from dragoman.coding.gazetteer import gazetteer

__all__ = ["Coder", "Coding", "coder_version", "gazetteer"]
