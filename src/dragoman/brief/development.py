"""The parts of a brief on how a relation develops: eras, what became of words, standing questions, ritual, formulae."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.brief.beyond import Answered
from dragoman.brief.changes import Earlier
from dragoman.brief.names import join, say_speaker
from dragoman.brief.outlook import MOST_FORECASTS, NOTE, Foreseen
from dragoman.brief.plain import plain
from dragoman.brief.statement import Citations, Section, Statement
from dragoman.brief.wording import capital, say_date
from dragoman.records import Mention
from dragoman.relate.entries import Entry, State
from dragoman.relate.eras import Era, Eras
from dragoman.relate.indicators import IndicatorRow
from dragoman.relate.indicators import State as Known
from dragoman.relate.readings import Reading
from dragoman.relate.ritual import RitualRow
from dragoman.relate.wording import Formula

MOST_ENTRIES = 16
MOST_FORMULAE = 8
MOST_STATEMENTS = 8
MOST_WAITING = 6
MOST_CITATIONS = 5
RECENT = timedelta(days=400)
"""Statements so long before the brief's day are still told as ritual or news."""

LONGEST_PROMISE = 220
"""Characters of a promise that is repeated; the rest stands in its source."""

_SETTLED = (State.KEPT, State.PARTLY, State.BROKEN, State.WITHDRAWN, State.LAPSED)
_KINDS = {
    "pledge": "pledge",
    "offer": "offer",
    "threat": "threat",
    "ultimatum": "ultimatum",
    "deadline": "deadline",
    "commitment": "commitment by treaty",
}


