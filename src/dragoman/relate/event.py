"""One event from the reports of one happening: who, what, how sure, who says so, who denies it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dragoman.coding.ontology import intensity, ontology
from dragoman.errors import UsageError
from dragoman.periods import Period, Precision, parse_period
from dragoman.records import Actor, Correction, Event, Mention, Party, Place
from dragoman.relate.evidence import Report
from dragoman.relate.naming import parse_parties
from dragoman.relate.origins import origins
from dragoman.terms import CorrectionKind, Domain, EventType, Factuality

PROVIDER = "dragoman"
SETTABLE = ("type", "factuality", "domain", "date", "source", "target", "dismissed")
"""The fields of an event that a person may set."""
_WEIGHT = (Factuality.ACTUAL, Factuality.PLEDGED, Factuality.DENIED, Factuality.POSSIBLE)
_FINEST = tuple(Precision)


def make_event(reports: Sequence[Report], corrections: Sequence[Correction] = ()) -> Event:
    """The event that these reports, sorted by mention id, are of."""
    dismissed = _dismissed_mentions(corrections)
    kept = [report for report in reports if report.mention.id not in dismissed] or list(reports)
    mentions = [report.mention for report in kept]
    leading = _leading(mentions)
    factuality = _factuality(mentions)
    modes = {mention.mode for mention in mentions if mention.mode}
    days = [report.available for report in kept if report.available]
    measured = [mention.confidence for mention in mentions if mention.confidence is not None]
    said = {mention.factuality for mention in mentions}
    first = min(reports, key=lambda report: (report.available or date.max, report.mention.id))
    source, target = _sides(mentions)
    deniers = _speakers(m for m in mentions if m.factuality is Factuality.DENIED)
    event = Event(
        id=f"e{first.mention.id[1:]}",
        date=_date(mentions),
        source=source,
        target=target,
        type=leading.type,
        mode=modes.pop() if len(modes) == 1 else None,
        quad=leading.quad,
        intensity=round(sum(mention.intensity for mention in mentions) / len(mentions), 3),
        factuality=factuality,
        contested=bool(deniers) and len(said) > 1,
        claimants=_claimants(mentions, factuality),
        deniers=deniers,
        domain=_domain(mentions),
        place=_place(mentions),
        confidence=max(measured, default=None),
        mentions=tuple(report.mention.id for report in reports),
        outlets=tuple(sorted({report.outlet for report in kept if report.outlet})),
        origins=len(origins(kept)),
        first_reported=min(days, default=None),
        last_reported=max(days, default=None),
        provider=PROVIDER,
        coder_version=max(mention.coder_version for mention in mentions),
        dismissed=all(report.mention.id in dismissed for report in reports),
    )
    return correct(event, corrections)


def _dismissed_mentions(corrections: Sequence[Correction]) -> set[str]:
    """The mentions of which a person has said, last of all, that they report no event."""
    last: dict[str, bool] = {}
    for correction in sorted(corrections, key=lambda c: (c.at, c.id)):
        if correction.kind is CorrectionKind.DISMISS:
            last[correction.subject] = True
        elif correction.kind is CorrectionKind.SET and correction.field == "dismissed":
            last[correction.subject] = correction.value == "true"
    return {subject for subject, is_none in last.items() if is_none and subject.startswith("m")}


def correct(event: Event, corrections: Sequence[Correction]) -> Event:
    """The event as a person has set it right; the latest word counts."""
    own = {event.id, *event.mentions, *(f"e{mention[1:]}" for mention in event.mentions)}
    for correction in sorted(corrections, key=lambda c: (c.at, c.id)):
        if correction.subject not in own:
            continue
        if correction.kind is CorrectionKind.DISMISS and correction.subject.startswith("e"):
            event = replace(event, dismissed=True)
        elif correction.kind is CorrectionKind.SET and not _is_of_mention(correction):
            event = _set(event, correction.field, correction.value)
    return event


def _is_of_mention(correction: Correction) -> bool:
    """Whether it says of one mention alone that it is none, or is one after all."""
    return correction.field == "dismissed" and correction.subject.startswith("m")


def _set(event: Event, field: str | None, value: str | None) -> Event:
    """The event with one field as a person wants it; "" is unknown."""
    try:
        match field:
            case "type":
                kind = EventType(value or "")
                return replace(event, type=kind, mode=None, quad=ontology()[kind].quad, intensity=intensity(kind, None))
            case "factuality":
                return replace(event, factuality=Factuality(value or ""))
            case "domain":
                return replace(event, domain=Domain(value) if value else None)
            case "date":
                return replace(event, date=parse_period(value) if value else None)
            case "source":
                return replace(event, source=_known(parse_parties(value or ""), event))
            case "target":
                return replace(event, target=_known(parse_parties(value or ""), event))
            case "dismissed":
                return replace(event, dismissed=value == "true")
    except ValueError as error:
        raise UsageError(f"{value!r} is no {field} of an event ({error}).") from error
    raise UsageError(f"The field {field!r} cannot be set; {', '.join(SETTABLE)} can.")


def _known(named: Iterable[Actor], event: Event) -> tuple[Actor, ...]:
    """The named parties; those whom the event knows with all that is known of them."""
    known = {replace(actor, wikidata=None): actor for actor in (*event.source, *event.target)}
    return tuple(known.get(actor, actor) for actor in named)


def _leading(mentions: Sequence[Mention]) -> Mention:
    """The mention whose type most reports have, the surest of them."""
    counts = Counter(mention.type for mention in mentions)
    return min(mentions, key=lambda m: (-counts[m.type], -(m.confidence or 0), m.id))


def _date(mentions: Sequence[Mention]) -> Period | None:
    """The finest date that is told, of these the one told most often, then the earliest."""
    told = Counter(mention.date for mention in mentions if mention.date)
    if not told:
        return None
    return min(told, key=lambda period: (_FINEST.index(period.precision), -told[period], period.start))


def _domain(mentions: Sequence[Mention]) -> Domain | None:
    told = Counter(mention.domain for mention in mentions if mention.domain)
    return min(told, key=lambda domain: (-told[domain], domain)) if told else None


def _factuality(mentions: Sequence[Mention]) -> Factuality:
    """Reported as done outweighs denied, denied outweighs possible; the denial stays visible as `contested`."""
    return min((mention.factuality for mention in mentions), key=_WEIGHT.index)


def _sides(mentions: Sequence[Mention]) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Who acts and who is acted on.

    Of what reports tell now as done by one and now as done by both, a visit, or what most tell so, has one doer; all
    else is done by both, who stand on both sides by the same names.
    """
    one_way = [m for m in mentions if not is_mutual(m)]
    ways = {(frozenset(p.actor.key for p in m.source), frozenset(p.actor.key for p in m.target)) for m in one_way}
    if len(one_way) == len(mentions):
        return _actors(m.source for m in mentions), _actors(m.target for m in mentions)
    if len(ways) == 1 and (2 * len(one_way) > len(mentions) or any(m.mode == "visit" for m in one_way)):
        return _actors(m.source for m in one_way), _actors(m.target for m in one_way)
    both = _actors(side for m in mentions for side in (m.source, m.target))
    return both, both


