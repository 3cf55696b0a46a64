"""Passwords: what is allowed as one, how it is kept (argon2id), how a given one is checked."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dragoman.errors import UsageError

SHORTEST, LONGEST = 12, 256
"""Characters of a password; the upper bound keeps hashing cheap."""

NO_PASSWORD = "!"
"""What stands in place of a hash where no password was ever set; no password fits it."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hashing takes 64 MiB for some tens of milliseconds; more at once would only take memory."""

_HASHER = PasswordHasher()


def check_password(password: str, *names: str) -> str:
    """The password, if it may be one; else a `UsageError` that says why not. `names` are what it may not be."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}.")
    plain = password.casefold().strip()
    if any(name and plain.replace(name.casefold(), "").strip(" -_.0123456789") == "" for name in names):
        raise UsageError("A password may not be made of the name or the address of its account; choose another.")
    if len(set(plain)) < 5:
        raise UsageError("A password has at least 5 different characters; a sentence of four words is a good one.")
    return password


def hash_password(password: str) -> str:
    """What is kept of a password: argon2id with the library's parameters (RFC 9106, low memory)."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether a password fits what is kept; takes as long where there is nothing to compare with (None)."""
    known = kept is not None and kept != NO_PASSWORD
    with _AT_ONCE:
        try:
            fits = _HASHER.verify(kept if kept is not None and known else _nobody_s(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return fits and known


def is_outdated(kept: str) -> bool:
    """Whether a password was hashed with other parameters than today's."""
    return kept != NO_PASSWORD and _HASHER.check_needs_rehash(kept)


@cache
def _nobody_s() -> str:
    return _HASHER.hash("the password of nobody")
