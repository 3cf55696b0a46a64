"""Fitting a network to labelled examples, with or without a teacher's probabilities, and scores on held-out ones."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from sklearn.metrics import f1_score
from torch import Tensor, nn
from torch.nn import functional

from dragoman.coding.labels import KINDS
from training.batches import Encoded, Labels, batches, collate
from training.network import Network, Outputs


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to fit."""

    epochs: int
    encoder_rate: float
    head_rate: float
    pieces: int = 512
    warmup: float = 0.06
    seed: int = 7
    weight_decay: float = 0.01


def loss_of(out: Outputs, labels: Labels) -> Tensor:
    """The weighted sum of the heads' cross entropies."""
    return (
        3 * _entropy(out.spots.flatten(0, 1), labels.spots.flatten(0, 1))
        + 3 * functional.binary_cross_entropy_with_logits(out.roles.float(), labels.roles)
        + 2 * _entropy(out.kinds, 0.96 * labels.kinds + 0.04 / labels.kinds.shape[1])
        + _entropy(out.factualities, labels.factualities)
        + 0.5 * _entropy(out.modes, labels.modes)
        + 0.5 * _entropy(out.domains, labels.domains)
    )


def _entropy(logits: Tensor, shares: Tensor) -> Tensor:
    """Mean cross entropy over the rows that are judged."""
    judged = shares.sum(1)
    return -(shares * logits.float().log_softmax(1)).sum() / judged.sum().clamp(min=1)


def fit(
    network: Network,
    encoded: Sequence[Encoded],
    plan: Plan,
    pad: int,
    say: Callable[[str], None],
    held_out: Sequence[Encoded] = (),
) -> None:
    """Fit by AdamW with warm-up and linear decay; the encoder computes in bfloat16."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": plan.encoder_rate},
            {"params": network.heads.parameters(), "lr": plan.head_rate},
        ],
        weight_decay=plan.weight_decay,
    )
    total = plan.epochs * sum(1 for _ in batches(encoded, plan.pieces, random.Random(0)))
    warm = max(1, int(total * plan.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / (total - warm + 1)))
    )
    started = time.time()
    for epoch in range(plan.epochs):
        network.train()
        losses = []
        for group in batches(encoded, plan.pieces, chance):
            batch, labels = collate(group, pad)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = network(batch)
            value = loss_of(out, labels)
            value.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(float(value.detach()))
        shown = scores(network, held_out, pad) if held_out else {}
        told = " ".join(f"{name} {score:.3f}" for name, score in shown.items())
        say(f"epoch {epoch + 1} loss {sum(losses) / len(losses):.3f} {told} {time.time() - started:.0f} s")


@torch.no_grad()
def scores(network: Network, encoded: Sequence[Encoded], pad: int) -> dict[str, float]:
    """Macro-F1 of types over triples with and without a given trigger, F1 of triggers and roles, other accuracies."""
    network.eval()
    kinds: list[tuple[int, int, bool]] = []
    spots: list[tuple[int, int]] = []
    roles: list[tuple[int, int]] = []
    hits: dict[str, list[bool]] = {"factuality": [], "mode": [], "domain": []}
    for group in batches(encoded, 4096, None):
        batch, labels = collate(group, pad)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = network(batch)
        given = (batch.triples[:, 1] >= 0).tolist()
        kinds += list(zip(labels.kinds.argmax(1).tolist(), out.kinds.argmax(1).tolist(), given, strict=True))
        judged = labels.spots.flatten(0, 1).sum(1) > 0
        right, found = labels.spots.flatten(0, 1).argmax(1), out.spots.flatten(0, 1).argmax(1)
        spots += list(zip(right[judged].tolist(), found[judged].tolist(), strict=True))
        for role in range(2):
            roles += list(
                zip((labels.roles[:, role] > 0.5).int().tolist(), (out.roles[:, role] > 0).int().tolist(), strict=True)
            )
        for name, logits, told in (
            ("factuality", out.factualities, labels.factualities),
            ("mode", out.modes, labels.modes),
            ("domain", out.domains, labels.domains),
        ):
            hits[name] += (logits.argmax(1) == told.argmax(1))[told.sum(1) > 0].tolist()
    every = range(1, len(KINDS))
    shown = {
        "trigger": _f1([(min(a, 1), min(b, 1)) for a, b in spots]),
        "roles": _f1([(int(a), b) for a, b in roles]),
    }
    for name, wanted in (("given", True), ("found", False)):
        some = [(a, b) for a, b, given in kinds if given == wanted]
        shown[f"kind_{name}"] = float(
            f1_score([a for a, _ in some], [b for _, b in some], average="macro", labels=list(every), zero_division=0)
        )
    return shown | {name: sum(right) / max(1, len(right)) for name, right in hits.items()}


def _f1(pairs: Sequence[tuple[int, int]]) -> float:
    right = sum(a and b for a, b in pairs)
    return 2 * right / max(1, sum(a for a, _ in pairs) + sum(b for _, b in pairs))
