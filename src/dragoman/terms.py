"""The closed vocabularies of the record: PLOVER's types and codes, and the project's own words."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """The part of a document in which offsets are counted (characters, from 0)."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BODY = "body"


class EventType(StrEnum):
    """PLOVER's sixteen event types (2024 manual)."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class Factuality(StrEnum):
    """Whether the text reports the event as done, promised, possible or denied."""

    ACTUAL = "actual"
    PLEDGED = "pledged"
    POSSIBLE = "possible"
    DENIED = "denied"


class Domain(StrEnum):
    """The field of life that an event belongs to; unknown is None, never a member."""

    ARMS = "arms"
    TROOPS = "troops"
    EXERCISES = "exercises"
    INTELLIGENCE = "intelligence"
    NUCLEAR = "nuclear"
    MISSILES = "missiles"
    SPACE = "space"
    ENERGY = "energy"
    FOOD = "food"
    TRADE = "trade"
    FINANCE = "finance"
    SANCTIONS = "sanctions"
    LABOUR = "labour"
    TRANSPORT = "transport"
    DIPLOMACY = "diplomacy"
    TREATY = "treaty"
    TERRITORY = "territory"
    MIGRATION = "migration"
    CYBER = "cyber"
    CULTURE = "culture"
    JUSTICE = "justice"
    PROTEST = "protest"
    OTHER = "other"


class ClaimantKind(StrEnum):
    """What kind of speaker stands behind a claim."""

    OFFICIAL = "official"
    ANALYST = "analyst"
    MEDIA = "media"
    ANONYMOUS = "anonymous"


class CorrectionKind(StrEnum):
    """What a person may say against the machine."""

    DISMISS = "dismiss"
    """The event, or one mention of it, is none."""
    SET = "set"
    """A field of the event should have another value."""
    SAME = "same"
    """Two events or mentions are of one happening."""
    APART = "apart"
    """A mention is of another happening than the event that it was merged into."""
    SETTLES = "settles"
    """A deed settles an entry of the ledger, in the state that `value` names."""
    UNSETTLED = "unsettled"
    """A deed has nothing to do with an entry of the ledger."""


class DateBasis(StrEnum):
    """How a publication date was found."""

    STATED = "stated"
    RELATIVE = "relative"


class RefusalStage(StrEnum):
    """The stage that declined to make a record."""

    READ = "read"
    CODING = "coding"
    IMPORT = "import"


class RefusalReason(StrEnum):
    """Why something was not turned into a record."""

    # read
    EMPTY = "empty"
    MISSING = "missing"
    TOO_LARGE = "too-large"
    NOT_TEXT = "not-text"
    UNKNOWN_FORMAT = "unknown-format"
    WRONG_FORMAT = "wrong-format"
    DAMAGED = "damaged"
    TOO_DEEP = "too-deep"
    NO_TEXT = "no-text"
    LANGUAGE = "language"
    FORBIDDEN_ADDRESS = "forbidden-address"
    DISALLOWED = "disallowed"
    TAKEN_DOWN = "taken-down"
    UNREACHABLE = "unreachable"
    # coding
    NO_SOURCE = "no-source"
    NO_TARGET = "no-target"
    SAME_PARTY = "same-party"
    CONDITIONAL = "conditional"
    BACKGROUND = "background"
    NEGATED = "negated"
    TOO_LONG = "too-long"
    UNSURE = "unsure"
    UNSUPPORTED = "unsupported"
    # import
    STATEMENT = "statement"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_ACTOR = "unknown-actor"
    WRONG_COLUMNS = "wrong-columns"
    BAD_VALUE = "bad-value"
    NO_EVENT = "no-event"


NON_STATE_CODES = frozenset({"IGO", "NGO", "ISM", "IMG", "MNC"})
ARMED_GROUPS = frozenset({"REB", "PRM", "UAF"})
