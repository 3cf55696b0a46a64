"""How far reviewers agree on the reports that two or more of them judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import func, select

from dragoman.database import Account, Database, Review
from dragoman.exchange.reliability import krippendorff_alpha
from dragoman.serve.reviewing.coding import FIELDS
from dragoman.serve.reviewing.deciding import Decision

MOST = 5_000
"""Reports judged by several that are compared; the latest judged ones."""

NONE = "none"
"""The type that a rejected report has for the comparison."""


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """Agreement on one field: `raw` is the share of pairs that say the same, `alpha` Krippendorff's (nominal).

    `alpha` is 1 for perfect agreement and 0 for what chance gives; null where all values are equal or none compare.
    """

    field: str
    reports: int
    raw: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A report on which reviewers differ: in which fields, and who says what of them."""

    mention_id: str
    fields: list[str]
    said: list[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of all reviewers, and the reports on which they differ, the latest judged first."""

    reports: int
    reviewers: list[str]
    fields: list[FieldAgreement]
    disputes: list[Dispute]


def agreement(database: Database) -> Agreement:
    """How far reviewers agree: on whether there is an event and on each field of it.

    Fields beside the type are compared among those who see an event.
    """
    several = (
        select(Review.mention_id)
        .group_by(Review.mention_id)
        .having(func.count() > 1)
        .order_by(func.max(Review.at).desc(), Review.mention_id)
        .limit(MOST)
        .subquery()
    )
    with database.session() as session:
        rows = session.execute(
            select(Review, Account.name)
            .join(several, several.c.mention_id == Review.mention_id)
            .join(Account, Account.id == Review.account_id)
            .order_by(Review.at.desc(), Review.id.desc())
        ).all()
    units: dict[str, list[tuple[str, dict[str, str | None]]]] = defaultdict(list)
    for review, name in rows:
        units[review.mention_id].append((name, _judged(review)))
    fields = [
        _field(name, [[values[name] for _, values in judged] for judged in units.values()])
        for name in ("event", *FIELDS)
    ]
    disputes = [found for mention, judged in units.items() if (found := _dispute(mention, judged)) is not None]
    return Agreement(len(units), sorted({name for _, name in rows}), fields, disputes[:50])


def _judged(review: Review) -> dict[str, str | None]:
    """What a reviewer holds the fields to be; None where there is nothing to compare."""
    if review.decision == Decision.REJECT:
        return {"event": "no", "type": NONE, **dict.fromkeys(FIELDS[1:])}
    values = {**review.coded, **review.values}
    return {"event": "yes", **{name: values.get(name) for name in FIELDS}}


def _field(name: str, units: Sequence[Sequence[str | None]]) -> FieldAgreement:
    shared = [given for unit in units if len(given := [value for value in unit if value is not None]) > 1]
    pairs = [one == other for given in shared for one, other in combinations(given, 2)]
    raw = sum(pairs) / len(pairs) if pairs else None
    return FieldAgreement(name, len(shared), raw, krippendorff_alpha(shared))


def _dispute(mention: str, judged: Sequence[tuple[str, dict[str, str | None]]]) -> Dispute | None:
    differing = [
        name
        for name in ("event", *FIELDS)
        if len({values[name] for _, values in judged if values[name] is not None}) > 1
    ]
    if not differing:
        return None
    shown = [name for name in differing if name != "event"]
    said = [
        f"{name}: {', '.join(values[field] or 'unknown' for field in shown if values[field] is not None)}"
        for name, values in judged
    ]
    return Dispute(mention, shown, said)
