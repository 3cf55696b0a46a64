"""Makes a record of any size out of nothing: Zipf's law over states, every type of event, ten years, short sentences.

Tables are written as Arrow, a slice of time after the other, as a record grows in life. The same seed gives the same
rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from dragoman.coding import gazetteer
from dragoman.coding.ontology import intensity, ontology
from dragoman.periods import Period
from dragoman.record import Store
from dragoman.record.schemas import TABLES
from dragoman.records import Actor, Document, Mention, Party, Span
from dragoman.relate import Report, block_of, signature, window_of
from dragoman.terms import DateBasis, Domain, EventType, Factuality, Part

FIRST_DAY, DAYS = date(2015, 1, 1), 3652
CHUNK = 100_000
"""Mentions written at a time."""

FLATTENED = 2.0
"""Added to a state's rank in Zipf's law, so that the busiest two have 0.9% of all events, as in ICEWS of 2014."""

IN_A_DOCUMENT = 10
"""Mentions of one document."""

LEADING = "USA RUS CHN UKR ISR IRN IND GBR FRA DEU JPN KOR PRK TUR PAK SAU SYR POL ITA EGY".split()
"""The states most written of; the others follow by their codes."""

OUTLETS = tuple(f"Outlet {n}" for n in range(60))
OBJECTS = (
    "a shipment of artillery shells,talks on the border,a package of sanctions,a treaty of friendship,"
    "a convoy of grain,a naval exercise,the draft of a resolution,a visit of ministers,a loan for a power station,"
    "an attack on a depot,the return of prisoners,a ban on imports,the opening of an embassy,satellite pictures,"
    "a statement on the islands"
).split(",")
TYPES = tuple(EventType)
TYPE_SHARES = np.array([6, 20, 14, 3, 6, 5, 4, 7, 9, 4, 5, 2, 3, 2, 2, 8], float)
"""How often each type comes, in the order of `EventType`; near the shares of ICEWS and POLECAT."""

FACTUALITIES, FACTUALITY_SHARES = tuple(Factuality), np.array([0.8, 0.14, 0.03, 0.03])
DOMAINS = (None, *Domain)
UNDATED = 0.12
"""The share of mentions whose sentence tells no date."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn for some mentions, as numbers into the lists above; `day` counts from the first day."""

    source: Numbers
    target: Numbers
    type: Numbers
    factuality: Numbers
    domain: Numbers
    day: Numbers
    dated: npt.NDArray[np.bool_]
    delay: Numbers
    object: Numbers


@cache
def states() -> tuple[Actor, ...]:
    """The states, those most written of first."""
    known = gazetteer().states
    order = [*LEADING, *sorted(known.keys() - set(LEADING))]
    return tuple(Actor(code, known[code].name) for code in order)


def draw(count: int, seed: int, first: int, last: int, retold: float = 0.0) -> Drawn:
    """So many mentions on the days from `first` to `last` (exclusive), in order of time.

    A share `retold` of them tells once more what another document has told shortly before.
    """
    random = np.random.default_rng(seed)
    shares = 1 / (np.arange(1, len(states()) + 1) + FLATTENED)
    shares /= shares.sum()
    source, target = (random.choice(len(shares), count, p=shares) for _ in range(2))
    target = np.where(source == target, (target + 1) % len(shares), target)
    drawn = Drawn(
        source=source,
        target=target,
        type=random.choice(len(TYPES), count, p=TYPE_SHARES / TYPE_SHARES.sum()),
        factuality=random.choice(len(FACTUALITIES), count, p=FACTUALITY_SHARES),
        domain=np.where(random.random(count) < 0.4, 0, random.integers(1, len(DOMAINS), count)),
        day=np.sort(random.integers(first, last, count)),
        dated=random.random(count) >= UNDATED,
        delay=random.integers(0, 3, count),
        object=random.integers(0, len(OBJECTS), count),
    )
    back = random.integers(IN_A_DOCUMENT, 4 * IN_A_DOCUMENT, count)
    copied = np.where(
        (random.random(count) < retold) & (back <= np.arange(count)), np.arange(count) - back, np.arange(count)
    )
    told = {name: getattr(drawn, name)[copied] for name in drawn.__slots__ if name != "delay"}
    return replace(drawn, **told)


