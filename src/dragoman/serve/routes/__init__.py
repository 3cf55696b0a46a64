"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import account, admin, events, front, health, review, search, sign_in

PARTS = (
    front.pages,
    events.pages,
    search.pages,
    sign_in.pages,
    account.pages,
    admin.pages,
    review.pages,
    health.pages,
)
