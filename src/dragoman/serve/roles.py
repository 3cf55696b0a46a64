"""Who may do what: permissions, and the roles that have them."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a route may ask for; everybody may read, signed in or not."""

    READ = "read"
    ACCOUNT = "account"
    """What every person does with their own account and watchlist."""
    COMMENT = "comment"
    WRITE = "write"
    REVIEW = "review"
    MODERATE = "moderate"
    ADMINISTER = "administer"
    OBSERVE = "observe"
    """To read the figures of the running desk; what a program that watches it needs."""


class Role(StrEnum):
    """What a person is at the desk."""

    READER = "reader"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    ADMIN = "admin"


PUBLIC = frozenset({Permission.READ})
"""What somebody who is not signed in may do."""

_READER = PUBLIC | {Permission.ACCOUNT, Permission.COMMENT}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: _READER,
    Role.AUTHOR: _READER | {Permission.WRITE},
    Role.REVIEWER: _READER | {Permission.WRITE, Permission.REVIEW},
    Role.MODERATOR: _READER | {Permission.MODERATE},
    Role.ADMIN: frozenset(Permission),
}
