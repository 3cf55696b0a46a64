"""How far a deed fits a promise: its objects and amounts, the people named, who acts on whom, and the wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from dragoman.records import Actor
from dragoman.relate.alike import content_words, cosine
from dragoman.relate.promises import Act, Reading, lexicon
from dragoman.relate.told import Told
from dragoman.terms import EventType

UNNAMED, UNSURE, LOOSE, MISSING = 0.35, 0.7, 0.55, 0.0
"""How far a deed fits: no object is named; none is needed; another one where none is needed; it differs."""

BESIDE = ("withdraw", "release", "sign", "talks", "ease")
"""Acts that are still read where the words promise restraint or a truce, in which other verbs tell of the past."""

_BOTH = re.compile(
    r"\b[A-Z][\w'’-]+ and (?:[A-Z][\w'’-]+ )*[A-Z][\w'’-]+ (?:have |had |also )?"
    r"(?:agree|sign|pledge|promise|undertake|undertook|commit|vow|will|are to)"
)


@lru_cache(maxsize=16384)
def acts_of(pledge: Told, promise: Reading) -> tuple[Act, ...]:
    """The acts that were promised or threatened: those of the words that suit its course, else the usual ones.

    A warning not to do something threatens no act of the speaker's own.
    """
    course = pledge.course
    acts = lexicon().acts
    said = [acts[name] for name in sorted(promise.acts) if acts[name].course == course]
    bound = [act for act in said if act.abstains or act.name == "defend"]
    if course == "threat" and promise.says("dissuades"):
        return ()
    if bound:
        return tuple(act for act in said if act in bound or act.name in BESIDE)
    if said:
        return tuple(said)
    if course == "pledge":
        return tuple(act for act in acts.values() if act.usual)
    kind, mode = pledge.event.type, pledge.event.mode
    return tuple(a for a in acts.values() if a.course == course and (kind in a.kept_by or mode in a.modes))


@lru_cache(maxsize=16384)
def is_mutual(told: Told) -> bool:
    """Whether both sides bind themselves: the same parties on both sides, "X and Y agreed", "both sides"."""
    if len(told.sources | told.targets) > 1 and told.sources == told.targets:
        return True
    if told.event.type is not EventType.AGREE:
        return bool(told.sources & told.targets)
    if "visit" in told.reading.acts:
        return False
    if told.reading.says("mutual") or _BOTH.search(told.best.sentence):
        return True
    mention = told.best.mention
    spans = sorted((p.span.start, p.span.end) for p in (*mention.source[:1], *mention.target[:1]))
    if len(spans) < 2 or spans[0][1] >= spans[1][0]:
        return False
    between = told.best.sentence[spans[0][1] - mention.sentence.start : spans[1][0] - mention.sentence.start]
    return between.strip() in ("and", "and its", ",")


def fit(pledge: Told, deed: Told, promise: Reading, reading: Reading, act: Act) -> tuple[float, str]:
    """How far the deed is what was promised, 0 to 1, and why: by its people for visits and talks, else its objects."""
    if act.name in ("visit", "talks"):
        return people_fit(pledge, deed, promise, reading, act)
    return things_fit(promise, reading, act)


def things_fit(promise: Reading, reading: Reading, act: Act) -> tuple[float, str]:
    """How far the deed is about the promised object, 0 to 1, and why."""
    if act.kept_with:
        help_given = sorted(reading.things & act.kept_with)
        return (
            (1.0, f"military help: {', '.join(help_given)}") if help_given else (MISSING, "no military help is named")
        )
    if not promise.things:
        return (UNSURE, "no object was named and none is needed") if act.free else (UNNAMED, "no object was named")
    if promise.things & act.alike and reading.things & act.alike:
        return 1.0, f"both about {' or '.join(sorted(act.alike))}"
    things = lexicon().things
    same = sorted(promise.things & reading.things)
    if same:
        return 0.75 + 0.25 * len(same) / len(promise.things), f"both about {', '.join(same)}"
    parts = sorted(name for name in reading.things if things[name].whole in promise.things)
    if parts:
        return 0.9, f"{', '.join(parts)} for the promised {', '.join(sorted(promise.things))}"
    wholes = sorted(name for name in promise.things if things[name].whole in reading.things)
    if wholes:
        return UNNAMED, f"the deed may include the promised {', '.join(wholes)}"
    if act.free:
        return LOOSE, "no object needs to be the same"
    return MISSING, f"the words were about {', '.join(sorted(promise.things))}, the deed is not"


def people_fit(pledge: Told, deed: Told, promise: Reading, reading: Reading, act: Act) -> tuple[float, str]:
    """Whether those whose visit or talks were promised are those of the deed."""
    side = _visitors(pledge, promise) if act.name == "visit" else (*pledge.event.source, *pledge.event.target)
    wanted = sorted({(actor.key, actor.name) for actor in side if _is_person(actor)})
    missing = [name for key, name in wanted if not _takes_part(key, name, deed, reading)]
    if wanted and not missing:
        return 1.0, f"{' and '.join(name for _, name in wanted)} took part"
    if wanted and (act.name == "visit" or len(missing) == len(wanted)):
        return MISSING, f"{' and '.join(missing)} did not take part by the report"
    offices = {(actor.key, actor.name) for actor in side if "(" in actor.name}
    if act.name == "visit" and offices and not offices & {(a.key, a.name) for a in deed.event.source}:
        return MISSING, f"nothing tells that it was the {' or '.join(sorted(name for _, name in offices))}"
    if promise.ranks and reading.ranks and not promise.ranks & reading.ranks:
        return MISSING, "other people than those announced"
    if promise.ranks & reading.ranks:
        return 0.9, f"both about the {', '.join(sorted(promise.ranks & reading.ranks))} level"
    names = _own_names(promise, pledge) & _own_names(reading, deed)
    if act.name == "visit":
        # Who is named in the report of a deed need not have gone ("ratified the treaty that Kim signed").
        doers = " ".join(actor.name for actor in (*deed.event.source, *deed.event.target))
        names &= set(re.findall(r"\w+", doers))
    if names:
        return 1.0, f"both name {', '.join(sorted(names))}"
    topics = promise.things & reading.things
    if topics and act.name == "talks":
        return 0.9, f"both about {', '.join(sorted(topics))}"
    return UNNAMED, "nothing tells whether the same people were meant"


def _visitors(pledge: Told, promise: Reading) -> tuple[Actor, ...]:
    """Those who are to travel: the invited, or the pledger himself."""
    if _hosts(promise):
        return pledge.event.target
    return pledge.event.source


def _hosts(promise: Reading) -> bool:
    return promise.says("hosts") and not promise.says("accepts")


def heading(pledge: Told, deed: Told, promise: Reading, act: Act) -> str | None:
    """Who acts on whom in the deed, told against the pledge; None where it does not fit."""
    givers, takers = pledge.sources, pledge.targets
    doers, gainers = deed.sources, deed.targets
    if act.name == "visit":
        return _visit_heading(pledge, deed, promise)
    if act.name == "talks" and (acts_on(doers, gainers, givers, takers) or acts_on(doers, gainers, takers, givers)):
        return "between the same two"
    if acts_on(doers, gainers, givers, takers):
        return "by the one who said it, to the same side"
    back = acts_on(doers, gainers, takers, givers)
    if back and is_mutual(pledge):
        return "between the same two, who both were bound"
    return None


def _visit_heading(pledge: Told, deed: Told, promise: Reading) -> str | None:
    hosting = _hosts(promise)
    guests = pledge.targets if hosting else pledge.sources
    hosts = pledge.sources if hosting else pledge.targets
    doers, others = deed.sources, deed.targets
    if not (guests & (doers | others) and hosts & (doers | others)):
        return None
    if deed.event.type is not EventType.CONSULT and not (guests & doers and _signs_or_travels(deed)):
        return None
    places = {r.mention.place.country for r in deed.reports if r.mention.place is not None}
    if places and guests == hosts:
        return "at the place of one of the two" if places & hosts else None
    if places:
        return "in the country to be visited" if places & hosts else None
    if deed.event.type is not EventType.CONSULT or deed.event.mode == "phone":
        return None
    visits = deed.event.mode == "visit" or any("visit" in reading.deeds for reading in deed.readings)
    if doers != others and guests & doers and hosts & others and visits:
        return "the announced side travelled"
    return "the two sides met on a visit" if doers == others and visits else None


def _signs_or_travels(deed: Told) -> bool:
    return any({"sign", "visit"} & reading.deeds for reading in deed.readings)


def is_thanks(pledge: Told, deed: Told, reading: Reading, act: Act) -> bool:
    """Whether the other side acknowledges the deed by thanking for it."""
    return (
        act.name == "defend"
        and deed.event.type is EventType.SUPPORT
        and reading.tells("thanks")
        and acts_on(deed.sources, deed.targets, pledge.targets, pledge.sources)
        and bool(reading.things)
    )


def by_pledger(pledge: Told, deed: Told) -> bool:
    """Whether the pledger, or either side of a mutual pledge, does it to the other."""
    if _other_body(pledge, deed):
        return False
    givers, takers = pledge.sources, pledge.targets
    doers, gainers = deed.sources, deed.targets
    return acts_on(doers, gainers, givers, takers) or (is_mutual(pledge) and acts_on(doers, gainers, takers, givers))


def _other_body(pledge: Told, deed: Told) -> bool:
    """Whether the doer bears the code of a pledger but is another body, as Somaliland is not Somalia."""
    pledgers, doers = _bodies((*pledge.event.source, *pledge.event.target)), _bodies(deed.event.source)
    return any(pledgers.get(key, name) != name for key, name in doers.items())


@lru_cache(maxsize=16384)
def _bodies(actors: tuple[Actor, ...]) -> Mapping[str, str]:
    """The names of those that are bodies, by key."""
    return {actor.key: actor.name for actor in actors if _is_body(actor)}


def acts_on(doers: frozenset[str], gainers: frozenset[str], givers: frozenset[str], takers: frozenset[str]) -> bool:
    """Whether a giver acts on a taker, and not merely one of them on himself."""
    acting, reached = doers & givers, gainers & takers
    return bool(acting and reached) and (len(acting) > 1 or len(reached) > 1 or acting != reached)


def shared(pledge: Told, deed: Told, promise: Reading, reading: Reading) -> float:
    """The share of content words that the two have in common, 0 to 1, the names of the parties left aside."""
    stems = pledge.stems if pledge.stems == deed.stems else pledge.stems | deed.stems
    first, second = words_beside(promise.clause, stems), words_beside(reading.text, stems)
    least = min(len(first), len(second))
    return len(first & second) / max(4, least) if least else 0.0


@lru_cache(maxsize=65536)
def words_beside(text: str, stems: frozenset[str]) -> frozenset[str]:
    """The content words of a text without those that begin as the parties' names do."""
    return frozenset(word for word in content_words(text) if word[:4] not in stems)


