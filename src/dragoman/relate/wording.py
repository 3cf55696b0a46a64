"""The formulae of a relation: phrases that come back when one of two parties speaks to or about the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from dragoman.relate.evidence import Happening, Report, between
from dragoman.relate.phrases import (
    LONGEST_QUOTE,
    Token,
    is_loose,
    is_telling,
    log_likelihood_ratio,
    phrase_key,
    quoted_phrase,
    quoted_stretches,
    speakers_of,
    tokens,
)
from dragoman.relate.stretches import Phrases
from dragoman.relate.texts import Marks, Numbers, Texts, standing
from dragoman.terms import Part

TYPICAL = 6.63
"""The log-likelihood ratio from which a phrase is typical of the two: 1% of the chi-squared with one degree."""

RISING = 1.5
"""A phrase rises when its share of the statements of the last year is so many times that of the year before."""


YEAR = timedelta(days=365)

ORDERED_BY_QUARTER = timedelta(days=730)
"""Uses that begin no longer ago than this are counted by quarter, older ones by year."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a phrase: the day of the statement, who spoke, and the report that shows it."""

    day: date
    speaker: str
    event_id: str
    mention_id: str
    sentence: str
    quoted: bool

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {
            "day": self.day.isoformat(),
            "speaker": self.speaker,
            "event_id": self.event_id,
            "mention_id": self.mention_id,
            "sentence": self.sentence,
            "quoted": self.quoted,
        }


@dataclass(frozen=True, slots=True)
class Formula:
    """A phrase of a relation. A day on which a speaker used it counts once, however often it was reported.

    `variants` are longer or shorter forms told with it; `quoted` tells that it was seen in quotation marks;
    `by_period` counts years or quarters, None where the record holds no statement of the two; `course` is rising,
    steady, gone, or None for too little to say; `typicality` is Dunning's log-likelihood ratio against the background
    (Computational Linguistics 19, 1993; 6.63 is significant at 1%), None without a background.
    """

    phrase: str
    variants: tuple[str, ...]
    uses: tuple[Use, ...]
    by_period: tuple[tuple[str, int | None], ...]
    course: str | None
    typicality: float | None

    @property
    def first(self) -> Use:
        """The first use in the record."""
        return self.uses[0]

    @property
    def first_speakers(self) -> tuple[str, ...]:
        """Who used it first: both, where the two spoke together."""
        return tuple(use.speaker for use in self.uses if use.mention_id == self.first.mention_id)

    @property
    def last_day(self) -> date:
        """The day of the last use."""
        return self.uses[-1].day

    @property
    def quoted(self) -> bool:
        """Whether it was seen in quotation marks."""
        return any(use.quoted for use in self.uses)

    def by_speaker(self) -> dict[str, int]:
        """Days of use for each speaker, by code."""
        return dict(sorted(Counter(use.speaker for use in self.uses).items()))

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {
            "phrase": self.phrase,
            "variants": list(self.variants),
            "first_day": self.first.day.isoformat(),
            "first_speakers": list(self.first_speakers),
            "first_event": self.first.event_id,
            "first_mention": self.first.mention_id,
            "first_sentence": self.first.sentence,
            "last_day": self.last_day.isoformat(),
            "uses": len(self.uses),
            "by_speaker": self.by_speaker(),
            "by_period": dict(self.by_period),
            "quoted": self.quoted,
            "course": self.course,
            "typicality": None if self.typicality is None else round(self.typicality, 1),
            "evidence": [use.row() for use in self.uses],
        }


class _Spoken(NamedTuple):
    day: date
    happening: Happening
    report: Report
    speakers: tuple[str, ...]

    def use(self, speaker: str, quoted: bool) -> Use:
        """A use of a phrase by one of its speakers."""
        return Use(self.day, speaker, self.happening.event.id, self.report.mention.id, self.report.sentence, quoted)


class _Uses:
    """The uses of phrases, told in the order of events and reports.

    Of a day on which a speaker used a phrase the first report counts, or the first that quotes it.
    """

    def __init__(self) -> None:
        self.of: dict[str, dict[tuple[date, str], Use]] = defaultdict(dict)
        self.surfaces: dict[str, Counter[str]] = defaultdict(Counter)
        self.whole: dict[str, set[date]] = defaultdict(set)

    def add(self, key: str, text: str, spoken: _Spoken, quoted: bool) -> None:
        """One more use of a phrase in these words."""
        by_day = self.of[key]
        for speaker in spoken.speakers:
            known = by_day.get((spoken.day, speaker))
            if known is None or (quoted and not known.quoted):
                by_day[spoken.day, speaker] = spoken.use(speaker, quoted)
        self.surfaces[key][" ".join(text.split())] += len(spoken.speakers)


