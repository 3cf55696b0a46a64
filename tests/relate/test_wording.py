from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.relate import Happening
from dragoman.relate.phrases import log_likelihood_ratio, speakers_of, tokens
from dragoman.relate.wording import Formula, wording
from dragoman.terms import Factuality
from making import KOR, PRK, RUS, claimed_by, make_said

TODAY = date(2026, 1, 26)


def find(found: list[Formula], phrase: str) -> Formula:
    return next(formula for formula in found if formula.phrase == phrase)


def phrases(found: list[Formula]) -> list[str]:
    return [formula.phrase for formula in found]


def bond(year: int) -> Happening:
    return make_said(date(year, 3, 1), f"Kim Jong Un praised the “blood bond” of {year}.", "blood bond")


def test_a_quoted_phrase_is_told_with_its_first_use_and_its_speaker() -> None:
    (formula,) = wording([bond(2025), bond(2024)], "PRK", "RUS", today=TODAY)
    assert (formula.phrase, formula.quoted, formula.by_speaker()) == ("blood bond", True, {"PRK": 2})
    assert (formula.first.day, formula.last_day) == (date(2024, 3, 1), date(2025, 3, 1))
    assert "of 2024" in formula.first.sentence


def test_unquoted_words_are_a_formula_only_when_they_come_back() -> None:
    first = make_said(date(2024, 6, 1), "Kim called Russia a brotherly nation.")
    again = make_said(date(2025, 6, 1), "Putin spoke of the brotherly nation in Korea.", by=RUS, to=PRK)
    assert wording([first], "PRK", "RUS", today=TODAY) == []
    (formula,) = wording([first, again], "PRK", "RUS", today=TODAY)
    assert (formula.phrase, formula.quoted, formula.by_speaker()) == ("brotherly nation", False, {"PRK": 1, "RUS": 1})


def test_a_longer_form_is_told_as_a_variant() -> None:
    happenings = [
        make_said(date(2024, 6, 19), "Kim hailed the comprehensive strategic partnership."),
        make_said(date(2024, 9, 9), "Kim hailed the comprehensive strategic partnership again."),
        make_said(date(2023, 9, 9), "Kim hailed a strategic partnership."),
    ]
    (formula,) = wording(happenings, "PRK", "RUS", today=TODAY)
    assert formula.phrase == "strategic partnership"
    assert formula.variants == ("comprehensive strategic partnership",)
    assert len(formula.uses) == 3


def test_a_part_never_used_alone_is_not_told() -> None:
    happenings = [
        make_said(date(2024, month, 9), f"Kim hailed the comprehensive strategic partnership in speech {month}.")
        for month in (6, 9)
    ]
    assert phrases(wording(happenings, "PRK", "RUS", today=TODAY)) == ["comprehensive strategic partnership"]


def test_the_name_of_a_treaty_counts_for_the_phrase_that_it_is_made_of() -> None:
    happenings = [
        make_said(date(2024, 6, 19), "Kim signed the Treaty on Comprehensive Strategic Partnership with Putin."),
        make_said(date(2024, 9, 9), "Kim hailed their comprehensive strategic partnership."),
    ]
    (formula,) = wording(happenings, "PRK", "RUS", today=TODAY)
    assert formula.first.day == date(2024, 6, 19)


def test_names_dates_and_offices_are_no_formulae() -> None:
    happenings = [
        make_said(
            date(2024, month, 9),
            f"Kim Jong Un thanked Vladimir Putin in North Korea on Monday {month}, the foreign "
            "minister said in a statement to state media.",
        )
        for month in (6, 9)
    ]
    assert wording(happenings, "PRK", "RUS", today=TODAY) == []


def test_quoted_words_of_when_are_no_formula() -> None:
    happenings = [make_said(date(2024, 6, 9), "Kim will come “in the coming days”.", "in the coming days")]
    assert wording(happenings, "PRK", "RUS", today=TODAY) == []


def test_what_everybody_says_is_no_formula_of_the_two() -> None:
    happenings = [
        make_said(date(2024, month, 9), f"Kim hailed the eternal flame of armed forces in {month}.") for month in (6, 9)
    ]
    background = [f"The armed forces of state {n} marched." for n in range(40)]
    found = phrases(wording(happenings, "PRK", "RUS", today=TODAY, background=background))
    assert any("eternal flame" in phrase for phrase in found)
    assert "armed forces" not in found


