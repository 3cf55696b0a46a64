from __future__ import annotations

import pytest

from dragoman.coding import Coder
from dragoman.periods import parse_period
from dragoman.records import Document, Mention
from dragoman.terms import DateBasis, Part, RefusalReason

THURSDAY = parse_period("2024-06-20")


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def document(body: str, title: str | None = None) -> Document:
    return Document(title, None, body, published=THURSDAY, published_basis=DateBasis.STATED)


def told(coder: Coder, body: str, title: str | None = None) -> list[str]:
    """What was coded, as `PRK>RUS AID actual`."""
    return [short(mention) for mention in coder.code(document(body, title)).mentions]


def short(mention: Mention) -> str:
    def side(parties: tuple[object, ...]) -> str:
        return "+".join(sorted({party.actor.code for party in parties}))  # type: ignore[attr-defined]

    return f"{side(mention.source)}>{side(mention.target)} {mention.type} {mention.factuality}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("North Korea shipped shells to Russia.", "PRK>RUS AID actual"),
        ("Shells were shipped to Russia by North Korea.", "PRK>RUS AID actual"),
        ("Artillery shells shipped by North Korea to Russia reached Rostov.", "PRK>RUS AID actual"),
        ("Russia and North Korea held talks in Moscow.", "PRK+RUS>PRK+RUS CONSULT actual"),
        ("Paris and Berlin condemned Minsk.", "DEU+FRA>BLR ACCUSE actual"),
        ("Russia's shelling of Kharkiv killed four people.", "RUS>UKR ASSAULT actual"),
        ("The South Korean foreign ministry condemned North Korea.", "KOR>PRK ACCUSE actual"),
        ("South Korean Foreign Minister Park Dae-won condemned North Korea.", "KOR>PRK ACCUSE actual"),
        ("Iran agreed to supply drones to Russia.", "IRN>RUS AGREE pledged"),
        ("Iran will supply drones to Russia.", "IRN>RUS AGREE pledged"),
        ("Iran may have supplied drones to Russia.", "IRN>RUS AID possible"),
        ("Iran refused to supply drones to Russia.", "IRN>RUS REJECT actual"),
        ("Iran threatened to attack Israel.", "IRN>ISR THREATEN pledged"),
    ],
)
def test_a_clause_gives_its_event(coder: Coder, text: str, expected: str) -> None:
    assert told(coder, text) == [expected]


def test_what_somebody_is_named_for_is_not_done_by_who_names_him(coder: Coder) -> None:
    named = "The Treasury Department named nine people and seven entities for giving Pyongyang financial help."
    coded = coder.code(document(named))
    assert [short(mention) for mention in coded.mentions if mention.source[0].actor.code == "USA"] == []
    assert any("not by who names" in refusal.detail for refusal in coded.refusals)
    assert "DEU>UKR AID actual" in told(coder, "Zelensky thanked Germany for sending Ukraine air defence systems.")


def test_who_is_told_to_be_about_to_act_is_not_threatened(coder: Coder) -> None:
    headline = "Kim tells Russian defence minister Moscow may hit back for long-range strikes"
    assert [mention for mention in coder.code(document("Nothing else.", headline)).mentions if mention.quad == 3] == []
    assert told(coder, "Iran warned that Israel would pay a heavy price.") == ["IRN>ISR THREATEN pledged"]


@pytest.mark.parametrize(
    "text",
    [
        "North Korea borders Russia.",
        "North Korea did not ship shells to Russia.",
        "If North Korea ships shells to Russia, Seoul will react.",
        "Since Russia invaded Ukraine in 2022, trade has fallen.",
        "During the Cold War, Moscow supplied weapons to North Korea.",
        "Unknown gunmen attacked a village.",
    ],
)
def test_what_is_no_event_gives_none(coder: Coder, text: str) -> None:
    assert told(coder, text) == []


def test_swapping_the_parties_swaps_the_record(coder: Coder) -> None:
    assert told(coder, "Israel attacked Iran.") == ["ISR>IRN ASSAULT actual"]
    assert told(coder, "Iran attacked Israel.") == ["IRN>ISR ASSAULT actual"]


def test_a_denial_denies_the_deed_and_is_a_rejection(coder: Coder) -> None:
    assert sorted(told(coder, "Moscow denied that Pyongyang had sent troops to Russia.")) == [
        "PRK>RUS AID denied",
        "RUS> REJECT actual",
    ]


def test_a_claim_names_its_claimant(coder: Coder) -> None:
    (mention,) = coder.code(document("Seoul said that North Korea had shipped shells to Russia.")).mentions
    assert [(c.actor.code if c.actor else None, c.kind) for c in mention.claimants] == [("KOR", "official")]


