"""Words and phrases of sentences, and who speaks them: what wording and ritual have in common."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from dragoman.records import Actor
from dragoman.relate.alike import STOP
from dragoman.relate.evidence import MATERIAL, Report
from dragoman.terms import Factuality

LINKS = frozenset({"and", "of", "to", "for"})
"""Stop words that may stand once within a phrase, as in "beacon of resistance"."""


NEWSROOM = frozenset(
    "media agency agencies news newspaper minister ministers ministry spokesman spokeswoman spokesperson president "
    "leader leaders official officials secretary chairman governor adviser ambassador statement interview talks "
    "meeting message letter telegram article television visit conference reporters journalists time times future "
    "past side sides us we you me my your him himself itself today yesterday tomorrow ago last next first".split()
)
"""Words of the reporter's trade, of office and of time; no phrase told in an article's own words holds one."""


LONGEST_PHRASE = 4
"""Words of a phrase that is told in an article's own words."""


LONGEST_QUOTE = 7
"""Words of a quotation that is a phrase as a whole; longer ones are sentences, searched for phrases."""


LIGHT = frozenset(
    "always never ever once again still take takes taken took taking make makes made making give gives gave "
    "stand stands stood "
    "place express expresses expressed deep full coming come comes came go goes going keep keeps kept hold holds held "
    "send sends sent call calls called become becomes became seek seeks sought include includes including only cannot "
    "near carry discuss discussed foreseeable ready able part number course sort kind way thing things people "
    "person persons".split()
)
"""Words that carry no formula; no phrase told in an article's own words holds one."""


WORD = r"[^\W_]+(?:['’-][^\W_]+)*"
"""A word, with what an apostrophe or hyphen joins to it."""


BREAKS = ".!?:“\"‘'"
"""Marks after which a capital letter need not be that of a name."""


_WORD = re.compile(WORD)


class Token(NamedTuple):
    """A word of a sentence; `run` counts the stretches between marks, `opens` tells that it begins one."""

    text: str
    key: str
    run: int
    opens: bool
    start: int

    @property
    def is_capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=16384)
def tokens(sentence: str) -> tuple[Token, ...]:
    """The words of a sentence with their keys (small letters, no plural)."""
    found: list[Token] = []
    run, end = 0, 0
    for match in _WORD.finditer(sentence):
        word, start = match.group(), match.start()
        gap, opens = sentence[end:start], not found
        # Most words follow after a mere space.
        if gap != " ":
            opens = opens or any(mark in gap for mark in BREAKS)
            run += bool(gap.strip())
        found.append(Token(word, word_key(word), run, opens, start))
        end = match.end()
    return tuple(found)


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """The word in small letters without possessive or plural ending."""
    key = re.sub(r"['’]s?$", "", word.casefold())
    if len(key) > 4 and key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "us", "is")) else key


def phrase_key(words: Iterable[Token]) -> str:
    """What makes two phrases the same."""
    return " ".join(word.key for word in words)


def speakers_of(report: Report, first: str, second: str) -> tuple[str, ...]:
    """Which of the two speak in a report: its sources for words, its claimants for deeds and for what both did."""
    mention = report.mention
    claimants = _parties((c.actor for c in mention.claimants), first, second) if mention.claimants else ()
    spoken = mention.factuality is Factuality.PLEDGED or (
        mention.quad not in MATERIAL and mention.factuality is Factuality.ACTUAL
    )
    if not spoken:
        return claimants
    sources = _parties((party.actor for party in mention.source), first, second)
    return tuple(party for party in sources if party in claimants) or sources


def _parties(actors: Iterable[Actor | None], first: str, second: str) -> tuple[str, ...]:
    named = {name for actor in actors if actor is not None for name in (actor.code, actor.name)}
    return tuple(party for party in sorted({first, second}) if party in named)


def is_loose(word: Token) -> bool:
    """Whether the word is a stop word or holds a digit, so that no phrase begins or ends with it."""
    return is_loose_word(word.text)


def is_slight(word: Token) -> bool:
    """Whether the word is of the newsroom, of office, of time, or carries no formula."""
    return is_slight_word(word.text)


@lru_cache(maxsize=65536)
def is_loose_word(word: str) -> bool:
    """As `is_loose`, of the word alone."""
    key = word_key(word)
    return word.casefold() in STOP or key in STOP or any(map(str.isdigit, key))


@lru_cache(maxsize=65536)
def is_slight_word(word: str) -> bool:
    """As `is_slight`, of the word alone."""
    return any(text in NEWSROOM or text in LIGHT for text in (word.casefold(), word_key(word)))


def is_telling(words: Sequence[Token]) -> bool:
    """Whether quoted words say more than when or where: one of them is neither loose nor slight."""
    return any(not is_loose(word) and not is_slight(word) for word in words)


def quoted_phrase(quote: str) -> tuple[Token, ...]:
    """The words of a quotation without stop words at its ends."""
    words = tokens(quote)
    while words and is_loose(words[0]):
        words = words[1:]
    while words and is_loose(words[-1]):
        words = words[:-1]
    return words


def quoted_stretches(report: Report) -> list[tuple[int, int]]:
    """Where in its sentence the quoted words of a report stand, in characters."""
    starts = ((report.sentence.find(quote), len(quote)) for quote in report.quotes if quote)
    return [(start, start + length) for start, length in starts if start >= 0]


def log_likelihood_ratio(here: int, here_of: int, there: int, there_of: int) -> float:
    """Dunning's ratio (Computational Linguistics 19, 1993), 0 or more; negative where the phrase is rarer here."""
    share = (here + there) / (here_of + there_of)
    ratio = 2 * sum(
        count * math.log(count / (size * part))
        for count, size, part in (
            (here, here_of, share),
            (there, there_of, share),
            (here_of - here, here_of, 1 - share),
            (there_of - there, there_of, 1 - share),
        )
        if count
    )
    return ratio if here / here_of >= there / there_of else -ratio
