"""The parts of the desk, a module each; the order decides which of two fitting addresses answers."""

from dragoman.serve.routes import (
    account,
    admin,
    briefs,
    communities,
    feeds,
    front,
    health,
    moderation,
    search,
    sign_in,
    talking,
    writing,
)

PARTS = (
    front.pages,
    feeds.pages,
    writing.pages,
    briefs.pages,
    talking.pages,
    communities.pages,
    moderation.pages,
    search.pages,
    sign_in.pages,
    account.pages,
    admin.pages,
    health.pages,
)
