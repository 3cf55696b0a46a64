"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import events, front, map, method, network, questions, search

PARTS = (
    front.pages,
    events.pages,
    map.pages,
    network.pages,
    search.pages,
    questions.pages,
    method.pages,
)
