"""The teacher's labels: probabilities for every question of an example, stored compactly and read back."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from dragoman.coding.encoder import Phrase
from training.batches import Encoded, batches, collate
from training.examples import NOBODY, Example, Soft, Triple
from training.network import Network

LOWEST = 0.04
"""A word that the teacher takes for a trigger with less than this is stored as none."""


@torch.no_grad()
def teach(network: Network, encoded: Sequence[Encoded], pad: int, seed: int) -> None:
    """Give every example the teacher's probabilities; one without labels gets its triggers and triples too."""
    network.eval()
    chance = random.Random(seed)
    loose = [item for item in encoded if not item.example.gold]
    for group in batches(loose, 4096, None):
        batch, _ = collate(group, pad)
        spots = _run(network, batch)[0]
        for row, item in enumerate(group):
            _ask_triggers(item.example, spots[row], chance)
        batch, _ = collate(group, pad)
        roles = _run(network, batch)[1]
        at = 0
        for item in group:
            count = len(item.example.roles)
            _ask_triples(item.example, roles[at : at + count], chance)
            at += count
    for group in batches(encoded, 4096, None):
        batch, _ = collate(group, pad)
        spots, roles, kinds, factualities, modes, domains = _run(network, batch)
        pairs = triples = 0
        for row, item in enumerate(group):
            example = item.example
            r, t = len(example.roles), len(example.triples)
            words = spots[row, : len(example.words)]
            likely = [i for i in range(len(words)) if float(1 - words[i, 0]) >= LOWEST]
            example.soft = Soft(
                {i: words[i].tolist() for i in likely},
                roles[pairs : pairs + r].tolist(),
                kinds[triples : triples + t].tolist(),
                factualities[triples : triples + t].tolist(),
                modes[triples : triples + t].tolist(),
                domains[triples : triples + t].tolist(),
            )
            pairs, triples = pairs + r, triples + t


def _run(network: Network, batch: object) -> tuple[torch.Tensor, ...]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = network(batch)
    return (
        out.spots.float().softmax(2),
        out.roles.float().sigmoid(),
        *(part.float().softmax(1) for part in (out.kinds, out.factualities, out.modes, out.domains)),
    )


def _ask_triggers(example: Example, spots: torch.Tensor, chance: random.Random) -> None:
    """The words that the teacher takes for triggers, and one that it does not."""
    shares = (1 - spots[: len(example.words), 0]).tolist()
    likely = sorted((i for i in range(len(shares)) if shares[i] >= LOWEST), key=lambda i: -shares[i])[:6]
    other = [i for i in range(len(shares)) if i not in likely]
    example.triggers = sorted([*likely, *chance.sample(other, min(1, len(other)))])
    example.roles = [(t, a, (0, 0, 0)) for t in range(len(example.triggers)) for a in range(len(example.actors))]


def _ask_triples(example: Example, roles: torch.Tensor, chance: random.Random) -> None:
    """The likeliest pairs of each trigger, swapped ones and a few others; some pairs with the trigger to be found."""
    table = roles.reshape(len(example.triggers), len(example.actors), 3)
    example.triples = []
    everybody = range(len(example.actors))
    for trigger in range(len(example.triggers)):
        pairs = {
            (s, t): float(table[trigger, s, 0]) * (float(table[trigger, t, 1]) if t >= 0 else 0.3)
            for s in everybody
            for t in (NOBODY, *everybody)
            if s != t
        }
        ranked = sorted(pairs, key=lambda pair: -pairs[pair])
        chosen = [*ranked[:4], *((t, s) for s, t in ranked[:2] if t >= 0), *chance.sample(ranked, min(2, len(ranked)))]
        example.triples += [Triple(s, trigger, t, 0) for s, t in dict.fromkeys(chosen)]
    some = [(s, t) for s in everybody for t in everybody if s != t]
    firm = sorted(some, key=lambda p: -float((table[:, p[0], 0] * table[:, p[1], 1]).max()) if len(table) else 0.0)
    example.triples += [
        Triple(s, None, t, 0) for s, t in dict.fromkeys([*firm[:3], *chance.sample(some, min(1, len(some)))])
    ]


def write(path: Path, examples: Sequence[Example]) -> None:
    """Store examples with the teacher's probabilities in hundredths, zeros left out."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as out:
        for e in examples:
            assert e.soft is not None
            row = {
                "id": e.id,
                "words": e.words,
                "actors": [[a.start, a.end, a.head] for a in e.actors],
                "triggers": e.triggers,
                "roles": [[t, a, *map(_hundredths, s)] for (t, a, _), s in zip(e.roles, e.soft.roles, strict=True)],
                "triples": [[t.source, t.trigger, t.target] for t in e.triples],
                "spots": {i: _sparse(s) for i, s in e.soft.spots.items()},
                "soft": [
                    [_sparse(row) for row in part]
                    for part in (e.soft.kinds, e.soft.factualities, e.soft.modes, e.soft.domains)
                ],
            }
            out.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")


def read(path: Path, sizes: tuple[int, int, int, int]) -> Iterator[Example]:
    """Examples as stored; `sizes` are those of types, factualities, modes and domains."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            parts = [[_dense(shares, size) for shares in part] for part, size in zip(row["soft"], sizes, strict=True)]
            soft = Soft(
                {int(i): _dense(shares, sizes[0]) for i, shares in row["spots"].items()},
                [[r / 100 for r in rest] for _, _, *rest in row["roles"]],
                *parts,
            )
            example = Example(row["id"], row["words"], [Phrase(*a) for a in row["actors"]], row["triggers"])
            example.kinds = [0] * len(example.words)
            example.roles = [(t, a, (0, 0, 0)) for t, a, *_ in row["roles"]]
            example.triples = [Triple(s, t, o, 0) for s, t, o in row["triples"]]
            example.soft, example.gold = soft, False
            yield example


def _hundredths(share: float) -> int:
    return round(100 * share)


def _sparse(shares: Sequence[float]) -> dict[int, int]:
    return {i: _hundredths(share) for i, share in enumerate(shares) if share >= 0.01}


def _dense(shares: dict[str, int], size: int) -> list[float]:
    total = sum(shares.values())
    found = [0.0] * size
    for i, share in shares.items():
        found[int(i)] = share / total
    return found
