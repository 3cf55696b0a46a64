"""What a rule finds between two versions of the record, told with its evidence; deciding alone, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dragoman.errors import RecordMissing
from dragoman.pipeline import Dyad, Record
from dragoman.relate import Happening, Report, acts
from dragoman.relate.entries import Entry
from dragoman.relate.entries import State as Fate
from dragoman.relate.eras import Era
from dragoman.relate.testimony import STATES
from dragoman.watch.rules import Rule, RuleKind

SHIFT_DAYS = 45
"""By less than this the start of an era moves as more is read about the same change."""
MOST_PHRASES = 5
MOST_EVIDENCE = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell: `key` is what makes it the same finding again, `evidence` holds dictionaries with the keys
    event, mention, document, outlet and text."""

    key: str
    title: str
    why: str
    evidence: tuple[dict[str, str], ...]
    dyad: tuple[str, ...] = ()


class Look:
    """A relation as the record knew it at one version."""

    def __init__(self, dyad: Dyad) -> None:
        self.dyad = dyad

    @cached_property
    def reports(self) -> dict[str, tuple[Happening, Report]]:
        """Every report by the id of its mention, with its event."""
        return {report.mention.id: (h, report) for h in self.dyad.happenings for report in h.reports}

    @cached_property
    def state(self) -> tuple[object, ...]:
        """What must differ for any view to differ: the day, and the events with their reports."""
        return self.day, tuple((h.event, tuple(r.mention.id for r in h.reports)) for h in self.dyad.happenings)

    @cached_property
    def day(self) -> object:
        """The day to which views count; None in a record without any."""
        try:
            return self.dyad.today
        except RecordMissing:
            return None

    @cached_property
    def ledger(self) -> list[Entry]:
        """The ledger; empty where nothing is dated."""
        return self.dyad.ledger() if self.dyad.happenings and self.day else []

    @cached_property
    def eras(self) -> tuple[Era, ...]:
        """The eras; none where nothing is dated."""
        return self.dyad.eras().eras if self.dyad.happenings and self.day else ()

    @cached_property
    def indicators(self) -> dict[str, Any]:
        """The answers to the standing questions, by their keys."""
        return {row.key: row for row in self.dyad.indicators()} if self.dyad.happenings and self.day else {}

    def evidence(self, ids: Iterable[str]) -> tuple[dict[str, str], ...]:
        """The sentences of mentions, and of events by their best report; each once, in order."""
        events = {h.event.id: h for h in self.dyad.happenings if h.reports}
        found: dict[str, dict[str, str]] = {}
        for identity in ids:
            if identity in self.reports:
                happening, report = self.reports[identity]
            elif identity in events:
                happening = events[identity]
                report = happening.best_report()
            else:
                continue
            found[report.mention.id] = {
                "event": happening.event.id,
                "mention": report.mention.id,
                "document": report.mention.document_id,
                "outlet": report.outlet or "",
                "text": report.sentence,
            }
        return tuple(found.values())[:MOST_EVIDENCE]


def looks(record: Record, pair: tuple[str, str], before: int, after: int) -> tuple[Look, Look]:
    """A relation as it was and as it is."""
    return Look(record.dyad(*pair, version=before)), Look(record.dyad(*pair, version=after))


