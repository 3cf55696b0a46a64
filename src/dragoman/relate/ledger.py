"""The ledger of words and deeds: every pledge, offer, threat and ultimatum of a relation, and what became of it.

An entry is kept, partly kept, broken, withdrawn, lapsed or open. A denied deed settles nothing, nor does one that only
outsiders claim; a person's `SETTLES` and `UNSETTLED` corrections outweigh the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from dragoman.errors import UsageError
from dragoman.records import Correction
from dragoman.relate.entries import Entry, State
from dragoman.relate.evidence import Happening, between
from dragoman.relate.fates import Deeds, fate_of
from dragoman.relate.fitting import acts_of
from dragoman.relate.following import coded_entries
from dragoman.relate.keeping import CurvePoint, KeptRate, kept_rates
from dragoman.relate.likening import among
from dragoman.relate.origins import origins
from dragoman.relate.pledges import Pledge, entry_id, find_pledges
from dragoman.relate.promises import lexicon
from dragoman.relate.settling import RECANT_TYPES, Match, Verdict, match_told
from dragoman.relate.sifting import Sieve
from dragoman.relate.told import Told, tell
from dragoman.terms import CorrectionKind, Factuality

__all__ = ["CurvePoint", "Entry", "KeptRate", "State", "kept_rates", "ledger"]

_STATES = {
    Verdict.SETTLES: State.KEPT,
    Verdict.PARTLY: State.PARTLY,
    Verdict.BREAKS: State.BROKEN,
    Verdict.WITHDRAWS: State.WITHDRAWN,
}


EVEN = 0.5
"""The probability, among all later deeds, from which likeness alone settles an entry."""

HIGHEST = 0.97
"""No likeness is surer than this; among so many deeds that it would not do, none is looked for."""

Found = tuple[Told, Match]


def ledger(
    happenings: Sequence[Happening],
    first: str,
    second: str,
    *,
    today: date,
    corrections: Sequence[Correction] = (),
) -> list[Entry]:
    """Every pledge and threat between the two, in both directions, with what became of it by `today`, oldest first.

    Words are matched with deeds by what reports say; those of events without text, as imported ones are, stay open. A
    `SETTLES` correction whose value is no state is a `UsageError`.
    """
    own = between([h for h in happenings if not h.event.dismissed], first, second)
    past = sorted((h for h in own if h.day is not None and h.day <= today), key=lambda h: (h.day, h.event.id))
    ordered = [tell(happening) for happening in past if happening.reports]
    actual = [told for told in ordered if told.event.factuality is Factuality.ACTUAL]
    days = tuple(h.day for h in actual if h.day is not None)
    deeds = Deeds(days, tuple(actual), tuple(sorted(_reported(ordered))), Sieve(actual))
    entries = [_entry(pledge, deeds, today, corrections) for pledge in find_pledges(ordered)]
    entries += coded_entries([happening for happening in past if not happening.reports], today)
    return sorted(entries, key=lambda entry: (entry.made, entry.id))


def _reported(events: Sequence[Told]) -> list[date]:
    """The days on which a document about the relation was published, one for each document."""
    days = {r.mention.document_id: r.available for told in events for r in told.reports if r.available is not None}
    return list(days.values())


def _entry(pledge: Pledge, deeds: Deeds, today: date, corrections: Sequence[Correction]) -> Entry:
    settles, unsettled = _said_by_people(pledge, corrections)
    found = [(deed, match) for deed, match in _candidates(pledge, deeds) if deed.event.id not in unsettled]
    entry = _settled(_blank(pledge), pledge, found, deeds, today)
    return _overruled(entry, settles, deeds) if settles else entry


def _blank(pledge: Pledge) -> Entry:
    shown = pledge.shown.best
    reports = [report for member in pledge.members for report in member.reports]
    event = pledge.shown.event
    parties = tuple(sorted({actor.code for actor in (*event.source, *event.target)}))
    return Entry(
        id=pledge.id,
        kind=pledge.kind,
        state=State.OPEN,
        source=parties if pledge.mutual else tuple(actor.code for actor in event.source),
        target=parties if pledge.mutual else tuple(actor.code for actor in event.target),
        mutual=pledge.mutual,
        domain=pledge.domain,
        objects=pledge.promise.words,
        promise=shown.sentence,
        quoted=shown.quotes,
        made=pledge.made,
        due=pledge.due,
        general=pledge.is_general,
        settled_on=None,
        settled_by=(),
        claimed=(),
        lag_days=None,
        watched_days=0,
        score=None,
        reason="",
        origins=1 if len(reports) == 1 else len(origins(reports)),
        events=tuple(member.event.id for member in pledge.members),
        mentions=tuple(sorted({report.mention.id for report in reports})),
        renews=pledge.renews,
    )


def _candidates(pledge: Pledge, deeds: Deeds) -> list[Found]:
    """The later events that bear on the word by their own match, oldest first."""
    if pledge.is_general or pledge.kind == "deadline":
        return []
    kinds = RECANT_TYPES | frozenset(chain.from_iterable(act.kept_by | act.broken_by for act in pledge.acts))
    horizon = max((act.horizon for act in pledge.acts), default=0)
    last = max(pledge.made, pledge.due or pledge.made) + timedelta(days=horizon)
    acts = acts_of(pledge.shown, pledge.shown.reading)
    places = deeds.sieve.of_kinds(kinds, deeds.between(pledge.made, last), pledge.members)
    crowded = among(HIGHEST, len(places)) < EVEN
    if crowded:
        # Nothing but a rule could speak for one of so many.
        places = deeds.sieve.may_bear(pledge.shown, acts, places)
    later = [deeds.events[place] for place in places]
    found = []
    for deed in later:
        match = match_told(pledge.shown, deed, by_rules_alone=crowded)
        if match.verdict is Verdict.NONE or (not match.specific and _was_going_on(pledge, deed, deeds)):
            continue
        if match.fitted_only and among(match.score, len(later)) < EVEN:
            continue
        found.append((deed, match))
    return found


def _was_going_on(pledge: Pledge, deed: Told, deeds: Deeds) -> bool:
    """Whether the same side did the same to the other in the weeks before the word, so that the deed proves nothing."""
    start = pledge.made - timedelta(days=int(lexicon().thresholds["going_on_days"]))
    return any(
        h.day is not None
        and start <= h.day < pledge.made
        and (h.event.type, h.sources) == (deed.event.type, deed.sources)
        for h in deeds.within(start, pledge.made)
    )


def _settled(entry: Entry, pledge: Pledge, found: list[Found], deeds: Deeds, today: date) -> Entry:
    """The entry with its state: by the deed that decides it, else by the time that has passed."""
    firm = [(deed, match) for deed, match in found if match.standing in ("confirmed", "reported")]
    claimed = [(deed, match) for deed, match in found if match.standing == "claimed"]
    decisive = _decisive(firm, any(act.abstains for act in pledge.acts))
    if decisive is None:
        return _waiting(entry, pledge, claimed, deeds, today)
    deed, match = decisive
    done = deed.day or entry.made
    state = _STATES[match.verdict]
    if state is State.KEPT and not match.measured:
        state = State.PARTLY
    notes = [
        match.reason,
        "" if match.measured else "an amount was promised and the report of the deed gives none",
        _standing_note(deed, match),
    ]
    earlier = [
        d
        for d, m in claimed
        if d.day is not None and d.day < done and m.verdict is match.verdict and d.sources == deed.sources
    ]
    if earlier:
        notes.append(f"first claimed by {_speakers(earlier[0])} on {earlier[0].day}")
    keeps = match.verdict in (Verdict.SETTLES, Verdict.PARTLY)
    contrary = [d for d, m in firm if keeps and m.verdict is Verdict.BREAKS]
    if contrary:
        notes.append(f"a contrary deed is recorded on {contrary[0].day}")
    lag = max(0, (done - entry.made).days)
    return replace(
        entry,
        state=state,
        settled_on=done,
        settled_by=_evidence(deed),
        claimed=_evidence(*earlier[:1]),
        lag_days=lag,
        watched_days=lag,
        score=match.score,
        reason="; ".join(note for note in notes if note),
    )


def _decisive(firm: list[Found], abstains: bool) -> Found | None:
    """The deed that decides: for a promise to abstain the first breach, else the deed that keeps it best."""
    breaks = [pair for pair in firm if pair[1].verdict in (Verdict.BREAKS, Verdict.WITHDRAWS)]
    keeps = [pair for pair in firm if pair[1].verdict is Verdict.SETTLES]
    partly = [pair for pair in firm if pair[1].verdict is Verdict.PARTLY]
    for group in (breaks, keeps, partly) if abstains else (keeps, partly, breaks):
        if group:
            best = max(match.score for _, match in group)
            return next(pair for pair in group if pair[1].score >= best - lexicon().thresholds["near"])
    return None


def _waiting(entry: Entry, pledge: Pledge, claimed: list[Found], deeds: Deeds, today: date) -> Entry:
    """An entry that no deed has settled: told by a claim, else lapsed or open by the time that has passed."""
    if claimed:
        deed, match = claimed[0]
        told = f"claimed by {_speakers(deed)} on {deed.day}, which settles nothing: {match.reason}"
        watched = max(0, (today - entry.made).days)
        return replace(entry, watched_days=watched, reason=told, claimed=_evidence(deed), score=match.score)
    fate = fate_of(pledge, deeds, today)
    last = fate.lapsed_on or today
    return replace(
        entry,
        state=State.LAPSED if fate.lapsed_on else State.OPEN,
        watched_days=max(0, (last - entry.made).days),
        reason=fate.reason,
    )


def _standing_note(deed: Told, match: Match) -> str:
    if match.standing == "confirmed":
        return f"told by a party to it ({_speakers(deed)})" if deed.event.claimants else "told by a party to it"
    count = deed.event.origins
    return f"reported by {count} independent origin{'' if count == 1 else 's'}"


def _speakers(deed: Told) -> str:
    return ", ".join(deed.event.claimants) or "outsiders"


def _evidence(*deeds: Told) -> tuple[str, ...]:
    return tuple(key for deed in deeds for key in (deed.event.id, *deed.event.mentions))


def _said_by_people(pledge: Pledge, corrections: Sequence[Correction]) -> tuple[list[Correction], set[str]]:
    """What people say of this entry: the last word about each deed, oldest first, and the deeds that they rule out."""
    names = {entry_id(member.event) for member in pledge.members}
    last: dict[str | None, Correction] = {}
    for correction in sorted(corrections, key=lambda c: (c.at, c.id)):
        if correction.subject in names and correction.kind in (CorrectionKind.SETTLES, CorrectionKind.UNSETTLED):
            last.pop(correction.other, None)
            last[correction.other] = correction
    settles = [c for c in last.values() if c.kind is CorrectionKind.SETTLES]
    return settles, {c.other for c in last.values() if c.kind is CorrectionKind.UNSETTLED and c.other}


def _overruled(entry: Entry, settles: list[Correction], deeds: Deeds) -> Entry:
    """The entry as the last person to settle it wants it."""
    word = settles[-1]
    try:
        state = State(word.value or State.KEPT)
    except ValueError as error:
        allowed = ", ".join(State)
        raise UsageError(f"“{word.value}” is no state of a ledger entry; write one of {allowed}.") from error
    deed = next((h for h in deeds.events if h.event.id == word.other), None)
    done = deed.day if deed is not None else None
    lag = max(0, (done - entry.made).days) if done is not None else None
    note = f": {word.note}" if word.note else ""
    return replace(
        entry,
        state=state,
        settled_on=done,
        settled_by=_evidence(deed) if deed is not None else (word.other,) if word.other else (),
        lag_days=lag,
        watched_days=lag if lag is not None else entry.watched_days,
        score=1.0,
        reason=f"{word.by} says so ({word.at.date()}){note}",
        decided_by=word.by,
    )
