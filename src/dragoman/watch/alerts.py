"""Alerts in the database: each once, with its way to every channel; and read from there for the desk."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dragoman.database import Alert, Database, Delivery
from dragoman.records import content_id
from dragoman.watch.channels import Channel
from dragoman.watch.findings import Finding
from dragoman.watch.holding import insert_missing
from dragoman.watch.rules import Rule


def alert_id(rule: Rule, finding: Finding) -> str:
    """A hash of the rule and of what it found."""
    return content_id("a", rule.name, rule.kind, finding.key)


def store(
    session: Session,
    found: Iterable[tuple[Rule, Finding]],
    channels: Sequence[Channel],
    version: int,
    now: datetime.datetime,
) -> list[str]:
    """Write alerts that are not there yet, and what is to be sent of them; the ids of the new ones."""
    by_id = {alert_id(rule, finding): (rule, finding) for rule, finding in found}
    known = set(session.scalars(select(Alert.id).where(Alert.id.in_(by_id))))
    new = {key: value for key, value in by_id.items() if key not in known}
    insert_missing(
        session,
        Alert,
        (
            {
                "id": key,
                "rule": rule.name,
                "at": now,
                "title": finding.title,
                "why": finding.why,
                "evidence": list(finding.evidence),
                "dyad": list(finding.dyad),
                "record_version": version,
            }
            for key, (rule, finding) in new.items()
        ),
    )
    insert_missing(
        session,
        Delivery,
        (
            {
                "alert_id": key,
                "channel": channel.name,
                "digest": channel.digest is not None and not rule.urgent,
                "tries": 0,
                "next_try": channel.when(now, urgent=rule.urgent),
                "error": "",
            }
            for key, (rule, _) in new.items()
            for channel in channels
            if not rule.channels or channel.name in rule.channels
        ),
    )
    return list(new)


def alerts(database: Database, limit: int = 50) -> list[dict[str, Any]]:
    """The newest alerts, newest first, as plain values; `deliveries` tells for each channel when it was delivered."""
    with database.session() as session:
        rows = list(session.scalars(select(Alert).order_by(Alert.at.desc(), Alert.id).limit(limit)))
        ways = session.scalars(select(Delivery).where(Delivery.alert_id.in_([row.id for row in rows])))
        delivered: dict[str, dict[str, str | None]] = {}
        for way in ways:
            moment = way.delivered.isoformat() if way.delivered else None
            delivered.setdefault(way.alert_id, {})[way.channel] = moment
        return [
            {
                "id": row.id,
                "rule": row.rule,
                "at": row.at.isoformat(),
                "title": row.title,
                "why": row.why,
                "evidence": list(row.evidence),
                "dyad": list(row.dyad),
                "record_version": row.record_version,
                "deliveries": delivered.get(row.id, {}),
            }
            for row in rows
        ]
