"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import dyads, events, front

PARTS = (front.pages, dyads.pages, events.pages)
