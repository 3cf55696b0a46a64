"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import account, admin, front, health, search, sign_in

PARTS = (
    front.pages,
    search.pages,
    sign_in.pages,
    account.pages,
    admin.pages,
    health.pages,
)
