"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import (
    account,
    actors,
    admin,
    documents,
    dyads,
    events,
    front,
    health,
    map,
    method,
    network,
    questions,
    search,
    sign_in,
)

PARTS = (
    front.pages,
    dyads.pages,
    events.pages,
    actors.pages,
    documents.pages,
    map.pages,
    network.pages,
    search.pages,
    questions.pages,
    method.pages,
    sign_in.pages,
    account.pages,
    admin.pages,
    health.pages,
)