def wording(
    happenings: Sequence[Happening], first: str, second: str, *, today: date, background: Sequence[str] = ()
) -> list[Formula]:
    """The formulae of two parties up to `today`, most used first.

    A phrase is one if either party used it on two days or more, or stands in quotation marks as a whole; and if it is
    typical of the two against the sentences in `background`. No phrase is made of names alone or holds a party's name.
    """
    spoken = list(_statements(happenings, first, second, today))
    told = {entry.report.sentence for entry in spoken}
    names = _names(happenings)
    uses = _Uses()
    for entry in spoken:
        _add_quotes(uses, entry, names)
    texts = Texts(report.sentence for happening in happenings for report in happening.reports)
    _add_phrases(uses, spoken, texts, names)
    known = {
        key: sorted(by_day.values(), key=lambda use: (use.day, use.speaker))
        for key, by_day in uses.of.items()
        if key in uses.whole or _recurs(by_day.values())
    }
    ratios = _typicality(known.keys(), texts, told, set(background) - told)
    kept = {
        key: found
        for key, found in known.items()
        if (key in uses.whole and (" " in key or len(uses.whole[key]) > 1))
        or (_recurs(found) and ratios.get(key, TYPICAL) >= TYPICAL)
    }
    days = sorted({entry.day for entry in spoken})
    formulae = []
    for key, variants in _nested(kept).items():
        names_of = [_surface(uses.surfaces[other]) for other in variants]
        formulae.append(_formula(_surface(uses.surfaces[key]), names_of, kept[key], days, today, ratios.get(key)))
    return sorted(formulae, key=lambda f: (-len(f.uses), not f.quoted, f.first.day, f.phrase))


def _statements(happenings: Sequence[Happening], first: str, second: str, today: date) -> Iterator[_Spoken]:
    for happening in sorted(between(list(happenings), first, second), key=lambda h: h.event.id):
        day = happening.day
        if day is None or day > today:
            continue
        for report in sorted(happening.reports, key=lambda r: r.mention.id):
            speakers = speakers_of(report, first, second)
            if speakers:
                yield _Spoken(day, happening, report, speakers)


def _add_quotes(uses: _Uses, spoken: _Spoken, names: frozenset[str]) -> None:
    """Add the quotations of a report that are a phrase as a whole."""
    for quote in spoken.report.quotes:
        words = quoted_phrase(quote)
        if not words or len(words) > LONGEST_QUOTE or _names_party(words, names):
            continue
        if is_telling(words) and _has_words(words):
            key = phrase_key(words)
            uses.add(key, quote[words[0].start : words[-1].start + len(words[-1].text)], spoken, True)
            uses.whole[key].add(spoken.day)


def _add_phrases(uses: _Uses, spoken: Sequence[_Spoken], texts: Texts, names: frozenset[str]) -> None:
    """Add the phrases in the sentences of reports, but for those that can be no formula, for want of a second day.

    In an article's own words none counts that is in a title, tells of talks, or holds a slight word.
    """
    phrases = Phrases(texts, frozenset(names))
    numbers = np.array([texts.number[entry.report.sentence] for entry in spoken], np.int64)
    own = [entry.report.mention.sentence.part is not Part.TITLE and not entry.happening.is_talk for entry in spoken]
    quoting = np.array([bool(entry.report.quotes) for entry in spoken], np.bool_)
    which, place = phrases.of_sentences(numbers)
    kept = quoting[which] | (np.array(own, np.bool_)[which] & ~phrases.slight[place])
    which, place = which[kept], place[kept]
    days = np.array([entry.day.toordinal() for entry in spoken], np.int64)
    code = phrases.code[place]
    often = _vary(code, days[which]) & _vary(code, numbers[which])
    often |= np.isin(code, phrases.codes(uses.whole))
    for number, phrase in zip(which[often].tolist(), place[often].tolist(), strict=True):
        entry = spoken[number]
        start, last, end = phrases.extent(phrase)
        stretches = quoted_stretches(entry.report) if entry.report.quotes else ()
        quoted = any(begins <= start and last < ends for begins, ends in stretches)
        if quoted or (own[number] and not phrases.slight[phrase]):
            uses.add(phrases.key(phrase), entry.report.sentence[start:end], entry, quoted)


def _vary(codes: Numbers, values: Numbers) -> Marks:
    """For each code whether it has more than one value."""
    if not len(codes):
        return np.zeros(0, np.bool_)
    known, place = np.unique(codes, return_inverse=True)
    least, most = np.full(len(known), values.max()), np.full(len(known), values.min())
    np.minimum.at(least, place, values)
    np.maximum.at(most, place, values)
    varied: Marks = (least < most)[place]
    return varied


