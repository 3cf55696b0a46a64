"""Secrets that are given out: made at random, kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A secret of 32 random bytes that can stand in addresses and cookies."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token, and searched for: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(visitor: str) -> str:
    """What a form must send back: it can be told only by who reads the cookie, which no other site can."""
    return hashlib.sha256(f"form:{visitor}".encode()).hexdigest()


def equal(given: str, wanted: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing of where they part."""
    return hmac.compare_digest(given.encode(), wanted.encode())
