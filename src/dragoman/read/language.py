"""Which language a text is in, and the refusal of those that are not read."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dragoman.errors import ReadError
from dragoman.terms import RefusalReason

_ENOUGH_LETTERS = 120
_SAMPLE = 20_000
# The commonest English words make up a third of English prose and next to nothing of other languages' texts.
_COMMON = frozenset(
    "the of and to in a is that for on with was as by at from his her its it be are has have had he she they their "
    "will not this which an were been who after would said but or more than into over about against".split()
)
_COMMON_SHARE = 0.12
_SURE = 0.9
_WORD = re.compile(r"[^\W\d_]+")


def check_language(text: str, declared: str | None) -> str | None:
    """The ISO code of the text's language: "en", or None where there is too little text to tell.

    Raises `ReadError` (reason `language`) for another language. With enough text the text decides; with little, what
    the page declares of itself.
    """
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    latin = sum(1 for word in words for letter in word if letter < "\u0250")
    if letters >= 20 and latin * 2 < letters:
        raise _refusal(_classify(sample)[0])
    common = sum(word.lower() in _COMMON for word in words) / max(1, len(words))
    if letters < _ENOUGH_LETTERS:
        code = _code(declared)
        if code not in (None, "en") and common < _COMMON_SHARE:
            raise _refusal(str(code))
        return code if code == "en" else "en" if len(words) >= 8 and common >= _COMMON_SHARE * 2 else None
    if common >= _COMMON_SHARE * 2:
        return "en"
    code, probability = _classify(sample)
    if code == "en" or common >= _COMMON_SHARE:
        return "en"
    if probability >= _SURE:
        raise _refusal(code)
    return None


def language_name(code: str) -> str:
    """The English name of an ISO 639 code; the code itself where it is not in the table."""
    return _names().get(code, code)


def _refusal(code: str) -> ReadError:
    return ReadError(
        RefusalReason.LANGUAGE,
        f"The text is in {language_name(code)} ({code}); only English (en) is read. Give an English edition.",
    )


def _code(declared: str | None) -> str | None:
    code = re.split("[-_]", declared.strip().lower())[0] if declared else ""
    return code if re.fullmatch("[a-z]{2,3}", code) else None


def _classify(text: str) -> tuple[str, float]:
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _names() -> dict[str, str]:
    table = tomllib.loads(resources.files(__package__).joinpath("data/languages.toml").read_text("utf-8"))
    return {str(code): str(name) for code, name in table["languages"].items()}
