from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.coding.parser import load_model
from dragoman.errors import DataError, UsageError
from dragoman.evaluate import load_pairs, score_pairs
from dragoman.evaluate.pairs import PairRow, find_phrase, quad_of

HEADER = "uid\tsentence\tsource\ttarget\tgold_root\n"


def rows_of(folder: Path, text: str) -> list[PairRow]:
    path = folder / "pairs.tsv"
    path.write_text(text, "utf-8")
    return load_pairs(path)


def test_rows_are_read_with_quotes(tmp_path: Path) -> None:
    found = rows_of(tmp_path, HEADER + '1\t"Oslo ""condemned"" Minsk."\tOslo\tMinsk\tACCUSE\n')
    assert found == [PairRow("1", 'Oslo "condemned" Minsk.', "Oslo", "Minsk", "ACCUSE")]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="lacks the columns gold_root"):
        rows_of(tmp_path, "uid\tsentence\tsource\ttarget\n")


def test_an_unknown_type_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 2: gold_root is 'GIFT'"):
        rows_of(tmp_path, HEADER + "1\tOslo gave.\tOslo\tMinsk\tGIFT\n")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        load_pairs(tmp_path / "none.tsv")


def test_a_span_that_is_not_verbatim_is_found_by_what_it_shares() -> None:
    doc = load_model()("The Norwegian foreign ministry condemned the arrests in Minsk.")
    found = find_phrase(doc, "Norwegian Foreign Ministry's spokesman")
    assert doc[found.start : found.end].text == "Norwegian foreign ministry"


def test_concede_and_retreat_answer_yield() -> None:
    row = PairRow("1", "Oslo apologised to Minsk.", "Oslo", "Minsk", "CONCEDE")
    assert list(score_pairs([row])["per_class"]) == ["YIELD"]
    assert (quad_of("YIELD"), quad_of("ACCUSE"), quad_of("NONE")) == (2, 3, 0)


def test_every_row_is_answered() -> None:
    rows = [PairRow("1", "", "a", "b", "AID"), PairRow("2", "Peru sent rice to Chad.", "nowhere", "", "AID")]
    assert score_pairs(rows)["n"] == 2
