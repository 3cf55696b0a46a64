"""The relation of two actors in a record: its events, and every view of how it develops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from dragoman.brief import Answered, Brief, Development
from dragoman.errors import RecordMissing
from dragoman.pipeline.answers import LAST_DAYS, newest_matrix, stored_answers
from dragoman.pipeline.chosen import chosen_from, known_providers
from dragoman.pipeline.counted import stored_series
from dragoman.pipeline.happenings import load_events, load_happenings, uncollected
from dragoman.pipeline.lazily import lazily
from dragoman.pipeline.merge import corrections
from dragoman.pipeline.parties import party_code
from dragoman.pipeline.remembered import remembered
from dragoman.pipeline.wider import is_large, stored_networks, years
from dragoman.record import (
    Snapshot,
    Store,
    coverage,
    document_from,
    newest_day,
    read_by_day,
    rows_with,
    sentences,
)
from dragoman.relate import Happening
from dragoman.relate.eras import Eras, eras
from dragoman.relate.indicators import IndicatorRow, indicators
from dragoman.relate.ledger import Entry, KeptRate, kept_rates, ledger
from dragoman.relate.network import Network, networks
from dragoman.relate.questions import load_indicators
from dragoman.relate.readings import Reading, readings
from dragoman.relate.responses import MatrixRow, Response, answers_to, response_matrix
from dragoman.relate.ritual import RitualRow, ritual
from dragoman.relate.series import Coverage, SeriesRow, Step, series
from dragoman.relate.wording import Formula, wording
from dragoman.terms import Part

BACKGROUND = 20_000
"""Sentences of the whole record beside which a phrase is judged to be typical of a relation."""


class Asked(Protocol):
    """What a relation needs of its record."""

    def store(self) -> Store:
        """The tables."""

    def events(
        self, *parties: str, as_of: date | None = None, version: int | None = None, **filters: Any
    ) -> list[dict[str, Any]]:
        """Events as dictionaries."""

    def brief(
        self,
        *dyads: tuple[str, str],
        as_of: date | None = None,
        version: int | None = None,
        since: date | None = None,
        providers: Sequence[str] = (),
    ) -> Brief:
        """A cited brief."""


@dataclass(frozen=True)
class Dyad:
    """The relation of two actors in a record; `as_of` and `version` as in `Record.events`.

    With `providers`, every view is that of a record which holds no more than what these brought.
    Every view is of the record as it is when the first of them is asked for; take a new `Dyad` after adding to it.
    """

    record: Asked
    first: str
    second: str
    as_of: date | None = None
    version: int | None = None
    providers: Sequence[str] = ()
    parties: tuple[str, str] = field(init=False)
    """The two as codes, or names of bodies and groups."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parties", (party_code(self.first), party_code(self.second)))
        object.__setattr__(self, "providers", known_providers(self.providers))

    @uncollected()
    def events(self, **options: Any) -> list[dict[str, Any]]:
        """The events between the two, in both directions unless `directed=True`."""
        own = {"as_of": self.as_of, "version": self.version, "providers": self.providers}
        return self.record.events(self.first, self.second, **(own | options))

    @lazily
    def happenings(self) -> list[Happening]:
        """The events between the two with their reports, sorted by day, then id."""
        return load_happenings(self._snapshot, self.parties, self.as_of)

    @lazily
    def around(self) -> list[Happening]:
        """The events of everybody, for what others answer and for the wider net."""
        return load_happenings(self._snapshot, (), self.as_of)

    @lazily
    def today(self) -> date:
        """The day that views count to: `as_of`, else the newest publication date; an empty record has none."""

        def newest() -> date | None:
            # What was read of each day tells the newest too, and of a large record either takes a scan.
            known = self.__dict__.get("_read_by_day")
            return max(day for _, day in known) if known else newest_day(self._snapshot)

        day = self.as_of or remembered(self._snapshot, "newest day", newest)
        if day is None:
            whose = f" of {' or '.join(self.providers)}" if self.providers else ""
            raise RecordMissing(f"The record holds no dated document{whose}; add some with “dragoman add” or “import”.")
        return day

    @lazily
    def coverage(self) -> Coverage:
        """Documents read by outlet and day."""
        return remembered(self._snapshot, ("coverage", self.as_of), lambda: coverage(self._snapshot, self.as_of), len)

    @uncollected()
    def series(
        self, step: Step = Step.MONTH, *, since: date | None = None, until: date | None = None
    ) -> list[SeriesRow]:
        """What the first says and does to the second by period, then the way back.

        Of a large record the rows are counted by the engine; they tell no ids where these would be very many, see
        `counted.MANY`.
        """
        first, second = self.parties
        covered = self._read_by_day
        bare = "happenings" not in self.__dict__
        if bare and self._is_large:
            return stored_series(
                self._snapshot, first, second, step, coverage=covered, since=since, until=until or self.today
            )
        told = load_events(self._snapshot, self.parties) if bare and self.as_of is None else self.happenings
        return [
            row
            for source, target in ((first, second), (second, first))
            for row in series(told, source, target, step, coverage=covered, since=since, until=until or self.today)
        ]

    @uncollected()
    def eras(self, *, step: Step | None = None, since: date | None = None) -> Eras:
        """The stretches of time in which the relation was steady, and when it changed."""
        if (step, since) not in self._eras:
            self._eras[step, since] = eras(
                self.happenings, *self.parties, today=self.today, step=step, coverage=self._read_by_day, since=since
            )
        return self._eras[step, since]

    @uncollected()
    def ledger(self) -> list[Entry]:
        """Every pledge and threat between the two, and what became of it; kept for the same state of the record."""

        def find() -> list[Entry]:
            said = corrections(self._snapshot)
            return ledger(self.happenings, *self.parties, today=self.today, corrections=said)

        if self.__dict__.get("_is_part"):
            return find()
        kept: list[Entry] = remembered(
            self._snapshot, ("ledger", *self.parties, self.as_of), find, lambda found: len(found)
        )
        return list(kept)

    def kept_rates(self) -> list[KeptRate]:
        """By direction and domain: the share of words kept, and how long from word to deed."""
        return kept_rates(self.ledger())

    @uncollected()
    def indicators(self, extra: Path | None = None) -> list[IndicatorRow]:
        """The standing questions about the two, and how well each is known; `extra` adds a user's own."""
        return indicators(self.happenings, *self.parties, today=self.today, definitions=load_indicators(extra))

    @uncollected()
    def responses(
        self,
        event_id: str | None = None,
        *,
        window_days: int = 14,
        since: date | None = None,
        until: date | None = None,
    ) -> list[tuple[Happening, list[Response]]]:
        """Who else answered the events of the two, or one of them, within the window; only those that were answered.

        The newest first; `since` and `until` bound the days of the events. Of a large record the most telling events of
        these days, or of the last year, are asked about; see `answers.stored_answers`.
        """
        if self._is_large:
            days = (since or (until or self.today) - timedelta(days=LAST_DAYS), until or self.today)
            found = stored_answers(self._snapshot, self.parties, event_id, days, window_days)
        else:
            wanted = [
                h
                for h in self.happenings[::-1]
                if event_id in (None, h.event.id)
                and (since is None or (h.day is not None and since <= h.day))
                and (until is None or (h.day is not None and h.day <= until))
            ]
            answered = answers_to(self.around, wanted, window_days=window_days)
            found = list(zip(wanted, answered, strict=True))
        return [(h, answers) for h, answers in found if answers]

    @uncollected()
    def response_matrix(self, *, window_days: int = 14) -> list[MatrixRow]:
        """Who responds to whom, over everybody in the record; of a large one, in the newest events of the two."""
        if self._is_large:
            return newest_matrix(self._snapshot, self.parties, window_days)
        return response_matrix(self.around, window_days=window_days)

    @uncollected()
    def wording(self) -> list[Formula]:
        """The formulae of the relation: first use, by whom, how often."""
        background = remembered(
            self._snapshot, ("sentences", self.as_of), lambda: sentences(self._snapshot, BACKGROUND, self.as_of), len
        )
        return wording(self.happenings, *self.parties, today=self.today, background=background)

    @uncollected()
    def ritual(self) -> list[RitualRow]:
        """Of each statement, whether it comes back every year or week, and what is new in its wording."""
        read = min((day for _, day in self._read_by_day), default=None)
        return ritual(self.happenings, *self.parties, today=self.today, coverage_from=read)

    @uncollected()
    def readings(self) -> list[Reading]:
        """What analysts and articles read into it: interpretations per claimant, the oldest first; none is an event."""
        named: dict[str, set[tuple[Part, int, int]]] = {}
        for happening in self.happenings:
            for report in happening.reports:
                mention = report.mention
                spans = [p.span for p in (*mention.source, *mention.target) if p.actor.code in self.parties]
                named.setdefault(mention.document_id, set()).update((span.part, span.start, span.end) for span in spans)
        rows = rows_with(self._snapshot, "documents", "id", sorted(named))
        # One whose text was taken down says nothing, and no more hashes to its id.
        documents = [document for row in rows if (document := document_from(row)).id == row["id"]]
        words = {
            document.id: frozenset(
                word
                for part, start, end in named[document.id]
                if (word := document.text(part)[start:end])[:1].isupper()
            )
            for document in documents
        }
        return readings(documents, words)

    @uncollected()
    def network(self, periods: Sequence[tuple[date, date]] = ()) -> list[Network]:
        """The signed network around the two in each period; without periods, of every year that has events.

        Of a large record without periods only the last years are told; see `wider.stored_networks`.
        """
        if self.as_of is None:
            return stored_networks(self._snapshot, self.parties, periods, self.today)
        known = periods or years(day for h in self.around if (day := h.day) is not None and day <= self.today)
        return networks(self.around, known)

    def within(self, since: date | None, until: date | None) -> Dyad:
        """The same relation with the events of these days alone; those of unknown day are left out."""
        if since is None and until is None:
            return self
        found = Dyad(self.record, self.first, self.second, self.as_of, self.version, self.providers)
        found.__dict__["_is_part"] = True
        found.__dict__["happenings"] = [
            h
            for h in self.happenings
            if h.day is not None and (since is None or since <= h.day) and (until is None or h.day <= until)
        ]
        return found

    def development(self) -> Development:
        """What a brief tells of how the relation develops."""
        return Development(
            self.eras(),
            tuple(self.ledger()),
            tuple(self.indicators()),
            tuple(self.ritual()),
            tuple(self.wording()),
            tuple(Answered(happening.event.id, tuple(answers)) for happening, answers in self.responses()),
            tuple(self.readings()),
        )

    def brief(self, since: date | None = None) -> Brief:
        """What the record knows of the relation, every sentence with its citations."""
        relation = (self.first, self.second)
        return self.record.brief(
            relation, as_of=self.as_of, version=self.version, since=since, providers=self.providers
        )

    @lazily
    def _snapshot(self) -> Snapshot:
        return chosen_from(self.record.store().snapshot(self.version), self.providers)

    @lazily
    def _read_by_day(self) -> Coverage:
        """Documents read by day, whatever their outlet: all that periods need, and far less than the coverage."""
        by_day = remembered(
            self._snapshot, ("read by day", self.as_of), lambda: read_by_day(self._snapshot, self.as_of), len
        )
        return {(None, day): documents for day, documents in by_day.items()}

    @lazily
    def _eras(self) -> dict[tuple[Step | None, date | None], Eras]:
        """Eras found before: the rows of a view and the note under it both ask for them."""
        return {}

    @lazily
    def _is_large(self) -> bool:
        """Whether the events of everybody are too many to be held; a look back is told from all of them as ever."""
        return self.as_of is None and is_large(self._snapshot)