def is_mutual(mention: Mention) -> bool:
    """Whether the same parties stand on both sides."""
    return {p.actor.key for p in mention.source} == {p.actor.key for p in mention.target}


def _actors(sides: Iterable[tuple[Party, ...]]) -> tuple[Actor, ...]:
    """Each party once: the state itself if any mention names it, else the organ or person most often named."""
    named: dict[str, Counter[Actor]] = defaultdict(Counter)
    for side in sides:
        for party in side:
            named[party.actor.key][party.actor] += 1

    def rank(actor: Actor, count: int) -> tuple[bool, int, str, str]:
        return (actor.sector is not None, -count, actor.name, actor.sector or "")

    return tuple(min(named[key], key=lambda actor: rank(actor, named[key][actor])) for key in sorted(named))


def _claimants(mentions: Sequence[Mention], factuality: Factuality) -> tuple[str, ...]:
    """Who stands behind the resolved factuality; empty as soon as an article reports it in its own voice."""
    backing = [mention for mention in mentions if mention.factuality is factuality]
    if any(not mention.claimants for mention in backing):
        return ()
    return _speakers(backing)


def _speakers(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Codes, names or kinds of those who know, the last of each chain."""
    return tuple(sorted({claimant.label for mention in mentions for claimant in mention.claimants[-1:]}))


def _place(mentions: Sequence[Mention]) -> Place | None:
    found: Mapping[tuple[str, str], Place] = {
        (mention.place.name, mention.place.country): mention.place for mention in reversed(mentions) if mention.place
    }
    return next(iter(found.values())) if len(found) == 1 else None
