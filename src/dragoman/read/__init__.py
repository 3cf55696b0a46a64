"""Reads pages, feeds, files and archives into documents."""

from dragoman.read.fetch import Fetched, Fetcher
from dragoman.read.inputs import Input, find_inputs
from dragoman.read.options import ReadOptions
from dragoman.read.stage import read_input

__all__ = ["Fetched", "Fetcher", "Input", "ReadOptions", "find_inputs", "read_input"]
