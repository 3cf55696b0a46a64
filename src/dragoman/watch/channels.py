"""Where alerts go: channels as data. Their addresses hold secrets: they are never shown, logged or stored."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import apprise

from dragoman.errors import DataError
from dragoman.watch.tables import Keys, read_toml

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_TALKATIVE = ("apprise", "urllib3", "urllib3.connectionpool", "requests")
"""Loggers that name addresses, some with what is secret in them."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: in the `quiet` hours nothing is sent that is not urgent; with a `digest` hour all that is not
    urgent waits for it and goes out in one message. Both are by the clock of `zone`."""

    name: str
    address: str = field(repr=False)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    quiet: tuple[datetime.time, datetime.time] | None = None
    digest: datetime.time | None = None

    def when(self, now: datetime.datetime, *, urgent: bool) -> datetime.datetime:
        """When something that is found now may be sent."""
        if urgent:
            return now
        local = now.astimezone(self.zone)
        if self.digest is not None:
            return _next(local, self.digest)
        if self.quiet is not None and _within(local.time(), *self.quiet):
            return _next(local, self.quiet[1])
        return now


class Sender(Protocol):
    """What sends a message; False where it was not taken."""

    def send(self, channel: Channel, title: str, body: str) -> bool:
        """Send a message to a channel."""


class AppriseSender:
    """Sends by Apprise: mail, Slack, Matrix, webhooks and whatever else its addresses name."""

    def send(self, channel: Channel, title: str, body: str) -> bool:
        """Send a message; logs that would name its address are left out."""
        with _quietly():
            service = apprise.Apprise(asset=_asset())
            return bool(
                service.add(channel.address)
                and service.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
            )


def load_channels(path: Path, environment: Mapping[str, str]) -> list[Channel]:
    """The channels of a TOML file; an address is given in it, or in the environment variable that it names."""
    keys = Keys(str(path), read_toml(path))
    tables = keys.tables("channel")
    keys.done()
    channels = [
        _channel(f"{path}, channel {number}", table, environment) for number, table in enumerate(tables, start=1)
    ]
    names = [channel.name for channel in channels]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{path} names two channels {twice!r}; give each its own name.")
    return channels


def _channel(where: str, table: object, environment: Mapping[str, str]) -> Channel:
    keys = Keys(where, _without_address(table))
    name = keys.text("name")
    keys.where = f"{where} ({name})"
    variable = keys.text("variable", None)
    address = _address(table)
    if (variable is None) == (address is None):
        raise keys.fail("address", "must be given, or the environment variable that holds it as “variable”; not both.")
    if variable is not None:
        address = environment.get(variable, "")
        if not address:
            raise keys.fail("variable", f"names {variable}, which is not set; set it to the channel's address.")
    with _quietly():
        known = apprise.Apprise(asset=_asset()).add(address or "")
    if not known:
        raise keys.fail("address", "is none that Apprise knows (it is not shown here, as it may hold a secret).")
    zone = keys.text("zone", "UTC")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise keys.fail("zone", f"is {zone!r}; write for instance Europe/Berlin.") from error
    quiet, digest = keys.text("quiet", None), keys.text("digest", None)
    hours = None
    if quiet is not None:
        first, sign, last = quiet.partition("-")
        if not sign:
            raise keys.fail("quiet", f"is {quiet!r}; write hours such as 22:00-07:00.")
        hours = (_time(keys, "quiet", first), _time(keys, "quiet", last))
    channel = Channel(name, address or "", place, hours, None if digest is None else _time(keys, "digest", digest))
    keys.done()
    return channel


def _without_address(table: object) -> object:
    """The table without the key that no message may show."""
    return {key: value for key, value in table.items() if key != "address"} if isinstance(table, dict) else table


def _address(table: object) -> str | None:
    found = table.get("address") if isinstance(table, dict) else None
    return found if isinstance(found, str) and found else None


def _time(keys: Keys, key: str, text: str) -> datetime.time:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise keys.fail(key, f"holds {text!r}; write an hour such as 07:00.")
    return datetime.time(int(match[1]), int(match[2]))


def _within(moment: datetime.time, start: datetime.time, end: datetime.time) -> bool:
    return start <= moment < end if start <= end else moment >= start or moment < end


def _next(local: datetime.datetime, at: datetime.time) -> datetime.datetime:
    """The next moment at which the clock of the place shows that hour, in UTC."""
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0, fold=0)
    if found <= local:
        found += datetime.timedelta(days=1)
    return found.astimezone(datetime.UTC)


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(app_id="Dragoman", app_desc="Dragoman alerts", async_mode=False)


@contextmanager
def _quietly() -> Iterator[None]:
    """Nothing goes anywhere meanwhile of what Apprise and the libraries below it log."""
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was
