"""Every error that Dragoman raises on purpose.

DragomanError
├── UsageError            the caller asked for something that cannot be (exit 2)
│   └── SettingError      a setting has a value that is not allowed
├── ReadError             an input cannot be read; becomes a stored refusal
│   └── FetchError        an address may not or cannot be fetched
├── DataError             a data file of Dragoman's own, or the user's, is not as it must be
├── RecordError           the record cannot be opened, read or written
│   ├── RecordMissing     there is no record at that place, or not that version
│   └── RecordDamaged     the record's tables contradict each other
├── DatabaseError         the SQL database cannot be opened, read or written
├── EngineError           what is to answer questions to the record, such as Spark, cannot be started
├── ForecastError         odds cannot be given
│   └── LookAheadError    a feature reads what was not known on its day
├── ModelError           a language model does not answer, or not in the form asked for
└── BriefError            a brief cannot be made
    └── UncitedError      a sentence has no citation that resolves
"""

from __future__ import annotations


class DragomanError(Exception):
    """The family's root; its message says what was found, what was allowed and what to do."""


class UsageError(DragomanError):
    """The caller asked for something that cannot be: an unknown code, a malformed date, a wrong option."""


class SettingError(UsageError):
    """A setting has a value that is not allowed."""


class ReadError(DragomanError):
    """An input cannot be turned into a document.

    `reason` is one word of `records.RefusalReason`; readers raise it and `read.read_input` stores it as a refusal.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class FetchError(ReadError):
    """An address may not be fetched (a rule forbids it) or could not be (the network failed)."""


class DataError(DragomanError):
    """A data file (actors, predicates, indicators) is not as it must be."""


class RecordError(DragomanError):
    """The record cannot be opened, read or written."""


class RecordMissing(RecordError):
    """There is no record at that place, or it has no such version."""


class RecordDamaged(RecordError):
    """The tables of the record contradict each other."""


class DatabaseError(DragomanError):
    """The SQL database of what people write cannot be opened, read or written."""


class EngineError(DragomanError):
    """What is to answer questions to the record cannot be started: Spark, Java or the master is missing."""


class ForecastError(DragomanError):
    """Odds cannot be given from this record."""


class LookAheadError(ForecastError):
    """A feature reads what was not known on the day for which it is made."""


class ModelError(DragomanError):
    """A language model does not answer, or not in the form that was asked for."""


class BriefError(DragomanError):
    """A brief cannot be made from this record."""


class UncitedError(BriefError):
    """A sentence of a brief has no citation that resolves to a sentence of a document."""
