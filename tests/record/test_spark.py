"""What is said where Spark, Java or the master is missing; the tables on a real cluster are in tests/pipeline."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dragoman.errors import EngineError, UsageError
from dragoman.record import open_engine
from dragoman.record.spark import find_java


def fake_java(folder: Path, told: str, code: int = 0) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit {code}\n", "utf-8")
    program.chmod(0o755)
    return folder


def test_an_unknown_engine_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no engine 'postgres'; there are duckdb, and Spark by its master's address"):
        open_engine("postgres")


def test_a_missing_spark_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match=r"pip install 'dragoman\[spark\]'"):
        open_engine("spark://127.0.0.1:1")


def test_a_missing_java_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"no “java” on this machine.*apt-get install openjdk-17.*leave --engine"):
        find_java()


def test_a_java_home_without_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=r"bin/java cannot be run.*let JAVA_HOME name"):
        find_java()


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ('openjdk version "11.0.2" 2019', "version 11"),
        ('java version "1.8.0_202"', "version 8"),
        ("hello", "no version"),
    ],
)
def test_an_old_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str, named: str) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path, told)))
    with pytest.raises(EngineError, match=rf"Spark needs Java 17, and .* is (of )?{named}"):
        find_java()


@pytest.mark.parametrize("told", ['openjdk version "17.0.15" 2025-04-15', 'openjdk version "21" 2023-09-19'])
def test_a_new_java_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path, told)))
    assert find_java() == str(tmp_path / "bin" / "java")
