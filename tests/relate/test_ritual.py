from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.records import Actor, Span
from dragoman.relate import Happening, merge_mentions
from dragoman.relate.occasions import occasion_of
from dragoman.relate.ritual import RitualRow, Verdict, ritual, wording_likeness
from dragoman.terms import EventType, Part
from making import PRK, RUS, make_mention, make_report, make_said

TODAY = date(2026, 1, 26)
FIRST = "Kim sent New Year greetings to Putin, his “dearest friend”, and wished the brave soldiers victory in battle."
SECOND = "Kim extended a New Year message to Putin and praised the “blood bond” forged through shared struggle abroad."


def said(day: date, sentence: str, by: Actor = PRK, to: Actor = RUS, **changes: object) -> Happening:
    return make_said(day, sentence, *re.findall("“(.*?)”", sentence), by=by, to=to, **changes)


def rows(*happenings: Happening, coverage_from: date | None = None) -> list[RitualRow]:
    return ritual(happenings, "PRK", "RUS", today=TODAY, coverage_from=coverage_from)


def old() -> Happening:
    return said(date(2020, 6, 1), "Shells went to Russia.", quad=2, type=EventType.AID)


def quoted(row: RitualRow) -> list[str]:
    return [phrase.phrase for phrase in row.new_phrases if phrase.quoted]


def test_a_new_year_message_stands_beside_last_years_with_its_new_words() -> None:
    last, now = said(date(2024, 12, 31), FIRST), said(date(2026, 1, 1), SECOND)
    row = rows(old(), last, now)[-1]
    assert (row.verdict, row.occasion, row.year, row.years) == (Verdict.NEW, "New Year", 2026, (2025,))
    assert [known.event_id for known in row.counterparts] == [last.event.id]
    assert quoted(row) == ["blood bond"]
    assert "2024-12-31" in row.reason
    assert "“blood bond”" in row.reason


def test_the_same_words_again_are_ritual() -> None:
    row = rows(said(date(2024, 12, 31), FIRST), said(date(2025, 12, 30), FIRST))[-1]
    assert (row.verdict, row.new_phrases) == (Verdict.SAME, ())
    assert row.likeness == pytest.approx(1.0)


def test_a_bare_greeting_shows_no_wording() -> None:
    bare = "Putin congratulated Kim on the national day."
    row = rows(*(said(date(year, 9, 9), bare, by=RUS, to=PRK) for year in (2023, 2024)))[-1]
    assert (row.verdict, row.likeness, row.occasion) == (Verdict.UNREPORTED, None, "Founding of the Republic")


def test_a_statement_without_an_earlier_like_is_news() -> None:
    row = rows(old(), said(date(2025, 3, 21), "Kim praised the lions of the zoo in glowing terms."))[-1]
    assert (row.verdict, row.counterparts, row.occasion) == (Verdict.NEWS, (), None)


def test_a_yearly_greeting_is_not_called_news_because_the_record_lacks_the_last_one() -> None:
    row = rows(old(), said(date(2024, 12, 31), FIRST))[-1]
    assert (row.verdict, row.occasion) == (Verdict.UNMATCHED, "New Year")


def test_a_record_of_less_than_a_year_cannot_tell() -> None:
    speech = "Kim praised the lions of the zoo in glowing terms."
    early, late = said(date(2024, 6, 1), "Kim thanked Russia for bread."), said(date(2025, 3, 21), speech)
    assert rows(early, late)[-1].verdict is Verdict.UNKNOWN
    assert rows(old(), late, coverage_from=date(2024, 6, 1))[-1].verdict is Verdict.UNKNOWN
    assert rows(old(), late, coverage_from=date(2024, 3, 1))[-1].verdict is Verdict.NEWS


def test_a_rite_without_a_known_name_is_found_by_its_day_and_words() -> None:
    speech = "Kim praised the fishermen of the eastern harbour and promised them sturdy boats."
    row = rows(said(date(2024, 3, 21), speech), said(date(2025, 3, 28), speech))[-1]
    assert (row.verdict, row.occasion, row.years) == (Verdict.SAME, None, (2024,))


def test_other_words_around_the_same_day_are_no_counterpart() -> None:
    first = said(date(2024, 3, 21), "Kim praised the fishermen of the eastern harbour and promised sturdy boats.")
    second = said(date(2025, 3, 21), "Kim thanked Moscow for wheat, coal and a quick vote at the council table.")
    assert rows(first, second)[-1].verdict is Verdict.NEWS


def test_the_other_sides_message_is_no_counterpart() -> None:
    last, now = said(date(2024, 12, 31), FIRST, by=RUS, to=PRK), said(date(2026, 1, 1), SECOND)
    assert rows(old(), last, now)[-1].counterparts == ()


def test_phrases_are_new_only_for_the_first_time_and_quoted_ones_come_first() -> None:
    happenings = [
        said(date(2024, 3, 1), "Kim thanked Russia for bread."),
        said(date(2024, 5, 20), "Kim hailed a sacred duty and the “blood bond”."),
        said(date(2024, 7, 1), "Kim hailed a sacred duty and the “blood bond” once again."),
    ]
    first, second, third = rows(*happenings)
    assert first.new_phrases == ()
    assert [(p.phrase, p.quoted) for p in second.new_phrases] == [("blood bond", True), ("sacred duty", False)]
    assert third.new_phrases == ()


