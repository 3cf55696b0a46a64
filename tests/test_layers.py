"""Imports go only to a lower rank, as DESIGN.md section 3 draws it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import dragoman

ROOT = Path(dragoman.__file__).parent
RANKS = {
    "errors": 0,
    "periods": 0,
    "terms": 0,
    "records": 0,
    "settings": 0,
    "read": 1,
    "coding": 1,
    "record": 2,
    "database": 2,
    "exchange": 3,
    "relate": 3,
    "forecast": 4,
    "evaluate": 4,
    "brief": 5,
    "pipeline": 6,
    "assist": 7,
    "watch": 7,
    "serve": 7,
    "cli": 8,
    "__main__": 9,
}
OPEN_SOCKETS = {"read/fetch.py", "watch", "assist", "serve"}
SOCKET_MODULES = {
    "socket",
    "ssl",
    "httpcore",
    "httpx",
    "urllib.request",
    "http.client",
    "requests",
    "aiohttp",
    "smtplib",
}
TABLE_MODULES = {"deltalake", "duckdb"}


def imports_of(source: str) -> Iterator[str]:
    """Every module that a source file imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def upward_imports(path: str, source: str) -> list[str]:
    """Imports of a higher or a foreign equal rank; `path` is relative to the package."""
    own = path.split("/")[0].removesuffix(".py")
    if own == "__init__":
        return []
    found = []
    for module in imports_of(source):
        if not module.startswith("dragoman."):
            continue
        other = module.split(".")[1]
        allowed = other == own or RANKS[other] < RANKS[own] or (RANKS[own] == RANKS[other] == 0)
        if not allowed:
            found.append(f"{path} (rank {RANKS[own]}) imports {module} (rank {RANKS[other]})")
    return found


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def test_every_module_has_a_rank() -> None:
    names = {path.split("/")[0].removesuffix(".py") for path, _ in modules()} - {"__init__"}
    assert names <= set(RANKS)


def test_imports_go_only_downward() -> None:
    assert [line for path, source in modules() for line in upward_imports(path, source)] == []


def test_a_planted_upward_import_is_found() -> None:
    planted = "from dragoman.record import Store\n"
    assert upward_imports("coding/coder.py", planted) == [
        "coding/coder.py (rank 1) imports dragoman.record (rank 2)",
    ]


def test_an_import_hidden_in_a_function_is_found() -> None:
    planted = "def hide():\n    import dragoman.cli.app\n"
    assert upward_imports("relate/merging.py", planted) == [
        "relate/merging.py (rank 3) imports dragoman.cli.app (rank 8)"
    ]


def test_read_and_coding_do_not_know_each_other() -> None:
    assert upward_imports("read/page.py", "import dragoman.coding\n") != []
    assert upward_imports("coding/coder.py", "from dragoman.read import quotes\n") != []


def test_only_the_fetcher_and_the_outer_stages_open_sockets() -> None:
    offenders = [
        path
        for path, source in modules()
        if path not in OPEN_SOCKETS and path.split("/")[0] not in OPEN_SOCKETS
        for module in imports_of(source)
        if module in SOCKET_MODULES or module.split(".")[0] in {"httpcore", "httpx", "requests"}
    ]
    assert offenders == []


def test_only_the_record_knows_delta_and_duckdb() -> None:
    offenders = [
        path
        for path, source in modules()
        if path.split("/")[0] != "record"
        for module in imports_of(source)
        if module.split(".")[0] in TABLE_MODULES
    ]
    assert offenders == []


def test_no_import_cycles() -> None:
    graph = {
        f"dragoman.{path.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}": set(imports_of(source))
        for path, source in modules()
        if path != "__init__.py"
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail, module])
        if module in done or module not in graph:
            return
        for other in graph[module]:
            if other != module:
                visit(other, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())
