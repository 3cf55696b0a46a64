"""The fitted student as four small ONNX graphs with 8-bit weights, which the coder runs one after the other.

`encoder` reads word pieces; `spot` finds triggers; `role` asks who is who towards a trigger; `judge` gives the type,
factuality, mode and domain of triples. Only the encoder is large, and it runs once a sentence.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.network import Heads, Network


class Encoder(nn.Module):
    """Word pieces of one sentence to their vectors, 1 x L to L x size."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces: Tensor) -> Tensor:
        """The graph."""
        hidden = self.encoder.embeddings(input_ids=pieces)
        for layer in self.encoder.encoder.layer:
            out = layer(hidden)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden[0]


class Spot(nn.Module):
    """Words W x size to trigger logits W x 17."""

    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.heads = heads

    def forward(self, words: Tensor) -> Tensor:
        """The graph."""
        return self.heads.spot(words)


class Role(nn.Module):
    """Pairs of trigger words and actors to role logits."""

    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.heads = heads

    def forward(self, words: Tensor, head: Tensor, mean: Tensor, trigger: Tensor, actor: Tensor, gap: Tensor) -> Tensor:
        """The graph."""
        actors = torch.tanh(self.heads.actor(torch.cat([words[head], mean], 1)))
        triggers = torch.tanh(self.heads.trigger(words[trigger]))
        return self.heads.roles(triggers, actors[actor], gap)


class Judge(nn.Module):
    """Triples to logits; a target index equal to the number of actors is nobody, a trigger below 0 is to be found."""

    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.heads = heads

    def forward(
        self, words: Tensor, head: Tensor, mean: Tensor, source: Tensor, trigger: Tensor, target: Tensor
    ) -> tuple[Tensor, ...]:
        """The graph."""
        actors = torch.tanh(self.heads.actor(torch.cat([words[head], mean], 1)))
        actors = torch.cat([actors, self.heads.nobody.unsqueeze(0)], 0)
        first, second = actors[source], actors[target]
        query = self.heads.query(torch.cat([first, second], 1))
        weights = (query @ self.heads.key(words).T / self.heads.query.out_features**0.5).softmax(1)
        seen = weights @ words
        context = torch.tanh(self.heads.value(seen))
        free = (trigger < 0).unsqueeze(1)
        word = torch.where(free, seen, words[trigger.clamp(min=0)])
        given = torch.where(free, context, torch.tanh(self.heads.trigger(word)))
        return self.heads.judge(first, given, second, context, word)


def export(network: Network, folder: Path) -> dict[str, int]:
    """Write `encoder.onnx`, `spot.onnx`, `role.onnx` and `judge.onnx`; returns their sizes in bytes."""
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    size = network.heads.trigger.in_features
    words, mean = torch.randn(9, size), torch.randn(3, size)
    head, two = torch.tensor([0, 2, 5]), torch.tensor([0, 1, 2, 0])
    trigger = torch.tensor([3, 4, 3, 4])
    count = {0: "words"}
    some = {0: "actors"}
    asked = {0: "asked"}
    _write(
        folder / "encoder.onnx",
        Encoder(network.encoder),
        {"pieces": (torch.randint(1000, 9000, (1, 12)), {1: "pieces"})},
        ["hidden"],
    )
    _write(folder / "spot.onnx", Spot(network.heads), {"words": (words, count)}, ["kinds"])
    _write(
        folder / "role.onnx",
        Role(network.heads),
        {
            "words": (words, count),
            "head": (head, some),
            "mean": (mean, some),
            "trigger": (trigger, asked),
            "actor": (two, asked),
            "gap": (two, asked),
        },
        ["roles"],
    )
    _write(
        folder / "judge.onnx",
        Judge(network.heads),
        {
            "words": (words, count),
            "head": (head, some),
            "mean": (mean, some),
            "source": (two, asked),
            "trigger": (torch.tensor([3, 4, -1, 4]), asked),
            "target": (torch.tensor([1, 2, 3, 3]), asked),
        },
        ["kinds", "factualities", "modes", "domains"],
    )
    return {path.name: path.stat().st_size for path in sorted(folder.glob("*.onnx"))}


def _write(path: Path, module: nn.Module, inputs: dict[str, tuple[Tensor, dict[int, str]]], outputs: list[str]) -> None:
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / path.name
        torch.onnx.export(
            module.eval(),
            tuple(value for value, _ in inputs.values()),
            str(plain),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes={name: axes for name, (_, axes) in inputs.items()},
            dynamo=False,
            opset_version=17,
        )
        quantize_dynamic(str(plain), str(path), weight_type=QuantType.QInt8, per_channel=True)
    model = onnx.load(str(path))
    model.producer_version = ""
    onnx.save(model, str(path))
