from __future__ import annotations

from datetime import UTC, date, datetime

from dragoman.periods import Period, Precision
from dragoman.records import Actor, Refusal, content_id
from dragoman.terms import DateBasis, Part, RefusalReason, RefusalStage
from making import make_document, make_mention


def test_document_id_ignores_when_it_was_read() -> None:
    one = make_document(published=None, published_basis=None, retrieved=datetime(2026, 1, 26, tzinfo=UTC))
    other = make_document(
        published=Period(date(2026, 1, 1)),
        published_basis=DateBasis.RELATIVE,
        retrieved=datetime(2026, 2, 1, tzinfo=UTC),
    )
    assert one.id == other.id


def test_document_id_tells_outlets_apart() -> None:
    assert make_document().id != make_document(publisher="Volga State News").id


def test_document_id_tells_stated_dates_apart() -> None:
    assert make_document().id != make_document(published=Period(date(2023, 1, 1))).id


def test_available_is_the_earlier_of_publication_and_retrieval() -> None:
    document = make_document(
        published=Period(date(2024, 6, 1), Precision.MONTH), retrieved=datetime(2024, 6, 12, tzinfo=UTC)
    )
    assert document.available == date(2024, 6, 12)


def test_available_waits_for_the_end_of_a_coarse_date() -> None:
    assert make_document(published=Period(date(2024, 6, 1), Precision.MONTH)).available == date(2024, 6, 30)


def test_available_is_unknown_without_any_date() -> None:
    assert make_document(published=None).available is None


def test_text_of_an_absent_part_is_empty() -> None:
    assert make_document(standfirst=None).text(Part.STANDFIRST) == ""


def test_mention_id_depends_on_parties_and_place_only() -> None:
    assert make_mention().id == make_mention(domain=None, rules=()).id
    assert make_mention().id != make_mention(source=make_mention().target).id


def test_actor_key_tells_bodies_of_one_code_apart() -> None:
    assert Actor("IGO", "NATO").key != Actor("IGO", "ASEAN").key
    assert Actor("RUS", "Russia").key == Actor("RUS", "Vladimir Putin", "GOV").key
    assert Actor("COD", "M23", "REB").key != Actor("COD", "DR Congo").key


def test_content_id_does_not_confuse_neighbouring_values() -> None:
    assert content_id("d", "ab", "c") != content_id("d", "a", "bc")


def test_refusal_id_follows_the_content_not_the_path() -> None:
    one, other = (
        Refusal(RefusalStage.READ, RefusalReason.EMPTY, "empty", input=path, content="00ff") for path in ("/a", "/b")
    )
    assert one.id == other.id
