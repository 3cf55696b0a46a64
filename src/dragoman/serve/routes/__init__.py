"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import front, map, network, search

PARTS = (front.pages, map.pages, network.pages, search.pages)
from dragoman.serve.routes import events, front

PARTS = (front.pages, events.pages)