@dataclass(frozen=True, slots=True)
class Development:
    """The views of one relation that a brief tells of."""

    eras: Eras
    ledger: tuple[Entry, ...]
    indicators: tuple[IndicatorRow, ...]
    ritual: tuple[RitualRow, ...]
    wording: tuple[Formula, ...]
    responses: tuple[Answered, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Developing:
    """Writes the sections of one relation, as known on a day."""

    mentions: Mapping[str, Mention]
    citations: Citations
    names: Mapping[str, str]
    as_of: date | None

    def before(self, found: Development) -> list[Section]:
        """What stands before the events: the eras and the standing questions."""
        return [self.eras(found.eras), self.indicators(found.indicators)]

    def after(self, found: Development) -> list[Section]:
        """What stands after them: what became of words, ritual or news, and the formulae."""
        return [self.ledger(found.ledger), self.ritual(found.ritual), self.wording(found.wording)]

    def changed(self, found: Development, earlier: Earlier) -> list[Statement]:
        """Words that were settled, and standing questions that are answered otherwise, since an earlier brief."""
        told = []
        for entry in sorted(found.ledger, key=lambda entry: (str(entry.settled_on), entry.id)):
            before = earlier.words.get(entry.id)
            if entry.state in _SETTLED and before != entry.state.value:
                was = f" Before, it was {before}." if before else ""
                told.append(self._statement(self._entry(entry) + was, [*entry.mentions[:3], *entry.settled_by]))
        for row in found.indicators:
            before = earlier.questions.get(row.key)
            if before is not None and before != row.state.value:
                text = (
                    f"{row.question} Now {row.state.value}, before {before}. {capital(row.finding.reason.rstrip('.'))}."
                )
                told.append(self._statement(text, _evidence(row)))
        return list(_kept(told))

    def eras(self, found: Eras) -> Section:
        """One statement an era, on its five most telling events."""
        note = "Stretches of time in which the relation was steady, and what changed between them."
        if found.note:
            note += f" {capital(found.note)}."
        told = []
        for era in found.eras:
            evidence = [*(event.mention for event in era.telling), *(first.mention for first in era.firsts)]
            told.append(self._statement(_era(era) + self._firsts(era), [key for key in evidence if key]))
        return Section("How it developed", note, _kept(told))

    def _firsts(self, era: Era) -> str:
        """What was done for the first time in an era, and how well it is known."""
        told = []
        for first in era.firsts:
            by = f" by {join([self._name(code) for code in first.by])}" if first.by else ""
            told.append(f"{first.domain.value} ({first.standing}{by}, {first.day.day} {first.day:%B %Y})")
        return f" For the first time in the record: {join(told)}." if told else ""

    def indicators(self, found: Sequence[IndicatorRow]) -> Section:
        """One statement for every standing question of which something is known; the others stand in the note."""
        silent = [row.key.replace("-", " ").replace("_", " ") for row in found if row.state is Known.NOTHING]
        note = "Standing questions, each with how well it is known."
        if silent:
            note += f" Nothing was seen of {join(silent)}."
        told = []
        for row in found:
            if row.state is not Known.NOTHING:
                sides = "".join(
                    f" {capital(self._name(directed.source))} to {self._name(directed.target)}: "
                    f"{directed.finding.state}."
                    for directed in row.directions
                    if directed.finding.state is not Known.NOTHING
                )
                text = f"{row.question} {capital(row.finding.reason.rstrip('.'))}.{sides}"
                told.append(self._statement(text, _evidence(row)))
        return Section("Standing questions", note, _kept(told))

    def ledger(self, found: Sequence[Entry]) -> Section:
        """One statement an entry: the settled ones first, then the open ones that a deed could be checked against."""
        settled = [entry for entry in found if entry.state in _SETTLED]
        waiting = [entry for entry in found if entry.state is State.OPEN and not entry.general]
        chosen = sorted([*settled, *waiting][:MOST_ENTRIES], key=lambda entry: (entry.made, entry.id))
        told = [self._statement(self._entry(entry), [*entry.mentions[:3], *entry.settled_by]) for entry in chosen]
        note = "Every pledge and threat followed until it was kept, broken, withdrawn or lapsed."
        return Section("What became of words", note, _kept(told), len(settled) + len(waiting) - len(chosen))

    def ritual(self, found: Sequence[RitualRow]) -> Section:
        """The statements of the last year or so that belong to an occasion or rhythm, or are new."""
        recent = [row for row in found if self.as_of is None or row.day >= self.as_of - RECENT]
        telling = _one_a_day([row for row in recent if row.occasion or row.counterparts])
        chosen = sorted(telling, key=lambda row: (row.day, row.event_id))[-MOST_STATEMENTS:]
        told = []
        for row in chosen:
            occasion = f" on {row.occasion}" if row.occasion else ""
            text = (
                f"{capital(say_date(row.day, 'day'))} {self._name(row.speaker)} spoke to or of "
                f"{self._name(row.target)}{occasion}: {row.verdict}. {capital(row.reason.rstrip('.'))}."
            )
            counterparts = [known.mention_id for known in row.counterparts]
            told.append(self._statement(text, [*row.mention_ids[:2], *counterparts]))
        note = "Whether a statement comes back every year, and what in its wording is new."
        return Section("Ritual or news", note, _kept(told), len(telling) - len(chosen))

    def wording(self, found: Sequence[Formula]) -> Section:
        """The formulae that came back, the most used first."""
        recurring = sorted((f for f in found if len(f.uses) > 1), key=lambda f: (-len(f.uses), f.phrase))
        told = []
        for formula in recurring[:MOST_FORMULAE]:
            speakers = join([self._name(code) for code in formula.first_speakers]) or "a reporter"
            course = f"; {formula.course}" if formula.course else ""
            until = say_date(formula.last_day, "day").removeprefix("on ")
            times = f"{len(formula.uses)} times in all" + (
                f" until {until}" if formula.last_day > formula.first.day else ""
            )
            text = (
                f"“{capital(formula.phrase)}” was first used {say_date(formula.first.day, 'day')} by {speakers}, "
                f"{times}{course}."
            )
            told.append(self._statement(text, [use.mention_id for use in formula.uses]))
        note = "Phrases that come back when the two speak to or about each other."
        return Section("The wording of the relation", note, _kept(told), max(0, len(recurring) - MOST_FORMULAE))

    def outlook(self, found: Sequence[Foreseen]) -> Section:
        """One statement for every forecast that runs, on the events behind its reasons."""
        told = [
            self._statement(own.say(self._name(own.question.source), self._name(own.question.target)), own.mentions)
            for own in found
        ]
        kept = _kept(told)
        return Section("Outlook", NOTE, kept[:MOST_FORECASTS], max(0, len(kept) - MOST_FORECASTS))

    def due(self, found: Sequence[Entry]) -> Section:
        """What to watch: the open words, those that name a day first, then the newest."""
        waiting = [entry for entry in found if entry.state is State.OPEN and not entry.general]
        waiting.sort(key=lambda entry: (entry.due or date.max, -entry.made.toordinal(), entry.id))
        told = [self._statement(self._waiting(entry), entry.mentions[:3]) for entry in waiting[:MOST_WAITING]]
        note = "Words that are still open, which a deed may keep or break: those with a day of their own first."
        return Section("What to watch", note, _kept(told), max(0, len(waiting) - MOST_WAITING))

    def _waiting(self, entry: Entry) -> str:
        source = join([self._name(code) for code in entry.source])
        target = join([self._name(code) for code in entry.target])
        sides = f"between {source}" if entry.mutual else f"by {source} to {target}" if target else f"by {source}"
        kind = _KINDS.get(entry.kind, entry.kind)
        due = f", due {say_date(entry.due, 'day').removeprefix('on ')}" if entry.due else ""
        return (
            f"Whether the {kind} {sides} {say_date(entry.made, 'day')}{due} is kept, “{_short(entry.promise)}”: "
            f"{entry.reason.rstrip('.')}."
        )

    def _entry(self, entry: Entry) -> str:
        source = join([self._name(code) for code in entry.source])
        target = join([self._name(code) for code in entry.target])
        sides = f"between {source}" if entry.mutual else f"by {source} to {target}" if target else f"by {source}"
        due = f", due {say_date(entry.due, 'day').removeprefix('on ')}" if entry.due else ""
        kind = _KINDS.get(entry.kind, entry.kind)
        state = "still open" if entry.state is State.OPEN else f"{entry.state}"
        lag = f" after {entry.lag_days} days" if entry.lag_days is not None and entry.state is State.KEPT else ""
        return (
            f"{capital(say_date(entry.made, 'day'))}, {kind} {sides}{due}: “{_short(entry.promise)}” — {state}{lag}: "
            f"{entry.reason.rstrip('.')}."
        )

    def _statement(self, text: str, mentions: Iterable[str | None]) -> Statement | None:
        """The statement with what carries it; None where no mention of it is at hand."""
        known = [self.mentions[key] for key in dict.fromkeys(mentions) if key is not None and key in self.mentions]
        cited = [self.citations.cite(mention) for mention in known[:MOST_CITATIONS]]
        if not cited:
            return None
        return Statement(plain(text, self.names), tuple(dict.fromkeys(cited)), f"e{cited[0].mention_id[1:]}")

    def _name(self, code: str) -> str:
        return say_speaker(code, self.names)


def _one_a_day(rows: Sequence[RitualRow]) -> list[RitualRow]:
    """Of the statements of one speaker on one day to one target, the one with most counterparts."""
    found: dict[tuple[object, ...], RitualRow] = {}
    for row in rows:
        key = (row.day, row.speaker, row.target, row.occasion)
        if key not in found or len(row.counterparts) > len(found[key].counterparts):
            found[key] = row
    return list(found.values())


def _short(promise: str) -> str:
    if len(promise) <= LONGEST_PROMISE:
        return promise
    return f"{promise[:LONGEST_PROMISE].rsplit(' ', 1)[0]} …"


def _evidence(row: IndicatorRow) -> list[str]:
    """The mentions that carry the state of an indicator, the strongest step's first."""
    steps = sorted(row.finding.steps, key=lambda step: step.state is not row.finding.state)
    return [mention for step in steps for mention in step.mentions]


def _era(era: Era) -> str:
    mean = "" if era.mean_intensity is None else f", mean intensity {era.mean_intensity:+.1f}"
    text = (
        f"{era.start:%B %Y} to {era.end:%B %Y}: {era.name}; {era.counts.words} words and {era.counts.deeds} deeds, "
        f"{era.a_month:.1f} a month{mean}."
    )
    if era.turn is not None:
        text += f" It changed about {era.turn.day.day} {era.turn.day:%B %Y}: {era.turn.reason.rstrip('.')}."
    return text


def _kept(statements: Iterable[Statement | None]) -> tuple[Statement, ...]:
    return tuple(statement for statement in statements if statement is not None)