def wording(pledge: Told, deed: Told, words: float) -> float:
    """How alike the two are worded, 0 to 1: by `shared` words, and by the encoder's vectors where both have one."""
    one, other = pledge.best.mention.vector, deed.best.mention.vector
    if one is None or other is None:
        return words
    return (words + max(0.0, cosine(one, other))) / 2


def amount_done(promise: Reading, reading: Reading) -> tuple[float | None, str]:
    """The share of the promised amount that was done, where both tell it of the same object, and the words for it."""
    done = dict(reading.amounts)
    for kind, wanted in promise.amounts:
        if kind in done and wanted > 0:
            return done[kind] / wanted, f"{done[kind]:,.0f} of {wanted:,.0f} ({kind})"
    return None, ""


def counted(promise: Reading, reading: Reading) -> bool:
    """Whether the promise counts an object that the deed is about."""
    return bool(dict(promise.amounts).keys() & reading.things)


def only_broad(promise: Reading, reading: Reading, act: Act) -> bool:
    """Whether all that the two share are fields such as trade, rather than things."""
    same = promise.things & reading.things
    if act.name in ("visit", "talks") or act.free or act.kept_with or not same:
        return False
    return all(lexicon().things[name].broad for name in same)


def domain_fit(pledge: Told, deed: Told) -> float:
    """1 where both are of one domain, 0 where of two, else half."""
    one, other = pledge.event.domain, deed.event.domain
    if one is None or other is None:
        return 0.5
    return 1.0 if one is other else 0.0


