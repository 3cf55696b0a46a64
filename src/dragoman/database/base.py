"""What the tables of the SQL database share: names of constraints, moments in UTC, the current time."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime.datetime]):
    """A moment with its time zone; kept as UTC, given back as UTC by every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The moment as the database keeps it; one without a zone is a `ValueError`."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; moments are kept with one, such as datetime.UTC.")
        return value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The moment in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


class Base(DeclarativeBase):
    """The root of every table's class."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime.datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


def utc_now() -> datetime.datetime:
    """The current moment, in UTC."""
    return datetime.datetime.now(datetime.UTC)
