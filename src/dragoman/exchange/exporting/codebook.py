"""The codebook that lies beside an export: every column, its meaning, unit and values, and what the layout loses."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.exchange.exporting.layout import Column, Form


def codebook(form: Form, provenance: Mapping[str, str]) -> str:
    """The codebook as Markdown; `provenance` says where the file came from and what is in it."""
    lines = [f"# {form.title}: codebook", "", f"{_sentence(form.file)}", ""]
    lines += [f"- {name}: {value}" for name, value in provenance.items()]
    lines += ["", "## Columns", "", "| column | meaning | unit |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_cell(column.meaning)} | {_cell(column.unit)} |" for column in form.columns]
    for title, items in (("What this layout cannot carry", form.lost), ("Events left out", form.left_out)):
        if items:
            lines += ["", f"## {title}", "", *(f"- {item}" for item in items)]
    for names, column in _with_values(form.columns):
        lines += ["", f"## Values of {names}", "", *(f"- {value}" for value in column.values)]
    return "\n".join(lines) + "\n"


def _with_values(columns: tuple[Column, ...]) -> list[tuple[str, Column]]:
    """The columns with listed values, those that share their values under one heading."""
    shared: dict[tuple[str, ...], list[Column]] = {}
    for column in columns:
        if column.values:
            shared.setdefault(column.values, []).append(column)
    return [(", ".join(f"`{column.name}`" for column in same), same[0]) for same in shared.values()]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