def _is_body(actor: Actor) -> bool:
    """Whether it stands for a state or region as a whole: neither an office nor a person."""
    return "(" not in actor.name and not _is_person(actor)


def _is_person(actor: Actor) -> bool:
    return actor.sector is not None and "(" not in actor.name and " " in actor.name


def _takes_part(key: str, name: str, deed: Told, reading: Reading) -> bool:
    """Whether a person is an actor of the deed, or is named where the deed has only the state as actor."""
    own = [actor for actor in (*deed.event.source, *deed.event.target) if actor.key == key]
    if any(actor.name == name for actor in own):
        return True
    parts = name.split()
    called = parts[-1] if len(parts) == 2 else parts[0]
    return all(actor.sector is None for actor in own) and called in reading.names


def _own_names(reading: Reading, happening: Told) -> set[str]:
    """The capitalised words of a text that are not the parties' own names, nor words of the calendar."""
    parties = (*happening.event.source, *happening.event.target)
    aside = {word[:4].casefold() for actor in parties for word in re.findall(r"\w+", actor.name)}
    return {
        name
        for name in reading.names
        if name[:4].casefold() not in aside
        and content_words(name)
        and not name.isupper()
        and not any(_spells(actor.code, name) for actor in parties)
    }


def _spells(code: str, name: str) -> bool:
    """Whether a name holds the letters of a country's code in their order ("Iran" that of IRN)."""
    letters = iter(name.upper())
    return name[:1].upper() == code[:1] and all(letter in letters for letter in code)
