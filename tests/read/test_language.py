# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

import pytest

from dragoman.errors import ReadError
from dragoman.read.language import check_language, language_name

ENGLISH = (
    "The foreign minister of Kazakhstan met his counterpart in Tashkent on Friday, and the two agreed to open a new "
    "crossing on their border before the end of the year."
)
TEXTS = {
    "de": "Der Außenminister traf am Freitag in Taschkent seinen Amtskollegen, und die beiden vereinbarten, noch vor Ende "
    "des Jahres einen neuen Grenzübergang zu eröffnen, wie das Ministerium mitteilte.",
    "fr": "Le ministre des Affaires étrangères a rencontré vendredi son homologue à Tachkent, et les deux hommes sont "
    "convenus d'ouvrir un nouveau poste frontière avant la fin de l'année, selon le ministère.",
    "es": "El ministro de Asuntos Exteriores se reunió el viernes en Taskent con su homólogo, y ambos acordaron abrir un "
    "nuevo paso fronterizo antes de que termine el año, según informó el ministerio.",
    "ru": "Министр иностранных дел встретился в пятницу в Ташкенте со своим коллегой, и они договорились открыть новый "
    "пункт пропуска на границе до конца года, сообщили в министерстве.",
    "ko": "외무장관은 금요일 타슈켄트에서 상대국 장관을 만나 올해 말까지 국경에 새로운 통로를 열기로 합의했다고 외무부가 밝혔다.",
    "zh": "外交部长星期五在塔什干会见了对方的外长,双方同意在年底之前开放一个新的边境口岸。",
    "ar": "التقى وزير الخارجية يوم الجمعة في طشقند بنظيره واتفق الجانبان على فتح معبر حدودي جديد قبل نهاية العام",
}


def test_english_is_read() -> None:
    assert check_language(ENGLISH, None) == "en"
    assert check_language(ENGLISH, "de") == "en"  # with enough text, the text decides


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_another_language_is_refused_by_name(code: str) -> None:
    with pytest.raises(ReadError, match=rf"in {language_name(code)} \({code}\)") as caught:
        check_language(TEXTS[code], "en")
    assert caught.value.reason == "language"


def test_a_short_text_is_decided_by_its_script_or_its_declaration() -> None:
    assert check_language("Kim meets Putin", None) is None
    assert check_language("Kim meets Putin", "en-GB") == "en"
    with pytest.raises(ReadError, match=r"German \(de\)"):
        check_language("Kim trifft Putin", "de-AT")
    with pytest.raises(ReadError, match="Russian"):
        check_language("Ким Чен Ын встретился с Путиным", None)


def test_english_with_a_foreign_quotation_is_english() -> None:
    assert (
        check_language(f"{ENGLISH} “{TEXTS['de'][:80]}”, he said in the evening to those who had waited.", None) == "en"
    )


def test_a_list_of_foreign_names_in_english_is_english() -> None:
    text = "Attending: Kim Jong Un, Choe Son Hui, Pak Jong Chon, Vladimir Putin, Sergei Lavrov, Andrei Belousov, Denis Manturov"
    assert check_language(text + ", Sergei Shoigu, Yuri Ushakov, No Kwang Chol, Jo Yong Won, Kim Yo Jong", None) in (
        "en",
        None,
    )


def test_capitals_are_read_too() -> None:
    assert check_language(ENGLISH.upper(), None) == "en"
