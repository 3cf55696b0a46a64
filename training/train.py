"""Makes the student that ships: fits MiniLM on the corpus and the stored teacher's labels, exports and calibrates it.

`python -m training.train` from a fresh checkout with the extra `train`; fixed seeds; writes `coding/data/encoder/`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from dragoman.coding import Coder
from training import batches, examples, export, fitting, silver, teaching
from training.calibrate import fit_weights, rated_pairs
from training.card import write_card
from training.markup import Labelled, load
from training.network import Network
from training.split import is_held_out, share_of
from training.weights import minilm

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "coding"
LABELS = ROOT / "training" / "labels" / "teacher.jsonl.gz"
ENCODER = ROOT / "src" / "dragoman" / "coding" / "data" / "encoder"
PLAN = fitting.Plan(epochs=5, encoder_rate=1.2e-4, head_rate=1e-3)
ACCEPT = 0.36


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def training_examples(sentences: Sequence[Labelled], taught: Path | None) -> list[examples.Example]:
    """The corpus with gold labels, mixed with the teacher's where it has them, and the teacher's own text."""
    own = list(examples.build(sentences))
    if taught is None:
        return own
    stored = {example.id: example for example in teaching.read(taught, batches.SIZES)}
    for example in own:
        found = stored.pop(example.id, None)
        same = (
            found is not None
            and found.words == example.words
            and found.triggers == example.triggers
            and len(found.triples) == len(example.triples)
        )
        if found is not None and same and len(found.roles) == len(example.roles):
            example.soft = found.soft
    return own + [example for _, example in sorted(stored.items())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, export, calibrate, write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cache", type=Path, default=ROOT / "build" / "weights", help="where pretrained weights are kept"
    )
    parser.add_argument("--epochs", type=int, default=PLAN.epochs)
    parser.add_argument("--gold-only", action="store_true", help="fit on the corpus alone (for the learning curve)")
    parser.add_argument("--share", type=float, default=1.0, help="of the corpus (for the learning curve)")
    parser.add_argument("--dry", action="store_true", help="score on held-out text and write nothing")
    parser.add_argument("--calibrate-only", action="store_true", help="fit the confidence of the encoder that is there")
    given = parser.parse_args(arguments)
    if given.calibrate_only:
        held = [sentence for sentence in load(CORPUS) if is_held_out(sentence.id)]
        say(f"calibrated on {fit_weights(list(rated_pairs(held, Coder())), ENCODER / 'weights.json', ACCEPT)}")
        return 0
    torch.set_num_threads(2)
    started = time.time()
    corpus = list(load(CORPUS))
    kept = [s for s in corpus if not is_held_out(s.id)]
    held = [s for s in corpus if is_held_out(s.id)]
    kept = [s for s in kept if share_of(s.id) < given.share]
    weights = minilm(given.cache)
    tokenizer = Tokenizer.from_file(str(weights.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    text = kept if given.gold_only else [*kept, *silver.lexicon_examples()]
    encoded = batches.encode(training_examples(text, None if given.gold_only else LABELS), tokenizer)
    held_out = batches.encode(list(examples.build(held)), tokenizer)
    say(f"{len(kept)} sentences, {len(encoded)} examples with the teacher's and the lexicon's, {len(held)} held out")
    torch.manual_seed(PLAN.seed)
    model = AutoModel.from_pretrained(str(weights.folder), add_pooling_layer=False, attn_implementation="eager")
    network = Network(model, model.config.hidden_size)
    plan = replace(PLAN, epochs=given.epochs)
    fitting.fit(network, encoded, plan, 0, say, held_out)
    scores = fitting.scores(network, held_out, 0)
    if given.dry:
        sys.stdout.write(json.dumps({"sentences": len(kept), **{k: round(v, 4) for k, v in scores.items()}}) + "\n")
        return 0
    torch.save(network.state_dict(), given.cache / "student.pt")
    sizes = export.export(network, ENCODER)
    shutil.copy(weights.tokenizer, ENCODER / "tokenizer.json")
    say(f"exported {sum(sizes.values()) / 1e6:.1f} MB")
    calibration = fit_weights(list(rated_pairs(held, Coder())), ENCODER / "weights.json", ACCEPT)
    say(f"calibrated on {calibration}")
    write_card(ENCODER / "CARD.md", corpus, len(encoded), scores, calibration, sizes)
    say(f"done in {time.time() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
