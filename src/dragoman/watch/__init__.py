"""Watches sources on a schedule and tells the right people when something happens."""

from dragoman.watch.archive import Archive
from dragoman.watch.clock import Clock, SystemClock
from dragoman.watch.sources import Kind, Limits, Source, load_sources
from dragoman.watch.watcher import Watcher

__all__ = [
    "Archive",
    "Clock",
    "Kind",
    "Limits",
    "Source",
    "SystemClock",
    "Watcher",
    "load_sources",
]
