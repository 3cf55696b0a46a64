"""Examples to tensors, sorted by length so that little is padding."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from dragoman.coding.labels import DOMAINS, FACTUALITIES, KINDS, MODES, ROLES
from training.examples import Example
from training.network import Batch

SIZES = (len(KINDS), len(FACTUALITIES), len(MODES), len(DOMAINS))

LONGEST = 200
"""Word pieces of a sentence that the encoder reads; the rest is cut."""


@dataclass(slots=True)
class Labels:
    """What the heads should say, as probabilities in the order of the questions; a row of zeros is not judged."""

    spots: Tensor
    """B x words x 17."""
    roles: Tensor
    """R x 3."""
    kinds: Tensor
    """T x 17; likewise the others."""
    factualities: Tensor
    modes: Tensor
    domains: Tensor


@dataclass(slots=True)
class Encoded:
    """One example with its word pieces; `examples` that do not fit were left out before."""

    example: Example
    pieces: list[int]
    owner: list[int]


def encode(examples: Sequence[Example], tokenizer: Tokenizer) -> list[Encoded]:
    """Word pieces of every example, with the word that each belongs to (-1 for the frame's own)."""
    found = []
    for example in examples:
        coded = tokenizer.encode(example.words, is_pretokenized=True)
        owner = [-1 if word is None else word for word in coded.word_ids]
        if len(coded.ids) <= LONGEST:
            found.append(Encoded(example, list(coded.ids), owner))
    return found


def batches(encoded: Sequence[Encoded], pieces: int, chance: random.Random | None) -> Iterator[list[Encoded]]:
    """Groups of at most `pieces` word pieces, of like length; shuffled if `chance` is given."""
    order = list(encoded)
    if chance:
        chance.shuffle(order)
        order = [e for part in range(0, len(order), 2048) for e in sorted(order[part : part + 2048], key=_length)]
    else:
        order.sort(key=_length)
    groups: list[list[Encoded]] = [[]]
    for item in order:
        if groups[-1] and (len(groups[-1]) + 1) * max(len(item.pieces), len(groups[-1][-1].pieces)) > pieces:
            groups.append([])
        groups[-1].append(item)
    if chance:
        chance.shuffle(groups)
    yield from (group for group in groups if group)


def _length(item: Encoded) -> int:
    return len(item.pieces)


def collate(group: Sequence[Encoded], pad: int, trust: float = 0.5) -> tuple[Batch, Labels]:
    """A batch and its labels; where a sentence has both, the teacher's count for `trust` and gold for the rest."""
    longest = max(len(item.pieces) for item in group)
    words = max(len(item.example.words) for item in group)
    pieces = torch.full((len(group), longest), pad)
    mask = torch.zeros((len(group), longest), dtype=torch.long)
    owner = torch.full((len(group), longest), words)
    spots = torch.zeros((len(group), words, len(KINDS)))
    actors: list[tuple[int, int, int, int]] = []
    triggers: list[tuple[int, int]] = []
    pairs: list[tuple[int, int]] = []
    roles: list[Tensor] = []
    triples: list[tuple[int, int, int]] = []
    told: list[tuple[Tensor, Tensor, Tensor, Tensor]] = []
    for row, item in enumerate(group):
        example = item.example
        weight = 0.0 if example.soft is None else trust if example.gold else 1.0
        pieces[row, : len(item.pieces)] = torch.tensor(item.pieces)
        mask[row, : len(item.pieces)] = 1
        owner[row, : len(item.pieces)] = torch.tensor([words if o < 0 else o for o in item.owner])
        spots[row, : len(example.words)] = _spots(example, weight)
        first_actor, first_trigger = len(actors), len(triggers)
        actors += [(row, a.start, a.end, a.head) for a in example.actors]
        triggers += [(row, word) for word in example.triggers]
        pairs += [(first_trigger + t, first_actor + a) for t, a, _ in example.roles]
        if example.roles:
            hard = torch.tensor([r for _, _, r in example.roles], dtype=torch.float)
            roles.append(_mixed(hard, example.soft.roles if example.soft else None, weight))
        for triple in example.triples:
            triples.append(
                (
                    first_actor + triple.source,
                    -1 if triple.trigger is None else first_trigger + triple.trigger,
                    -1 if triple.target < 0 else first_actor + triple.target,
                )
            )
        if example.triples:
            told.append(_told(example, weight))
    batch = Batch(
        pieces,
        mask,
        owner,
        words,
        torch.tensor(actors, dtype=torch.long).reshape(-1, 4),
        torch.tensor(triggers, dtype=torch.long).reshape(-1, 2),
        torch.tensor(pairs, dtype=torch.long).reshape(-1, 2),
        torch.tensor(triples, dtype=torch.long).reshape(-1, 3),
    )
    sides = [torch.cat(side) for side in zip(*told, strict=True)] if told else [torch.zeros(0, size) for size in SIZES]
    return batch, Labels(spots, torch.cat(roles) if roles else torch.zeros(0, 3), *sides)


def _spots(example: Example, weight: float) -> Tensor:
    hard = functional.one_hot(torch.tensor(example.kinds), len(KINDS)).float()
    if example.soft is None:
        return hard
    soft = torch.zeros_like(hard)
    soft[:, 0] = 1
    for word, shares in example.soft.spots.items():
        soft[word] = torch.tensor(shares)
    return (1 - weight) * hard + weight * soft


def _told(example: Example, weight: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    columns = zip(*((t.kind, t.factuality, t.mode, t.domain) for t in example.triples), strict=True)
    soft = example.soft
    given = (soft.kinds, soft.factualities, soft.modes, soft.domains) if soft else (None,) * 4
    found = []
    for column, size, shares in zip(columns, SIZES, given, strict=True):
        index = torch.tensor(column)
        hard = functional.one_hot(index.clamp(min=0), size).float() * (index >= 0).unsqueeze(1)
        found.append(_mixed(hard, shares, weight))
    return found[0], found[1], found[2], found[3]


def _mixed(hard: Tensor, soft: list[list[float]] | None, weight: float) -> Tensor:
    """Gold and the teacher's word; where gold is silent the teacher speaks alone."""
    if soft is None:
        return hard
    told = torch.tensor(soft)
    if hard.shape[1] == len(ROLES):
        return (1 - weight) * hard + weight * told
    silent = hard.sum(1, keepdim=True) == 0
    return torch.where(silent, told, (1 - weight) * hard + weight * told)
