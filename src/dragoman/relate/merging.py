"""Merges mentions that report one happening into events.

Two mentions belong together when parties, type, domain and date agree (of talks also who took part) and both report the
same course of things (what is promised never merges with what was done). An undated mention merges only within its
document. The rule is an exact key, so the order of arrival cannot matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dragoman.records import Actor, Event, Mention, Party, Place, content_id
from dragoman.terms import EventType, Factuality

PROVIDER = "dragoman"
_WEIGHT = (Factuality.ACTUAL, Factuality.PLEDGED, Factuality.DENIED, Factuality.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Report:
    """A mention with what merging needs of its document."""

    mention: Mention
    outlet: str | None
    available: date | None
    sentence: str


def event_id(mention: Mention) -> str:
    """The id of the event that a mention reports: a hash of what must agree."""
    when = f"{mention.date.precision}:{mention.date.start}" if mention.date else f"undated:{mention.document_id}"
    course = "pledged" if mention.factuality is Factuality.PLEDGED else "happening"
    return content_id(
        "e",
        PROVIDER,
        when,
        course,
        mention.type,
        mention.domain or "",
        *sorted({f"S{_label(party.actor, mention.type)}" for party in mention.source}),
        *sorted({f"T{_label(party.actor, mention.type)}" for party in mention.target}),
    )


def _label(actor: Actor, kind: EventType) -> str:
    """What must agree of a party; of talks also who took part, for two ministers' meeting is not their presidents'."""
    return f"{actor.key}/{actor.name}" if kind is EventType.CONSULT else actor.key


def merge_mentions(reports: Iterable[Report]) -> list[Event]:
    """The events that these reports amount to, sorted by id."""
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        groups[event_id(report.mention)].append(report)
    return [_event(key, sorted(groups[key], key=lambda report: report.mention.id)) for key in sorted(groups)]


def _event(key: str, reports: list[Report]) -> Event:
    mentions = [report.mention for report in reports]
    first = mentions[0]
    factuality = _factuality(mentions)
    modes = {mention.mode for mention in mentions if mention.mode}
    days = [report.available for report in reports if report.available]
    measured = [mention.confidence for mention in mentions if mention.confidence is not None]
    said = {mention.factuality for mention in mentions}
    return Event(
        id=key,
        date=first.date,
        source=_actors(mention.source for mention in mentions),
        target=_actors(mention.target for mention in mentions),
        type=first.type,
        mode=modes.pop() if len(modes) == 1 else None,
        quad=first.quad,
        intensity=round(sum(mention.intensity for mention in mentions) / len(mentions), 3),
        factuality=factuality,
        contested=Factuality.DENIED in said and len(said) > 1,
        claimants=_claimants(mentions, factuality),
        domain=first.domain,
        place=_place(mentions),
        confidence=max(measured, default=None),
        mentions=tuple(mention.id for mention in mentions),
        outlets=tuple(sorted({report.outlet for report in reports if report.outlet})),
        origins=_origins(reports),
        first_reported=min(days, default=None),
        last_reported=max(days, default=None),
        provider=PROVIDER,
        coder_version=max(mention.coder_version for mention in mentions),
    )


def _factuality(mentions: list[Mention]) -> Factuality:
    """Reported as done outweighs denied, denied outweighs possible; the denial stays visible as `contested`."""
    return min((mention.factuality for mention in mentions), key=_WEIGHT.index)


def _actors(sides: Iterable[tuple[Party, ...]]) -> tuple[Actor, ...]:
    """Each party once: the state itself if any mention names it, else the organ or person most often named."""
    named: dict[str, Counter[Actor]] = defaultdict(Counter)
    for side in sides:
        for party in side:
            named[party.actor.key][party.actor] += 1

    def rank(actor: Actor, count: int) -> tuple[bool, int, str, str]:
        return (actor.sector is not None, -count, actor.name, actor.sector or "")

    return tuple(min(named[key], key=lambda actor: rank(actor, named[key][actor])) for key in sorted(named))


def _claimants(mentions: list[Mention], factuality: Factuality) -> tuple[str, ...]:
    """Who stands behind the resolved factuality; empty as soon as an article reports it in its own voice."""
    backing = [mention for mention in mentions if mention.factuality is factuality]
    if any(not mention.claimants for mention in backing):
        return ()
    names = {
        claimant.actor.code if claimant.actor else claimant.kind.value
        for mention in backing
        for claimant in mention.claimants[-1:]
    }
    return tuple(sorted(names))


def _place(mentions: list[Mention]) -> Place | None:
    found: Mapping[tuple[str, str], Place] = {
        (mention.place.name, mention.place.country): mention.place for mention in reversed(mentions) if mention.place
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _origins(reports: list[Report]) -> int:
    """Documents that share an outlet or, word for word, the reporting sentence are one origin."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for report in reports:
        document = f"document {report.mention.document_id}"
        links = [f"sentence {' '.join(report.sentence.casefold().split())}"]
        if report.outlet:
            links.append(f"outlet {report.outlet}")
        for link in links:
            parent[root(link)] = root(document)
    return len({root(f"document {report.mention.document_id}") for report in reports})
