"""What is an alert: rules as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dragoman.errors import DataError, UsageError
from dragoman.pipeline.parties import party_code
from dragoman.relate.entries import State as Fate
from dragoman.relate.testimony import State
from dragoman.terms import Domain
from dragoman.watch.tables import Keys, read_toml

WATCHLIST = "watchlist"
"""In place of a dyad: all that stand on a watchlist."""


class RuleKind(StrEnum):
    """What a rule looks at."""

    INDICATOR = "indicator"
    DEED = "deed"
    LEDGER = "ledger"
    PHRASE = "phrase"
    ERA = "era"
    ODDS = "odds"
    CONTESTED = "contested"
    SILENCE = "silence"


SETTLED = tuple(state for state in Fate if state is not Fate.OPEN)
"""What a word of the ledger can become."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; docs/watch.md tells which keys each kind knows.

    `watchlist` adds the dyads of watchlists to `dyads`; `channels` are names, none for all of them; an `urgent` alert
    waits for no quiet hours and no digest.
    """

    name: str
    kind: RuleKind
    dyads: tuple[tuple[str, str], ...] = ()
    watchlist: bool = False
    domains: tuple[Domain, ...] = ()
    indicators: tuple[str, ...] = ()
    least: State = State.TALKED
    states: tuple[Fate, ...] = SETTLED
    speakers: tuple[str, ...] = ()
    odds: float = 0.5
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    urgent: bool = False


def load_rules(path: Path) -> list[Rule]:
    """The rules of a TOML file; a `DataError` names what is wrong, and where."""
    keys = Keys(str(path), read_toml(path))
    tables = keys.tables("rule")
    keys.done()
    if not tables:
        raise DataError(f"{path} holds no rule; write a table [[rule]] with name and kind.")
    rules = [_rule(f"{path}, rule {number}", table) for number, table in enumerate(tables, start=1)]
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{path} names two rules {twice!r}; give each its own name.")
    return rules


def _rule(where: str, table: object) -> Rule:
    keys = Keys(where, table)
    name = keys.text("name")
    keys.where = f"{where} ({name})"
    kind = RuleKind(keys.one_of("kind", [*RuleKind]))
    values: dict[str, object] = {}
    if kind is RuleKind.SILENCE:
        values["sources"] = keys.texts("sources")
    else:
        pairs = keys.texts("dyads")
        values["watchlist"] = WATCHLIST in pairs
        values["dyads"] = tuple(_dyad(keys, text) for text in pairs if text != WATCHLIST)
        if not pairs:
            raise keys.fail("dyads", f'is missing; write for instance ["PRK/RUS"], or ["{WATCHLIST}"].')
    if kind in (RuleKind.DEED, RuleKind.LEDGER, RuleKind.CONTESTED):
        values["domains"] = tuple(Domain(word) for word in _words(keys, "domains", [*Domain]))
    if kind is RuleKind.INDICATOR:
        values["indicators"] = keys.texts("indicators")
        values["least"] = State(keys.one_of("least", [*State][1:], State.TALKED.value))
    if kind is RuleKind.LEDGER:
        values["states"] = tuple(Fate(word) for word in _words(keys, "states", [*SETTLED])) or SETTLED
    if kind is RuleKind.PHRASE:
        values["speakers"] = tuple(party_code(text) for text in keys.texts("speakers"))
    if kind is RuleKind.ODDS:
        odds = keys.share("odds")
        values["odds"] = 0.5 if odds is None else odds
    values["channels"] = keys.texts("channels")
    values["urgent"] = keys.flag("urgent", False)
    keys.done()
    return Rule(name, kind, **values)  # type: ignore[arg-type]


def _words(keys: Keys, key: str, allowed: list[str]) -> tuple[str, ...]:
    found = keys.texts(key)
    for word in found:
        if word not in allowed:
            raise keys.fail(key, f"holds {word!r}; there are {', '.join(allowed)}.")
    return found


def _dyad(keys: Keys, text: str) -> tuple[str, str]:
    first, sign, second = text.partition("/")
    if not (first and sign and second):
        raise keys.fail("dyads", f"holds {text!r}; write FIRST/SECOND, for instance PRK/RUS.")
    try:
        return party_code(first), party_code(second)
    except UsageError as error:
        raise keys.fail("dyads", f"holds {text!r}: {error}") from error
