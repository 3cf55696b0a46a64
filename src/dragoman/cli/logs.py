"""Logs: one line each to standard error, as text or as JSON, without secrets."""

from __future__ import annotations

import datetime
import json
import logging
import re
import sys
from enum import StrEnum
from typing import Any

HIDDEN = "[hidden]"
_SECRETS = (
    re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?P<after>@)", re.IGNORECASE),
    re.compile(
        r"(?P<before>\b(?:authorization|cookie|set-cookie)['\"]?\s*[:=]\s*['\"]?)[^\r\n'\"]+(?P<after>)", re.IGNORECASE
    ),
    re.compile(
        r"(?P<before>\b(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|signature)['\"]?\s*[=:]\s*['\"]?)"
        r"[^\s&'\",;]+(?P<after>)",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<before>\bbearer\s+)[A-Za-z0-9._~+/=-]+(?P<after>)", re.IGNORECASE),
)
_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_LOUD = {"sqlalchemy.pool": logging.CRITICAL + 1}
"""Loggers that tell of each connection lost with a traceback, which a `DatabaseError` tells in one sentence."""


class LogFormat(StrEnum):
    """How a line of the log is written."""

    TEXT = "text"
    JSON = "json"


class Level(StrEnum):
    """From which level on something is told."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def hide(text: str) -> str:
    """The text with passwords, tokens, cookies and keys hidden."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda match: f"{match['before']}{HIDDEN}{match['after']}", text)
    return text


class TextLines(logging.Formatter):
    """Level, where it comes from, and what is told."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = f"{record.levelname.lower()} {record.name}: {record.getMessage()}"
        return hide(f"{told}\n{self.formatException(record.exc_info)}" if record.exc_info else told)


class JsonLines(logging.Formatter):
    """One JSON object a line: `at` in UTC, `level`, `logger`, `message`, `error`, and what was given beside."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": hide(record.getMessage()),
        }
        told |= {name: _plain(name, value) for name, value in record.__dict__.items() if name not in _OWN}
        if record.exc_info:
            told["error"] = hide(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def _plain(name: str, value: object) -> object:
    """A value given beside a message; one whose name says that it is secret is hidden whole."""
    if hide(f"{name}=x") != f"{name}=x":
        return HIDDEN
    return value if isinstance(value, int | float | bool | None) else hide(str(value))


class _Here(logging.StreamHandler[Any]):
    """Writes to what standard error is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        self.stream = sys.stderr
        super().emit(record)


def set_up(form: LogFormat, level: Level) -> None:
    """Write the process's logs to standard error in this form from this level on; said again, it replaces itself."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Here)]:
        root.removeHandler(handler)
    handler = _Here()
    handler.setFormatter(JsonLines() if form is LogFormat.JSON else TextLines())
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name, least in _LOUD.items():
        logging.getLogger(name).setLevel(least)
