"""All settings in one table: name, environment variable, default, help."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from dragoman.errors import SettingError


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table; `default` is the value where neither option nor environment gives one."""

    name: str
    variable: str
    default: str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "record",
        "DRAGOMAN_RECORD",
        "./record",
        "Where the record lies: a folder, or an address such as s3://bucket/record.",
    ),
    Setting(
        "engine",
        "DRAGOMAN_ENGINE",
        "duckdb",
        "What answers questions to the record: duckdb, or Spark by its master's address, such as spark://host:7077.",
    ),
    Setting(
        "database",
        "DRAGOMAN_DATABASE",
        "",
        "SQL database for what people write; empty means an SQLite file beside the record.",
    ),
    Setting(
        "eval_data",
        "DRAGOMAN_EVAL_DATA",
        "",
        "Folder with checking data and the seed; empty means that tests which need it are left out.",
    ),
    Setting(
        "fetch_allow",
        "DRAGOMAN_FETCH_ALLOW",
        "",
        "Hosts or networks, comma-separated, that may be fetched although they are private or loopback.",
    ),
    Setting(
        "fetch_seconds",
        "DRAGOMAN_FETCH_SECONDS",
        "20",
        "Longest time for one page, all redirects and reading included, in seconds.",
    ),
    Setting(
        "contact",
        "DRAGOMAN_CONTACT",
        "",
        "Mail address or page by which a site's owner reaches you; it is sent with every request, in the user agent.",
    ),
    Setting(
        "document_bytes",
        "DRAGOMAN_DOCUMENT_BYTES",
        "10000000",
        "Largest single page, document or table row that is read, in bytes; a bigger one is refused.",
    ),
    Setting(
        "batch_documents",
        "DRAGOMAN_BATCH_DOCUMENTS",
        "64",
        "Documents coded and written in one commit of the record.",
    ),
    Setting(
        "wave_bytes",
        "DRAGOMAN_WAVE_BYTES",
        "16000000",
        "Bytes of inputs that a cluster codes and that are then written in one commit.",
    ),
    Setting(
        "actors",
        "DRAGOMAN_ACTORS",
        "",
        "Folder with further TOML files of actors, as docs/actors.md describes them; empty means only Dragoman's own.",
    ),
    Setting(
        "serve_sign_up",
        "DRAGOMAN_SERVE_SIGN_UP",
        "invitation",
        "Who may sign up at the desk: invitation (who was sent one) or open (everybody).",
    ),
    Setting(
        "serve_limits",
        "DRAGOMAN_SERVE_LIMITS",
        "sign-in=10/300, sign-up=5/3600, reset=5/3600, comment=10/60, search=120/60, write=120/60",
        "How often an address, and an account, may do what: what=times/seconds, comma-separated; off for no limits.",
    ),
    Setting(
        "serve_helpers",
        "DRAGOMAN_SERVE_HELPERS",
        "2",
        "Processes beside the desk that find what takes long (each up to 1 GB), and one that draws; 0 for none.",
    ),
    Setting(
        "serve_address",
        "DRAGOMAN_SERVE_ADDRESS",
        "",
        "The desk's own address for readers, such as https://desk.example; needed to mail links.",
    ),
    Setting(
        "serve_smtp",
        "DRAGOMAN_SERVE_SMTP",
        "",
        "Server that mails links for setting passwords, as smtps://user:password@host:465; empty: none are mailed.",
    ),
    Setting(
        "serve_mail_from",
        "DRAGOMAN_SERVE_MAIL_FROM",
        "",
        "Sender of those mails, such as desk@example.org.",
    ),
    Setting(
        "model_address",
        "DRAGOMAN_MODEL_ADDRESS",
        "",
        "OpenAI-compatible endpoint that “dragoman model” asks, such as http://127.0.0.1:8080/v1; empty: none.",
    ),
    Setting("model", "DRAGOMAN_MODEL", "", "Name of the model at that endpoint."),
    Setting(
        "model_key",
        "DRAGOMAN_MODEL_KEY",
        "",
        "Key that the endpoint asks for; never shown, and best set in the environment alone.",
    ),
)

SIGN_UP = ("invitation", "open")

_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, read once at the edge and handed down."""

    record: str
    engine: str
    database: str
    eval_data: str
    fetch_allow: tuple[str, ...]
    fetch_seconds: float
    contact: str
    document_bytes: int
    batch_documents: int
    wave_bytes: int
    actors: str
    serve_sign_up: str
    serve_limits: str
    serve_helpers: int
    serve_address: str
    serve_smtp: str
    serve_mail_from: str
    model_address: str = ""
    model: str = ""
    model_key: str = field(default="", repr=False)

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None, **given: str | None) -> Settings:
        """Values given by the caller first, then the environment, then the table's defaults."""
        environment = os.environ if environment is None else environment
        unknown = sorted(set(given) - set(_BY_NAME))
        if unknown:
            raise SettingError(f"There is no setting {unknown[0]!r}; there are: {', '.join(_BY_NAME)}.")

        def text(name: str) -> str:
            value = given.get(name)
            if value is not None:
                return value
            setting = _BY_NAME[name]
            return environment.get(setting.variable, setting.default)

        return cls(
            record=text("record") or _BY_NAME["record"].default,
            engine=text("engine") or _BY_NAME["engine"].default,
            database=text("database"),
            eval_data=text("eval_data"),
            fetch_allow=tuple(part.strip() for part in text("fetch_allow").split(",") if part.strip()),
            fetch_seconds=_positive("fetch_seconds", text("fetch_seconds")),
            contact=text("contact").strip(),
            document_bytes=int(_positive("document_bytes", text("document_bytes"))),
            batch_documents=max(1, int(_positive("batch_documents", text("batch_documents")))),
            wave_bytes=int(_positive("wave_bytes", text("wave_bytes"))),
            actors=text("actors"),
            serve_sign_up=_one_of("serve_sign_up", text("serve_sign_up"), SIGN_UP),
            serve_limits=text("serve_limits"),
            serve_helpers=_number("serve_helpers", text("serve_helpers")),
            serve_address=text("serve_address").rstrip("/"),
            serve_smtp=text("serve_smtp"),
            serve_mail_from=text("serve_mail_from"),
            model_address=text("model_address").strip(),
            model=text("model").strip(),
            model_key=text("model_key"),
        )


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise SettingError(f"{_BY_NAME[name].variable} is {text!r}; allowed are {', '.join(allowed)}.")
    return text


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise SettingError(f"{_BY_NAME[name].variable} is {text!r}; a whole number from 0 to 999 is allowed.")
    return int(text)


def _positive(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < float("inf"):
        raise SettingError(
            f"{_BY_NAME[name].variable} is {text!r}; a number above 0 is allowed, "
            f"for instance {_BY_NAME[name].default}."
        )
    return value