def test_analysts_are_claimants_without_an_actor(coder: Coder) -> None:
    (mention,) = coder.code(document("North Korea may ship shells to Russia, analysts said.")).mentions
    assert [(c.actor, c.kind) for c in mention.claimants] == [(None, "analyst")]


def test_an_accusation_gives_the_claimed_deed_too(coder: Coder) -> None:
    mentions = coder.code(document("Seoul accused Pyongyang of sending troops to Russia.")).mentions
    claimed = [m for m in mentions if m.type == "AID"]
    assert [short(m) for m in mentions if m.type == "ACCUSE"] == ["KOR>PRK ACCUSE actual"]
    assert [(short(m), m.claimants[0].actor.code) for m in claimed if m.claimants[0].actor] == [
        ("PRK>RUS AID actual", "KOR")
    ]


def test_a_date_hangs_on_the_deed_not_on_the_saying(coder: Coder) -> None:
    said = coder.code(document("Seoul said on Tuesday that North Korea had shipped shells to Russia.")).mentions
    done = coder.code(document("North Korea shipped shells to Russia on Tuesday, Seoul said.")).mentions
    assert [m.date for m in said] == [None]
    assert [str(m.date) for m in done] == ["2024-06-18"]


def test_a_deed_is_not_dated_after_its_report(coder: Coder) -> None:
    (mention,) = coder.code(document("Kim Jong Un sent greetings to Russia in 2025.")).mentions
    assert (short(mention), mention.date) == ("PRK>RUS SUPPORT actual", None)


def test_an_unknown_date_and_place_stay_unknown(coder: Coder) -> None:
    (mention,) = coder.code(document("North Korea shipped shells to Russia.")).mentions
    assert (mention.date, mention.place) == (None, None)


def test_a_mention_says_how_sure_the_coder_is_and_why(coder: Coder) -> None:
    (mention,) = coder.code(document("North Korea shipped shells to Russia.")).mentions
    assert mention.confidence is not None
    assert 0.5 < mention.confidence <= 1
    assert any(rule.startswith("encoder: AID ") for rule in mention.rules)
    assert any(rule.startswith("frame: ") for rule in mention.rules)


def test_a_headline_in_the_present_tense_is_news_of_its_day(coder: Coder) -> None:
    (mention,) = coder.code(document("", "North Korea Sends Shells to Russia")).mentions
    assert (str(mention.date), mention.sentence.part) == ("2024-06-20", Part.TITLE)


def test_an_unnamed_source_is_refused_not_guessed(coder: Coder) -> None:
    coding = coder.code(document("Shells were shipped to Russia."))
    assert coding.mentions == ()
    assert [refusal.reason for refusal in coding.refusals] == [RefusalReason.NO_SOURCE]


def test_a_condition_is_refused_with_its_reason(coder: Coder) -> None:
    coding = coder.code(document("If North Korea sends shells to Russia, prices will rise."))
    assert [refusal.reason for refusal in coding.refusals] == [RefusalReason.CONDITIONAL]


def test_offsets_point_at_the_words(coder: Coder) -> None:
    text = document("SEOUL — On Tuesday North Korea shipped “old” shells to Russia, officials said.")
    (mention,) = coder.code(text).mentions
    assert text.slice(mention.predicate) == "shipped"
    assert text.slice(mention.source[0].span) == "North Korea"
    assert text.slice(mention.target[0].span) == "Russia"
    assert text.slice(mention.sentence).startswith("On Tuesday")


def test_the_same_document_gives_the_same_mentions(coder: Coder) -> None:
    text = document("Russia and North Korea signed a treaty in Pyongyang on Wednesday. Seoul condemned both countries.")
    assert coder.code(text) == coder.code(text)


def test_one_event_told_twice_shares_its_date(coder: Coder) -> None:
    text = "Israel attacked Iran on Tuesday.\n\nIsrael attacked Iran with drones, officials said."
    assert {str(m.date) for m in coder.code(document(text)).mentions} == {"2024-06-18"}


def test_the_day_that_the_body_names_beats_the_headline_s(coder: Coder) -> None:
    text = document(
        "North Korea sent shells to Russia on Tuesday, officials said.", "North Korea Sends Shells to Russia"
    )
    assert {str(m.date) for m in coder.code(text).mentions} == {"2024-06-18"}


def test_the_present_tense_with_a_weekday_tells_what_is_to_come(coder: Coder) -> None:
    (mention,) = coder.code(document("Sergei Lavrov visits North Korea on Saturday.")).mentions
    assert (short(mention), str(mention.date)) == ("RUS>PRK AGREE pledged", "2024-06-22")


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "!!!", "—" * 500, "word " * 30_000])
def test_odd_text_is_survived(coder: Coder, text: str) -> None:
    assert coder.code(document(text)).mentions == ()
