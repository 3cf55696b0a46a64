"""The SQL database of what people write: accounts, reviews, briefs, comments, and the state of the watch."""

from dragoman.database.accounts import Account, ApiToken, AuditEntry, Invitation, Reset, SignIn
from dragoman.database.base import Base, utc_now
from dragoman.database.dumping import dump, load
from dragoman.database.engine import Database, open_database
from dragoman.database.naming import versions_named
from dragoman.database.publishing import Ban, BriefText, BriefVersion, Comment, Community, Complaint, Insight, Upload
from dragoman.database.reviewing import Review
from dragoman.database.watching import (
    Alert,
    Delivery,
    FetchedItem,
    HostState,
    SourceState,
    Visit,
    WatchedDyad,
    WatchMark,
)

__all__ = [
    "Account",
    "Alert",
    "ApiToken",
    "AuditEntry",
    "Ban",
    "Base",
    "BriefText",
    "BriefVersion",
    "Comment",
    "Community",
    "Complaint",
    "Database",
    "Delivery",
    "FetchedItem",
    "HostState",
    "Insight",
    "Invitation",
    "Reset",
    "Review",
    "SignIn",
    "SourceState",
    "Upload",
    "Visit",
    "WatchMark",
    "WatchedDyad",
    "dump",
    "load",
    "open_database",
    "utc_now",
    "versions_named",
]