def _has_words(words: Sequence[Token]) -> bool:
    """Whether two words, or the only one, are no names."""
    plain = sum(not is_loose(word) and (not word.is_capital or word.opens) for word in words)
    return plain >= min(2, len(words)) and not any(any(map(str.isdigit, word.key)) for word in words)


def _names(happenings: Sequence[Happening]) -> frozenset[str]:
    actors = (p.actor for h in happenings for r in h.reports for p in (*r.mention.source, *r.mention.target))
    return frozenset(word.key for actor in actors for word in tokens(actor.name) if word.is_capital)


def _names_party(words: Sequence[Token], names: frozenset[str]) -> bool:
    return any(word.is_capital and word.key in names for word in words)


def _recurs(uses: Iterable[Use]) -> bool:
    known = list(uses)
    return len({use.day for use in known}) > 1 and len({use.sentence for use in known}) > 1


def _typicality(
    phrases: Collection[str], texts: Texts, told: Collection[str], background: Collection[str]
) -> dict[str, float]:
    """The signed log-likelihood ratio of each phrase in sentences of the two against the background's."""
    if not background or not phrases:
        return {}
    here = _sentences_with(phrases, texts, told)
    there = _sentences_with(phrases, Texts(background), background)
    return {key: log_likelihood_ratio(here[key], len(told), there[key], len(background)) for key in phrases}


def _sentences_with(phrases: Collection[str], texts: Texts, sentences: Collection[str]) -> Counter[str]:
    """In how many of the sentences each phrase stands."""
    asked = np.zeros(len(texts.number), np.bool_)
    asked[[texts.number[sentence] for sentence in sentences]] = True
    chosen = asked[texts.sentence]
    within, key = texts.sentence[chosen], texts.key[chosen]
    found = {(int(within[place]), phrase) for place, phrase in standing(phrases, texts.keys, key, within)}
    return Counter(phrase for _, phrase in found)


def _nested(uses: dict[str, list[Use]]) -> dict[str, list[str]]:
    """Each phrase to be told with its variants: longer forms of it, or shorter ones never used without it."""
    told: dict[str, list[str]] = {key: [] for key in uses}
    for key in sorted(uses, key=lambda key: (-len(key.split()), key)):
        shorter = sorted(_parts(key) & uses.keys())
        same = [other for other in shorter if len(uses[other]) == len(uses[key])]
        wider = [other for other in shorter if other not in same and other in told]
        if key not in told:
            continue
        for other in same:
            told[key] += told.pop(other, [])
        if wider:
            parent = max(wider, key=lambda other: (len(uses[other]), other))
            told[parent] += [key, *told.pop(key)]
    return {key: sorted(set(variants)) for key, variants in told.items()}


def _parts(key: str) -> set[str]:
    """The shorter phrases within a phrase."""
    words = key.split()
    sizes = range(1, len(words))
    return {" ".join(words[i : i + size]) for size in sizes for i in range(len(words) - size + 1)}


def _surface(seen: Counter[str]) -> str:
    """The most common spelling; small letters before capitals."""
    return min(seen, key=lambda text: (-seen[text], text.swapcase()))


def _formula(
    phrase: str, variants: list[str], uses: list[Use], days: list[date], today: date, ratio: float | None
) -> Formula:
    return Formula(
        phrase=phrase,
        variants=tuple(variants),
        uses=tuple(uses),
        by_period=_by_period(uses, days, today),
        course=_course(uses, days, today),
        typicality=ratio,
    )


def _by_period(uses: list[Use], days: list[date], today: date) -> tuple[tuple[str, int | None], ...]:
    def label(day: date) -> str:
        return f"{day.year}-Q{(day.month + 2) // 3}" if quarterly else str(day.year)

    quarterly = today - uses[0].day <= ORDERED_BY_QUARTER
    known = Counter(label(use.day) for use in uses)
    spoken = {label(day) for day in days}
    months = (
        date(year, month, 1)
        for year in range(uses[0].day.year, today.year + 1)
        for month in (1, 4, 7, 10)
        if date(year, month, 1) <= today
    )
    labels = sorted({label(month) for month in months if label(month) >= label(uses[0].day)})
    return tuple((period, known[period] if period in spoken else None) for period in labels)


def _course(uses: list[Use], days: list[date], today: date) -> str | None:
    """How the last year's share of statement days compares with the year before; None for too little to say."""

    def shares(known: Iterable[date]) -> tuple[int, int]:
        ages = [(today - day).days for day in known]
        return sum(age < YEAR.days for age in ages), sum(YEAR.days <= age < 2 * YEAR.days for age in ages)

    now, before = shares({use.day for use in uses})
    all_now, all_before = shares(days)
    if len({use.day for use in uses}) < 2 or not all_now:
        return None
    if not now:
        return "gone"
    if not all_before:
        return None
    return "rising" if now > 1 and now / all_now >= RISING * before / all_before else "steady"
