"""Words in columns are those that `tokens` tells of each sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.relate.phrases import tokens
from dragoman.relate.texts import Texts, standing

SENTENCES = st.lists(st.text(st.sampled_from("aB 9.,“’-_\n\tÉß'"), max_size=30) | st.text(max_size=12), max_size=12)


@given(SENTENCES)
def test_each_sentence_has_the_words_that_its_tokens_are(sentences: list[str]) -> None:
    texts = Texts(sentences)
    assert list(texts.number) == list(dict.fromkeys(sentences))
    for sentence, number in texts.number.items():
        own, expected = slice(texts.bounds[number], texts.bounds[number + 1]), tokens(sentence)
        assert [texts.vocabulary[word] for word in texts.word[own]] == [token.text for token in expected]
        assert [texts.keys[key] for key in texts.key[own]] == [token.key for token in expected]
        assert texts.start[own].tolist() == [token.start for token in expected]
        assert texts.opens[own].tolist() == [token.opens for token in expected]
        runs = texts.run[own].tolist()
        assert [run - runs[0] for run in runs] == [token.run - expected[0].run for token in expected]
        assert set(texts.sentence[own].tolist()) <= {number}


def test_the_words_of_sentences_are_found_in_the_order_asked_for() -> None:
    texts = Texts(["One two.", "", "Three four five."])
    places, bounds = texts.places(["Three four five.", "", "One two.", "Three four five."])
    assert [texts.vocabulary[word] for word in texts.word[places]] == "Three four five One two Three four five".split()
    assert bounds.tolist() == [0, 3, 3, 5, 8]


def test_a_phrase_stands_where_its_words_do_and_not_across_sentences() -> None:
    texts = Texts(["The blood bond holds", "a bond of blood", "bonds and blood", "bond"])
    asked = ["blood bond", "bond of blood", "bond", "blood holds", "unknown word", ""]
    found = sorted(standing(asked, texts.keys, texts.key, texts.sentence))
    assert [(int(texts.sentence[place]), phrase) for place, phrase in found] == [
        (0, "blood bond"),
        (0, "bond"),
        (1, "bond"),
        (1, "bond of blood"),
        (2, "bond"),
        (3, "bond"),
    ]


def test_no_sentence_has_no_words() -> None:
    texts = Texts([])
    assert (texts.vocabulary, texts.bounds.tolist(), list(standing(["a"], texts.keys, texts.key, texts.sentence))) == (
        (),
        [0],
        [],
    )


def test_a_sentence_may_hold_a_phrase_if_it_has_the_rarest_word_of_it() -> None:
    texts = Texts(["Russia spoke.", "Russia's Day-long talks", "A day in RUSSIA", "İndependence", "Nothing"])
    assert texts.may_hold(["day of russia"]) == frozenset()
    assert texts.may_hold(["Russia day"]) == {"Russia's Day-long talks", "A day in RUSSIA"}
    assert texts.may_hold(["independence"]) == {"İndependence"}