def documents_of(drawn: Drawn, name: str) -> Iterator[tuple[Document, list[Mention]]]:
    """The documents that tell of what was drawn, with their mentions; `name` sets them apart from all others."""
    for start in range(0, len(drawn.day), IN_A_DOCUMENT):
        places = range(start, min(start + IN_A_DOCUMENT, len(drawn.day)))
        day = max(int(drawn.day[i] + drawn.delay[i]) for i in places)
        published = FIRST_DAY + timedelta(days=day)
        sentences = [_sentence(drawn, i) for i in places]
        number = f"{name}/{start // IN_A_DOCUMENT}"
        document = Document(
            title=f"News of {published}",
            standfirst=None,
            body=" ".join(sentences),
            publisher=OUTLETS[(start // IN_A_DOCUMENT) % len(OUTLETS)],
            published=Period(published),
            published_basis=DateBasis.STATED,
            language="en",
            url=f"https://made.example/{number}",
            reader="made",
        )
        known, at, mentions = document.id, 0, []
        for i, sentence in zip(places, sentences, strict=True):
            mentions.append(_mention(drawn, i, known, at, len(sentence)))
            at += len(sentence) + 1
        yield document, mentions


def _sentence(drawn: Drawn, i: int) -> str:
    source, target = states()[drawn.source[i]].name, states()[drawn.target[i]].name
    when = f" on {FIRST_DAY + timedelta(days=int(drawn.day[i])):%d %B %Y}" if drawn.dated[i] else ""
    verb, what = TYPES[drawn.type[i]].value.lower(), OBJECTS[drawn.object[i]]
    return f"{source} and {target}: {verb}, {what}{when}."


def _mention(drawn: Drawn, i: int, document: str, at: int, length: int) -> Mention:
    kind, name = TYPES[drawn.type[i]], states()[drawn.source[i]].name
    source, target = Span(Part.BODY, at, at + len(name)), Span(Part.BODY, at + len(name) + 5, at + len(name) + 9)
    return Mention(
        document_id=document,
        sentence=Span(Part.BODY, at, at + length),
        predicate=Span(Part.BODY, at + length // 2, at + length // 2 + 6),
        source=(Party(states()[drawn.source[i]], source, "made"),),
        target=(Party(states()[drawn.target[i]], target, "made"),),
        type=kind,
        mode=None,
        quad=ontology()[kind].quad,
        intensity=intensity(kind, None),
        factuality=FACTUALITIES[drawn.factuality[i]],
        claimants=(),
        date=Period(FIRST_DAY + timedelta(days=int(drawn.day[i]))) if drawn.dated[i] else None,
        date_span=None,
        place=None,
        domain=DOMAINS[drawn.domain[i]],
        contexts=(),
        quotes=(),
        rules=("made",),
        coder_version="made",
        confidence=0.8,
        vector=_vector(int(drawn.object[i]), int(drawn.type[i])),
    )


@cache
def _vector(what: int, kind: int) -> bytes:
    """What an encoder might make of a sentence: much the same for the same object, shifted by the type."""
    random = np.random.default_rng(1000 * what + 1)
    other = np.random.default_rng(kind + 1)
    mixed = 0.8 * random.normal(0, 40, 64) + 0.2 * other.normal(0, 40, 64)
    return np.clip(mixed, -127, 127).astype(np.int8).tobytes()


def fill(location: str, events: int, seed: int = 1) -> int:
    """Make a record of so many events, one mention each, and return how many documents it has."""
    store = Store.open(location, create=True)
    slices = max(1, round(events / CHUNK))
    counts = [events // slices + (i < events % slices) for i in range(slices)]
    documents = 0
    with store.begin("make"):
        for i, count in enumerate(counts):
            drawn = draw(count, seed + i, DAYS * i // slices, DAYS * (i + 1) // slices)
            documents += _write(location, list(documents_of(drawn, f"{seed}/{i}")))
        versions = {name: DeltaTable(f"{location}/{name}").version() for name in TABLES}
        base = store.snapshot()
        store._append_commit({**base.commit, **versions, "version": base.version + 1, "operation": "make"})
    return documents


def _write(location: str, told: Sequence[tuple[Document, list[Mention]]]) -> int:
    pairs = [(document, mention) for document, mentions in told for mention in mentions]
    ids = [mention.id for _, mention in pairs]
    tables = {
        "documents": _documents_table([document for document, _ in told]),
        "mentions": _mentions_table(pairs, ids),
        "events": _events_table(pairs, ids),
    }
    for name, table in tables.items():
        write_deltalake(f"{location}/{name}", table, mode="append")
    return len(told)


def _documents_table(documents: Sequence[Document]) -> pa.Table:
    days = pa.array([document.available for document in documents], pa.date32())
    return _table(
        "documents",
        len(documents),
        {
            "id": [document.id for document in documents],
            "title": [document.title for document in documents],
            "body": [document.body for document in documents],
            "publisher": [document.publisher for document in documents],
            "topics": [[]] * len(documents),
            "published": days,
            "published_precision": ["day"] * len(documents),
            "published_basis": ["stated"] * len(documents),
            "available": days,
            "language": ["en"] * len(documents),
            "url": [document.url for document in documents],
            "quotes": [[]] * len(documents),
            "reader": ["made"] * len(documents),
            "signature": [signature(document) for document in documents],
        },
    )


def _mentions_table(pairs: Sequence[tuple[Document, Mention]], ids: Sequence[str]) -> pa.Table:
    count = len(pairs)
    windows = [window_of(Report(m, d.publisher, d.available, "")) for d, m in pairs]
    return _table(
        "mentions",
        count,
        {
            "id": ids,
            "document_id": [m.document_id for _, m in pairs],
            "event_id": [f"e{key[1:]}" for key in ids],
            "outlet": [d.publisher for d, _ in pairs],
            "available": [d.available for d, _ in pairs],
            "sentence": [_span(m.sentence) for _, m in pairs],
            "predicate": [_span(m.predicate) for _, m in pairs],
            "source": [[_party(m.source[0])] for _, m in pairs],
            "target": [[_party(m.target[0])] for _, m in pairs],
            "source_key": [m.source[0].actor.code for _, m in pairs],
            "target_key": [m.target[0].actor.code for _, m in pairs],
            **_common([m for _, m in pairs]),
            "claimants": [[]] * count,
            "contexts": [[]] * count,
            "quotes": [[]] * count,
            "rules": [["made"]] * count,
            "vector": [m.vector for _, m in pairs],
            "text": [d.slice(m.sentence) for d, m in pairs],
            "block": [_block(m) for _, m in pairs],
            "window_start": [low for low, _ in windows],
            "window_end": [high for _, high in windows],
        },
    )


def _events_table(pairs: Sequence[tuple[Document, Mention]], ids: Sequence[str]) -> pa.Table:
    count = len(pairs)
    days = [d.available for d, _ in pairs]
    return _table(
        "events",
        count,
        {
            "id": [f"e{key[1:]}" for key in ids],
            "source": [[_actor(m.source[0].actor)] for _, m in pairs],
            "target": [[_actor(m.target[0].actor)] for _, m in pairs],
            "source_key": [m.source[0].actor.code for _, m in pairs],
            "target_key": [m.target[0].actor.code for _, m in pairs],
            **_common([m for _, m in pairs]),
            "contested": [False] * count,
            "claimants": [[]] * count,
            "deniers": [[]] * count,
            "mentions": [[key] for key in ids],
            "outlets": [[d.publisher] for d, _ in pairs],
            "origins": [1] * count,
            "first_reported": days,
            "last_reported": days,
            "provider": ["dragoman"] * count,
            "dismissed": [False] * count,
        },
    )


def _common(mentions: Sequence[Mention]) -> dict[str, list[object]]:
    """The columns that mentions and events share."""
    return {
        "type": [m.type.value for m in mentions],
        "quad": [m.quad for m in mentions],
        "intensity": [m.intensity for m in mentions],
        "factuality": [m.factuality.value for m in mentions],
        "date": [m.date.start if m.date else None for m in mentions],
        "date_precision": [m.date.precision.value if m.date else None for m in mentions],
        "date_end": [m.date.end if m.date else None for m in mentions],
        "domain": [m.domain.value if m.domain else None for m in mentions],
        "confidence": [m.confidence for m in mentions],
        "coder_version": [m.coder_version for m in mentions],
    }


def _table(name: str, count: int, columns: dict[str, object]) -> pa.Table:
    """The columns as a table of the record; those that are not given are null."""
    arrays = [
        pa.nulls(count, field.type) if field.name not in columns else pa.array(columns[field.name], field.type)
        for field in TABLES[name]
    ]
    return pa.table(arrays, schema=TABLES[name])


_BLOCKS: dict[tuple[str, str, EventType, bool], str] = {}


def _block(mention: Mention) -> str:
    """The mention's block, worked out once for all that share it."""
    pledged = mention.factuality is Factuality.PLEDGED
    key = (mention.source[0].actor.code, mention.target[0].actor.code, mention.type, pledged)
    if key not in _BLOCKS:
        _BLOCKS[key] = block_of(mention)
    return _BLOCKS[key]


@cache
def _actor(actor: Actor) -> dict[str, str | None]:
    return {"code": actor.code, "name": actor.name, "sector": actor.sector, "wikidata": actor.wikidata}


def _span(span: Span) -> dict[str, str | int]:
    return {"part": span.part.value, "start": span.start, "end": span.end}


def _party(party: Party) -> dict[str, str | int | None]:
    return {**_actor(party.actor), **_span(party.span), "rule": party.rule}