def test_a_sentence_of_the_same_document_belongs_to_the_greeting() -> None:
    last, now = said(date(2024, 12, 31), FIRST), said(date(2026, 1, 1), SECOND)
    mention = now.reports[0].mention
    span = Span(Part.BODY, 60, 65)
    other = make_report(
        make_mention(document_id=mention.document_id, predicate=span, type=EventType.AGREE, quad=1, date=mention.date),
        sentence="Pyongyang will stand by its neighbour, he stressed.",
        day=now.day,
    )
    (event,) = merge_mentions([other])
    row = next(row for row in rows(old(), last, now, Happening(event, (other,))) if row.event_id == event.id)
    assert row.occasion == "New Year"


def test_a_spokesman_who_speaks_every_week_holds_briefings() -> None:
    ministry = Actor("PRK", "foreign ministry (North Korea)", "GOV")
    first = date(2025, 3, 5)
    weekly = [
        said(first + timedelta(weeks=n), f"The spokesman praised Moscow for item {n}.", by=ministry) for n in range(8)
    ]
    row = rows(*weekly)[-1]
    assert (row.verdict, len(row.counterparts)) == (Verdict.BRIEFING, 4)
    assert "weekly" in row.reason


def test_a_daily_briefing_needs_to_be_called_one() -> None:
    ministry = Actor("RUS", "defence ministry (Russia)", "MIL")
    for words, verdict in (("In its briefing the", Verdict.BRIEFING), ("The", Verdict.UNKNOWN)):
        daily = [
            said(date(2025, 3, 1) + timedelta(days=n), f"{words} ministry praised Pyongyang, item {n}.", ministry, PRK)
            for n in range(12)
        ]
        assert rows(*daily)[-1].verdict is verdict


def test_meetings_and_deeds_are_no_statements() -> None:
    talk = said(date(2025, 3, 1), "Kim met Putin.", type=EventType.CONSULT)
    assert rows(old(), talk) == []


def test_what_lies_after_today_is_not_seen() -> None:
    assert ritual([said(date(2026, 1, 1), SECOND)], "PRK", "RUS", today=date(2025, 12, 31)) == []


def test_no_happenings_give_no_rows() -> None:
    assert rows() == []


@pytest.mark.parametrize(
    ("text", "day", "pair", "name"),
    [
        ("Xi congratulated Biden on Independence Day.", date(2024, 7, 4), ("CHN", "USA"), "Independence Day"),
        ("Kim greeted Putin on Victory Day.", date(2024, 5, 8), ("PRK", "RUS"), "Victory Day"),
        ("Putin sent a telegram of congratulations to Kim.", date(2024, 8, 15), ("RUS", "PRK"), "Liberation of Korea"),
        ("Xi sent Kim greetings.", date(2024, 10, 10), ("CHN", "PRK"), "Founding of the Workers' Party"),
        ("Modi greeted Xi on the Spring Festival.", date(2024, 2, 9), ("IND", "CHN"), "Lunar New Year"),
        ("Kim greeted Putin on Victory Day.", date(2024, 8, 8), ("PRK", "RUS"), None),
        ("Kim thanked Putin for wheat.", date(2024, 5, 9), ("PRK", "RUS"), None),
        ("Kim greeted Putin on Independence Day.", date(2024, 7, 4), ("PRK", "RUS"), None),
        ("Ukraine's ambassador spoke of the annexation of Crimea.", date(2024, 3, 18), ("UKR", "RUS"), None),
        ("Ten years since the annexation of Crimea.", date(2024, 3, 18), ("UKR", "RUS"), "Annexation of Crimea"),
    ],
)
def test_an_occasion_is_found_by_its_words_and_its_day(
    text: str, day: date, pair: tuple[str, str], name: str | None
) -> None:
    found, _ = occasion_of(text, [day], *pair)
    assert (found.name if found else None) == name


def test_a_december_message_counts_for_the_year_to_come() -> None:
    assert occasion_of("Putin congratulated Kim on the New Year.", [date(2024, 12, 18)], "RUS", "PRK")[1] == 2025


def test_wording_of_few_words_is_not_compared() -> None:
    assert wording_likeness(frozenset("ab"), frozenset("abcd")) is None


@given(st.frozensets(st.sampled_from("abcdefgh"), min_size=4), st.frozensets(st.sampled_from("abcdefgh"), min_size=4))
def test_likeness_is_symmetric_and_one_for_equal_words(one: frozenset[str], other: frozenset[str]) -> None:
    likeness = wording_likeness(one, other)
    assert likeness is not None
    assert likeness == wording_likeness(other, one)
    assert 0 <= likeness <= 1 + 1e-9
    assert wording_likeness(one, one) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(shuffler: random.Random) -> None:
    happenings = [
        said(date(2023, 1, 2), FIRST),
        said(date(2024, 12, 31), FIRST),
        said(date(2026, 1, 1), SECOND),
        said(date(2024, 9, 9), "Putin congratulated Kim on the national day.", by=RUS, to=PRK),
    ]
    expected = rows(*happenings)
    shuffler.shuffle(happenings)
    assert rows(*happenings) == expected


def test_the_row_is_plain_and_names_its_evidence() -> None:
    last, now = said(date(2024, 12, 31), FIRST), said(date(2026, 1, 1), SECOND)
    row = rows(old(), last, now)[-1].row()
    assert (row["day"], row["verdict"], row["years"]) == ("2026-01-01", "yearly ritual, new wording", [2025])
    assert row["mention_ids"] == [now.reports[0].mention.id]


def test_the_29th_of_february_has_a_counterpart() -> None:
    speech = "Kim praised the fishermen of the eastern harbour and promised them sturdy boats."
    row = rows(said(date(2023, 2, 28), speech), said(date(2024, 2, 29), speech))[-1]
    assert row.years == (2023,)