def find(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    """What a rule finds in a relation that has changed."""
    return _FINDERS[rule.kind](rule, before, after) if rule.kind in _FINDERS else iter(())


def find_odds(
    rule: Rule, pair: tuple[str, str], before: list[dict[str, Any]], after: list[dict[str, Any]], look: Look
) -> Iterator[Finding]:
    """Forecasts between the two whose odds have passed the threshold since the last time that they were asked."""
    last: dict[str, float] = {}
    known = {row["id"] for row in before}
    for row in sorted(after, key=lambda row: (row["asked"], row["record_version"], row["id"])):
        if {row["source"], row["target"]} != set(pair):
            continue
        earlier = last.get(row["question"])
        last[row["question"]] = row["odds"]
        if row["id"] in known or row["odds"] < rule.odds or (earlier is not None and earlier >= rule.odds):
            continue
        was = "it was not asked before" if earlier is None else f"they were {earlier:.0%}"
        events = [event for reason in row["reasons"] for event in reason["events"]]
        yield Finding(
            f"{row['question']}|{row['asked']}",
            f"{row['question']}: odds of {row['odds']:.0%}",
            f"The odds of “{row['question']}”, asked on {row['asked']}, are {row['odds']:.0%}, past {rule.odds:.0%}; "
            f"{was}, and the base rate is {row['base_rate']:.0%}.",
            look.evidence(events),
            pair,
        )


def _indicators(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    for key, row in after.indicators.items():
        earlier = before.indicators.get(key)
        was = earlier.state if earlier else STATES[0]
        if STATES.index(row.state) <= max(STATES.index(was), STATES.index(rule.least) - 1):
            continue
        if rule.indicators and key not in rule.indicators:
            continue
        yield Finding(
            f"{_named(after)}|{key}|{row.state}",
            f"{_named(after)}: {key} is {row.state}",
            f"“{row.question}” The answer moved from “{was}” to “{row.state}”: {row.finding.reason}.",
            after.evidence(mention for step in row.finding.steps[:1] for mention in step.mentions),
            after.dyad.parties,
        )


def _deeds(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    """New deeds in a domain and direction in which a word was open."""
    open_ = [entry for entry in before.ledger if entry.state is Fate.OPEN and entry.domain is not None]
    for happening in after.dyad.happenings:
        event = happening.event
        if not happening.is_deed or event.dismissed or _is_known(happening, before):
            continue
        if event.domain is None or (rule.domains and event.domain not in rule.domains):
            continue
        entry = next((e for e in open_ if e.domain is event.domain and _goes_along(happening, e)), None)
        if entry is None:
            continue
        by = f", as {', '.join(event.claimants)} say" if happening.is_only_claimed else ""
        yield Finding(
            f"{entry.id}|{event.id}",
            f"{_named(after)}: a deed in {event.domain.value}, where a word was open",
            f"A {entry.kind} of {entry.made} in {event.domain.value} was open, and a deed there is reported{by}.",
            after.evidence([*entry.mentions, *(report.mention.id for report in happening.reports)]),
            after.dyad.parties,
        )


def _ledger(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    was = {entry.id: entry.state for entry in before.ledger}
    for entry in after.ledger:
        earlier = was.get(entry.id)
        if entry.state is earlier or entry.state not in rule.states:
            continue
        if earlier is None and entry.state is Fate.LAPSED:
            continue  # An old word that was only now read about is no news.
        if rule.domains and entry.domain not in rule.domains:
            continue
        yield Finding(
            f"{entry.id}|{entry.state.value}",
            f"{_named(after)}: a {entry.kind} of {entry.made} is {entry.state.value}",
            f"The {entry.kind} “{entry.promise}” of {entry.made} was {earlier.value if earlier else 'not known'} "
            f"and is now {entry.state.value}: {entry.reason}.",
            after.evidence([*(entry.mentions or entry.events), *entry.settled_by]),
            after.dyad.parties,
        )


def _phrases(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    """Statements not known before with words in quotation marks that the speaker never used about the other."""
    if not (after.dyad.happenings and after.day):
        return
    known = before.reports.keys()
    for row in after.dyad.ritual():
        phrases = [new for new in row.new_phrases if new.quoted and new.mention_id not in known][:MOST_PHRASES]
        if not phrases or known & set(row.mention_ids) or (rule.speakers and row.speaker not in rule.speakers):
            continue
        told = ", ".join(f"“{new.phrase}”" for new in phrases)
        yield Finding(
            f"{row.speaker}|{row.target}|{row.event_id}",
            f"{row.speaker} on {row.target}: new words",
            f"On {row.day} {row.speaker} said {told}, for the first time in this record about {row.target}.",
            after.evidence(new.mention_id for new in phrases),
            after.dyad.parties,
        )


def _eras(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    del rule
    if not before.eras or not after.eras:
        return
    was, now = before.eras[-1], after.eras[-1]
    if now.turn is None or (now.start - was.start).days < SHIFT_DAYS:
        return
    yield Finding(
        f"{_named(after)}|{now.start:%Y-%m}",
        f"{_named(after)}: a new era since {now.start}",
        f"The relation has changed on {now.start} (between {now.turn.low} and {now.turn.high}) from “{was.name}” to "
        f"“{now.name}”: {now.turn.reason}.",
        after.evidence(event.event for event in now.telling),
        after.dyad.parties,
    )


def _contested(rule: Rule, before: Look, after: Look) -> Iterator[Finding]:
    for happening in after.dyad.happenings:
        event = happening.event
        if not event.contested or event.dismissed or (rule.domains and event.domain not in rule.domains):
            continue
        if any(
            before.reports[r.mention.id][0].event.contested for r in happening.reports if r.mention.id in before.reports
        ):
            continue
        claimed = f"{', '.join(event.claimants)} say so" if event.claimants else "it is reported"
        yield Finding(
            f"{event.id}|contested",
            f"{_named(after)}: contested ({event.type.value})",
            f"What is told of {event.date or 'an unknown day'} is contested: {claimed}, and "
            f"{', '.join(event.deniers) or 'others'} deny it.",
            after.evidence(report.mention.id for report in happening.reports),
            after.dyad.parties,
        )


def _is_known(happening: Happening, before: Look) -> bool:
    return any(report.mention.id in before.reports for report in happening.reports)


def _goes_along(happening: Happening, entry: Entry) -> bool:
    """Whether the deed goes the way in which the word was given."""
    ways = (
        [(entry.source, entry.target), (entry.target, entry.source)] if entry.mutual else [(entry.source, entry.target)]
    )
    return any(acts(happening, source, target) for sources, targets in ways for source in sources for target in targets)


def _named(look: Look) -> str:
    return "/".join(look.dyad.parties)


_FINDERS = {
    RuleKind.INDICATOR: _indicators,
    RuleKind.DEED: _deeds,
    RuleKind.LEDGER: _ledger,
    RuleKind.PHRASE: _phrases,
    RuleKind.ERA: _eras,
    RuleKind.CONTESTED: _contested,
}