def test_one_story_in_many_papers_is_one_use() -> None:
    sentence = "Kim Jong Un praised the “blood bond”."
    copies = [make_said(date(2024, 3, 1), f"{sentence} {n}", "blood bond") for n in range(5)]
    (formula,) = wording(copies, "PRK", "RUS", today=TODAY)
    assert len(formula.uses) == 1


def test_one_use_says_nothing_of_its_course() -> None:
    (formula,) = wording([bond(2025)], "PRK", "RUS", today=TODAY)
    assert formula.course is None


@pytest.mark.parametrize(
    ("years", "course"),
    [((2023, 2024), "gone"), ((2023, 2025), "steady")],
)
def test_the_course_of_a_formula(years: tuple[int, ...], course: str) -> None:
    other = [make_said(date(year, 5, 5), f"Kim thanked Russia for bread number {year}.") for year in (2023, 2024, 2025)]
    found = wording([*map(bond, years), *other], "PRK", "RUS", today=TODAY)
    assert find(found, "blood bond").course == course


def test_a_formula_rises_when_it_takes_a_greater_share_of_statements() -> None:
    early = [make_said(date(2024, month, 5), f"Kim thanked Russia for bread number {month}.") for month in (3, 4, 5, 6)]
    late = [make_said(date(2025, m, 5), f"Kim hailed the “blood bond” for time {m}.", "blood bond") for m in (3, 4, 5)]
    assert find(wording(early + late, "PRK", "RUS", today=TODAY), "blood bond").course == "rising"


def test_a_formula_is_not_called_gone_where_the_record_is_silent() -> None:
    (formula,) = wording([bond(2022), bond(2023)], "PRK", "RUS", today=TODAY)
    assert formula.course is None


def test_a_year_without_statements_is_unknown_and_not_zero() -> None:
    other = make_said(date(2023, 5, 5), "Kim thanked Russia for bread.")
    found = wording([bond(2022), other, bond(2025)], "PRK", "RUS", today=TODAY)
    assert dict(find(found, "blood bond").by_period) == {"2022": 1, "2023": 0, "2024": None, "2025": 1, "2026": None}


def test_words_about_a_deed_are_its_claimants() -> None:
    happening = make_said(date(2024, 3, 1), "Shells went to Russia.", quad=2, claimants=claimed_by(RUS))
    assert speakers_of(happening.reports[0], "PRK", "RUS") == ("RUS",)


def test_an_outsider_who_tells_of_a_deed_gives_no_wording_to_the_two() -> None:
    sentence = "Seoul called it an “unholy alliance”."
    happening = make_said(date(2024, 3, 1), sentence, "unholy alliance", quad=2, claimants=claimed_by(KOR))
    assert wording([happening], "PRK", "RUS", today=TODAY) == []


def test_a_denied_deed_is_the_word_of_who_denies_it() -> None:
    happening = make_said(date(2024, 3, 1), "No.", quad=2, factuality=Factuality.DENIED, claimants=claimed_by(PRK))
    assert speakers_of(happening.reports[0], "PRK", "RUS") == ("PRK",)


def test_what_lies_after_today_is_not_seen() -> None:
    assert wording([bond(2025)], "PRK", "RUS", today=date(2025, 2, 1)) == []


def test_the_row_is_plain_and_names_its_evidence() -> None:
    happening = bond(2025)
    row = wording([happening], "PRK", "RUS", today=TODAY)[0].row()
    assert (row["first_event"], row["first_speakers"]) == (happening.event.id, ["PRK"])
    assert row["first_mention"] == happening.reports[0].mention.id


def test_no_happenings_give_no_formulae() -> None:
    assert wording([], "PRK", "RUS", today=TODAY) == []


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(shuffler: random.Random) -> None:
    happenings = [
        *map(bond, (2022, 2023, 2025)),
        make_said(date(2024, 6, 19), "Kim hailed the comprehensive strategic partnership."),
        make_said(date(2024, 9, 9), "Putin hailed a strategic partnership.", by=RUS, to=PRK),
    ]
    expected = wording(happenings, "PRK", "RUS", today=TODAY)
    shuffler.shuffle(happenings)
    assert wording(happenings, "PRK", "RUS", today=TODAY) == expected


@given(st.text())
def test_any_text_is_parted_into_words(text: str) -> None:
    assert all(text[word.start :].startswith(word.text) for word in tokens(text))


def test_the_likelihood_ratio_is_dunnings() -> None:
    assert log_likelihood_ratio(10, 100, 10, 100) == pytest.approx(0)
    assert log_likelihood_ratio(10, 100, 0, 900) == pytest.approx(46.99, abs=0.01)
    assert log_likelihood_ratio(0, 100, 50, 900) < 0
