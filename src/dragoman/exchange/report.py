"""What an import did, as numbers, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dragoman.exchange.build import Built, CodeLine
from dragoman.exchange.columns import Rejected
from dragoman.records import Refusal

WELL_KNOWN = 100
"""A state that so many sides of events are of without one naming it itself is told in the report."""


@dataclass(slots=True)
class ImportSummary:
    """What an import did; `rows` counts every row that was read, wrong ones included.

    `events` were written, `statements` kept without an event, `known` were in the record already, `refused` are rows
    and whole inputs with a stored reason. `codes` has a line for each code of the provider.
    """

    provider: str
    files: int = 0
    rows: int = 0
    events: int = 0
    statements: int = 0
    known: int = 0
    refused: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    codes: dict[str, CodeLine] = field(default_factory=dict)
    parties: dict[str, list[int]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def count(self, built: Built) -> None:
        """Count a batch that was mapped."""
        for code, line in built.codes.items():
            own = self.codes.setdefault(code, CodeLine(line.label))
            own.rows += line.rows
            own.mapped += line.mapped
            own.refused += line.refused
            self.rows += line.rows
        for state, (bare, offices) in built.parties.items():
            sums = self.parties.setdefault(state, [0, 0])
            sums[0] += bare
            sums[1] += offices

    def reject(self, rejected: list[Rejected]) -> None:
        """Count rows of a wrong shape."""
        self.rows += len(rejected)

    def unnamed(self) -> dict[str, int]:
        """States that no side names themselves, with how many sides are of their offices, groups and persons."""
        found = {code: offices for code, (bare, offices) in self.parties.items() if not bare and offices >= WELL_KNOWN}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {
            "provider": self.provider,
            "files": self.files,
            "rows": self.rows,
            "events": self.events,
            "statements": self.statements,
            "known": self.known,
            "refused": self.refused,
            "reasons": dict(sorted(self.reasons.items())),
            "seconds": round(self.seconds, 2),
            "codes": [
                {
                    "code": code,
                    "label": line.label,
                    "rows": line.rows,
                    "mapped": dict(line.mapped.most_common()),
                    "refused": dict(line.refused.most_common()),
                }
                for code, line in sorted(self.codes.items())
            ],
            "unnamed_states": self.unnamed(),
        }

    def lines(self) -> Iterator[str]:
        """All of it as text."""
        yield f"{self.provider}: {self.rows:,} rows of {self.files:,} files, in {self.seconds:.1f} s"
        yield (
            f"{self.events:,} events written, {self.statements:,} statements kept without an event, "
            f"{self.known:,} rows known, {self.refused:,} refused"
        )
        for reason, count in sorted(self.reasons.items()):
            yield f"  refused, {reason}: {count:,}"
        yield ""
        yield f"{'code':<8} {'rows':>9} {'events':>9} {'refused':>9}  to what, or why not"
        for code, line in sorted(self.codes.items()):
            refused = sum(line.refused.values())
            told = [f"{what}" for what, _ in line.mapped.most_common(3)]
            if len(line.mapped) > len(told):
                told.append(f"{len(line.mapped) - len(told)} more")
            told += [f"{why}: {count:,}" for why, count in line.refused.most_common()]
            label = "" if line.label == code else f"{line.label} -> "
            yield f"{code:<8} {line.rows:>9,} {line.rows - refused:>9,} {refused:>9,}  {label}{'; '.join(told)}"
        unnamed = self.unnamed()
        if unnamed:
            yield ""
            yield (
                "Coverage: no row names these states themselves; their relations stand on offices, groups and persons "
                "alone: " + ", ".join(f"{code} ({count:,} sides)" for code, count in unnamed.items())
            )
