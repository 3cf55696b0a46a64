"""A small record to show, a desk over it, and people with a role each: what tests of the whole desk share."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from sqlalchemy import select

from dragoman.database import (
    Account,
    ApiToken,
    BriefText,
    Comment,
    Community,
    Complaint,
    Database,
    Insight,
    SignIn,
    utc_now,
)
from dragoman.pipeline import Record, open_record
from dragoman.serve import Desk, Permission, Role, create_app
from dragoman.serve.publish.composing import compose, publish
from dragoman.serve.tokens import hashed
from dragoman.settings import Settings

DISPATCHES = Path(__file__).parents[1] / "corpora" / "dispatches" / "dispatches.jsonl"

SHOWN = ("North Korea", "Pyongyang", "Taiwan")
"""A dispatch is shown if it speaks of one of these."""

ASKED = datetime.date(2024, 6, 30)
"""A day from which later dispatches settle what was forecast."""

PAYLOADS = (
    "<script>window.stolen=1</script>",
    '"><img src=x onerror="window.stolen=1">',
    "<svg/onload=window.stolen=1>",
    "javascript:window.stolen=1",
    "'-window.stolen-'",
    "{{ 7919 * 7907 }}",
    "<iframe srcdoc='<script>parent.stolen=1</script>'></iframe>",
    "</title></textarea></style><script>window.stolen=1</script>",
)
"""Usual ways to make a page run what it only should show."""


def hostile_document() -> dict[str, object]:
    """A dispatch that carries the payloads wherever a document has text."""
    body = (
        "North Korea delivered artillery shells to Russia on Wednesday, the ministry said. "
        f"{PAYLOADS[0]} {PAYLOADS[1]} “{PAYLOADS[2]}” {PAYLOADS[5]}\n\n"
        f"Russia thanked North Korea {PAYLOADS[4]} for the shells {PAYLOADS[6]} on Thursday. {PAYLOADS[7]}"
    )
    return {
        "title": f"Shells delivered {PAYLOADS[0]}{PAYLOADS[7]}",
        "standfirst": f"A ministry speaks {PAYLOADS[1]}",
        "text": body,
        "date": "2026-01-15",
        "outlet": f"Meridian {PAYLOADS[2]}",
        "author": f"An Author {PAYLOADS[1]}",
        "section": PAYLOADS[0],
        "topics": [PAYLOADS[5], PAYLOADS[6]],
        "url": PAYLOADS[3],
        "language": "en",
    }


def make_record(folder: Path) -> Record:
    """A record of some fifty dispatches and a hostile one, with forecasts of which some are settled."""
    rows = [json.loads(line) for line in DISPATCHES.read_text("utf-8").splitlines()]
    chosen = [row for row in rows if any(name in f"{row['title']} {row['text']}" for name in SHOWN)]
    texts = folder / "shown.jsonl"
    texts.write_text("".join(f"{json.dumps(row)}\n" for row in [*chosen, hostile_document()]), "utf-8")
    record = open_record(str(folder / "record"), Settings.load({}))
    record.add(texts)
    record.forecast_dyad("PRK", "RUS", as_of=ASKED)
    record.settle()
    record.forecast_dyad("PRK", "RUS")
    return record


def add_people(database: Database) -> dict[Role, tuple[str, str]]:
    """An account of each role; of each the cookie of a sign-in and a token with every scope that the role may have."""
    found = {}
    for role in Role:
        cookie, token = f"cookie-of-{role}", f"token-of-{role}"
        with database.session() as session:
            account = Account(
                name=f"a-{role}", display_name=f"A {role}", email=None, password_hash="none", role=role.value
            )
            session.add(account)
            session.flush()
            later = utc_now() + datetime.timedelta(days=1)
            session.add(SignIn(token_hash=hashed(cookie), account_id=account.id, expires=later))
            scopes = " ".join(Permission)
            session.add(ApiToken(account_id=account.id, name="tests", token_hash=hashed(token), scopes=scopes))
        found[role] = cookie, token
    return found


WRITTEN = {"slug": "shown-brief", "community": "shown", "author": "a-author", "number": "1"}
"""What stands in the addresses of what `add_writings` wrote."""


def add_writings(desk: Desk) -> None:
    """A published brief of the author on PRK and RUS, with the payloads in all that people write, and a draft."""
    bad = " ".join(PAYLOADS)
    with desk.database.session() as session:
        people = {account.role: account.id for account in session.scalars(select(Account))}
        place = Community(slug=WRITTEN["community"], name="Shown", about=f"About. {bad}")
        session.add(place)
        session.flush()
        made = compose(desk.record, [("PRK", "RUS")], None, None, None, short=True)
        written = {"kind": "text", "sentences": [{"text": f"By hand {bad}", "citations": []}], "composed": False}
        brief = BriefText(
            slug=WRITTEN["slug"],
            community_id=place.id,
            author_id=people[Role.AUTHOR],
            title=f"Shown {PAYLOADS[0]}",
            standfirst=f"A standfirst {PAYLOADS[1]}",
            topic="diplomacy",
            dyads=made.dyads,
            body=[*made.body, written],
            citations=made.citations,
            as_of=made.as_of,
            record_version=made.record_version,
        )
        session.add(brief)
        session.flush()
        publish(session, brief, people[Role.AUTHOR], utc_now(), note="", with_unsupported=True)
        comment = Comment(brief_id=brief.id, account_id=people[Role.READER], text=f"A comment. {bad}")
        session.add(comment)
        session.flush()
        session.add_all(
            [
                Comment(brief_id=brief.id, account_id=people[Role.REVIEWER], text="An answer.", parent_id=comment.id),
                Insight(
                    brief_id=brief.id,
                    account_id=people[Role.READER],
                    kind="source",
                    text=f"An insight. {bad}",
                    url="https://wire.example/x",
                ),
                Complaint(kind="comment", subject_id=comment.id, account_id=people[Role.REVIEWER], reason=bad),
            ]
        )


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """The address of a running desk on loopback, in a thread of this process."""
    config = uvicorn.Config(create_app(desk), host="127.0.0.1", port=0, log_level="warning", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started:
            if time.monotonic() > until or not thread.is_alive():
                raise RuntimeError("The desk did not start within 20 seconds.")
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def filled(path: str, values: Mapping[str, str]) -> str:
    """The address of a route with its parts filled in; a part without a value is a `KeyError`."""
    return path.format_map(values)
