from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dragoman.coding.encoder import Judgement
from dragoman.coding.labels import DOMAINS, FACTUALITIES, KINDS, MODES
from dragoman.coding.parser import load_model
from dragoman.errors import DataError, UsageError
from dragoman.evaluate import load_pairs, score_pairs
from dragoman.evaluate.pairs import PairRow, filed_under, find_phrase, quad_of
from dragoman.terms import Domain, EventType, Factuality

HEADER = "uid\tsentence\tsource\ttarget\tgold_root\n"


def judged(factuality: Factuality, mode: str | None = None, domain: Domain | None = None) -> Judgement:
    """What the encoder would say of one triple, quite sure of each label."""
    modes = np.zeros((1, len(MODES)), np.float32)
    modes[0, [i for i, (_, name) in enumerate(MODES) if name == mode]] = 1
    domains = np.zeros((1, len(DOMAINS)), np.float32)
    domains[0, DOMAINS.index(domain or Domain.TRADE)] = 1
    factualities = np.zeros((1, len(FACTUALITIES)), np.float32)
    factualities[0, FACTUALITIES.index(factuality)] = 1
    return Judgement(np.zeros((1, len(KINDS)), np.float32), factualities, modes, domains)


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


def test_types_stand_under_the_files_names() -> None:
    told = judged(Factuality.ACTUAL)
    assert filed_under(EventType.RETREAT, told) == "YIELD"
    assert filed_under(EventType.CONCEDE, judged(Factuality.PLEDGED)) == "AGREE"
    assert filed_under(EventType.SANCTION, judged(Factuality.ACTUAL, mode="convict")) == "ACCUSE"
    assert filed_under(EventType.SANCTION, judged(Factuality.ACTUAL, domain=Domain.SANCTIONS)) == "COERCE"
    assert filed_under(EventType.SANCTION, judged(Factuality.ACTUAL, mode="expel")) == "SANCTION"
    assert filed_under(EventType.COERCE, told) == "COERCE"


def test_every_row_is_answered() -> None:
    rows = [PairRow("1", "", "a", "b", "AID"), PairRow("2", "Peru sent rice to Chad.", "nowhere", "", "AID")]
    assert score_pairs(rows)["n"] == 2
