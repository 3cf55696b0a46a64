"""Reads pages, feeds, files and archives into documents."""

from dragoman.read.fetch import Answer, Fetched, Fetcher, redirection
from dragoman.read.inputs import Input, find_inputs
from dragoman.read.options import ReadOptions
from dragoman.read.stage import Getter, read_input

__all__ = [
    "Answer",
    "Fetched",
    "Fetcher",
    "Getter",
    "Input",
    "ReadOptions",
    "find_inputs",
    "read_input",
    "redirection",
]
