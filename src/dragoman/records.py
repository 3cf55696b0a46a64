"""The plain types that travel between the stages; no input or output here."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import InitVar, dataclass, field

from dragoman.periods import Period
from dragoman.terms import (
    ARMED_GROUPS,
    NON_STATE_CODES,
    ClaimantKind,
    CorrectionKind,
    DateBasis,
    Domain,
    EventType,
    Factuality,
    Part,
    RefusalReason,
    RefusalStage,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of one part of a document."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article or statement as read. Offsets elsewhere count in `title`, `standfirst` or `body`.

    `published` is None where no date is stated and a relative one cannot be resolved; `published_text` keeps the
    page's own words ("Published 25 days ago"). `quotes` are the spans between quotation marks.
    """

    title: str | None
    standfirst: str | None
    body: str
    author: str | None = None
    publisher: str | None = None
    section: str | None = None
    topics: tuple[str, ...] = ()
    published: Period | None = None
    published_basis: DateBasis | None = None
    published_text: str | None = None
    retrieved: datetime.datetime | None = None
    language: str | None = None
    url: str | None = None
    quotes: tuple[Span, ...] = ()
    reader: str = ""

    @property
    def id(self) -> str:
        """A hash of what the document says and who published it; never of when or where it was read."""
        stated = str(self.published) if self.published and self.published_basis is DateBasis.STATED else ""
        return content_id(
            "d",
            self.url or "",
            self.publisher or "",
            self.author or "",
            stated,
            self.title or "",
            self.standfirst or "",
            self.body,
        )

    @property
    def available(self) -> datetime.date | None:
        """The day by which the document had surely been published; None if neither date is known."""
        latest = [self.published.end] if self.published else []
        if self.retrieved:
            latest.append(self.retrieved.date())
        return min(latest, default=None)

    def text(self, part: Part) -> str:
        """The text of one part; an absent part is empty."""
        match part:
            case Part.TITLE:
                return self.title or ""
            case Part.STANDFIRST:
                return self.standfirst or ""
            case Part.BODY:
                return self.body

    def slice(self, span: Span) -> str:
        """The characters that `span` points at."""
        return self.text(span.part)[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Actor:
    """A resolved party: ISO 3166 alpha-3 or PLOVER code, PLOVER sector, name, Wikidata id where known."""

    code: str
    name: str
    sector: str | None = None
    wikidata: str | None = None

    @property
    def label(self) -> str:
        """How lists of speakers tell the actor: a state's code, the name of a body or armed group."""
        return self.name if self.code in NON_STATE_CODES or self.sector in ARMED_GROUPS else self.code

    @property
    def key(self) -> str:
        """What makes two actors the same party of an event: bodies and groups by name, states by code."""
        return f"{self.code}:{self.name}" if self.code in NON_STATE_CODES or self.sector in ARMED_GROUPS else self.code


@dataclass(frozen=True, slots=True)
class Party:
    """An actor in one role of a mention: where the text names it and which rule resolved it."""

    actor: Actor
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who says so, if not the article itself; `actor` is None for a speaker who belongs to no known actor."""

    kind: ClaimantKind
    actor: Actor | None
    span: Span
    cue: str

    @property
    def label(self) -> str:
        """How lists of speakers tell the claimant: by actor where one is known, else by kind."""
        return self.actor.label if self.actor else self.kind.value


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened; latitude and longitude in degrees, None where only the country is known.

    `span` is None for the place of an imported event, which no text of ours names.
    """

    name: str
    country: str
    span: Span | None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One coded report of an event in one sentence, with the offsets and rules that made it.

    `intensity` runs from -10 (conflict) to +10 (cooperation), PLOVER's score of the mode, else of the type.
    `confidence` is None while no calibrated probability stands behind the coding.
    """

    document_id: str
    sentence: Span
    predicate: Span
    source: tuple[Party, ...]
    target: tuple[Party, ...]
    type: EventType
    mode: str | None
    quad: int
    intensity: float
    factuality: Factuality
    claimants: tuple[Claimant, ...]
    date: Period | None
    date_span: Span | None
    place: Place | None
    domain: Domain | None
    contexts: tuple[str, ...]
    quotes: tuple[Span, ...]
    rules: tuple[str, ...]
    coder_version: str
    confidence: float | None = None
    vector: bytes | None = None
    """The encoder's sentence in 64 signed bytes, by which two reports are compared."""
    id: str = field(init=False, repr=False, compare=False)
    """A hash of the document, the predicate's place, the type and the parties."""
    stored_id: InitVar[str | None] = None
    """The same, where it was worked out before."""

    def __post_init__(self, stored_id: str | None) -> None:
        identity = stored_id or content_id(
            "m",
            self.document_id,
            self.predicate.part,
            str(self.predicate.start),
            str(self.predicate.end),
            self.type,
            *(f"S{party.actor.key}" for party in self.source),
            *(f"T{party.actor.key}" for party in self.target),
        )
        object.__setattr__(self, "id", identity)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, merged from the mentions that report it."""

    id: str
    date: Period | None
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    type: EventType
    mode: str | None
    quad: int
    intensity: float
    factuality: Factuality
    contested: bool
    claimants: tuple[str, ...]
    deniers: tuple[str, ...]
    domain: Domain | None
    place: Place | None
    confidence: float | None
    mentions: tuple[str, ...]
    outlets: tuple[str, ...]
    origins: int
    first_reported: datetime.date | None
    last_reported: datetime.date | None
    provider: str
    coder_version: str
    dismissed: bool = False
    """Whether a person has said that this is no event; no view shows it, and the record keeps it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says against the machine; never changed, only outweighed by a later one.

    `subject` is the id of an event, a mention or a ledger entry; `other` that of a second one where the kind needs it;
    `field` and `value` say what an event's field should be.
    """

    kind: CorrectionKind
    subject: str
    by: str
    at: datetime.datetime
    other: str | None = None
    field: str | None = None
    value: str | None = None
    note: str | None = None

    @property
    def id(self) -> str:
        """A hash of all that it says."""
        return content_id(
            "c",
            self.kind,
            self.subject,
            self.by,
            self.at.isoformat(),
            self.other or "",
            self.field or "",
            self.value or "",
            self.note or "",
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a stage declined to turn into a record, and why. Counted, never dropped silently."""

    stage: RefusalStage
    reason: RefusalReason
    detail: str
    input: str | None = None
    locator: str | None = None
    content: str | None = None
    document_id: str | None = None
    span: Span | None = None
    coder_version: str | None = None

    @property
    def id(self) -> str:
        """A hash of what was refused and why; `content` is the hash of the refused bytes."""
        place = f"{self.span.part}:{self.span.start}:{self.span.end}" if self.span else ""
        return content_id(
            "r",
            self.stage,
            self.reason,
            self.document_id or self.content or self.input or "",
            self.locator or "",
            place,
            self.detail if self.stage is RefusalStage.CODING else "",
        )


def content_id(kind: str, *values: str) -> str:
    """A short stable id: `kind` and 20 hexadecimal digits of the SHA-256 over the values' lengths and bytes."""
    digest = hashlib.sha256()
    for value in values:
        data = value.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return f"{kind}{digest.hexdigest()[:20]}"
