"""Makes the teacher's labels: fits MPNet-base on the corpus and lets it label that and much unlabelled project text.

`python -m training.train_teacher` with the extra `train`; fixed seeds; writes `training/labels/teacher.jsonl.gz`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from training import batches, examples, fitting, silver, swaps, teaching
from training.markup import load
from training.network import Network
from training.split import is_held_out
from training.train import CORPUS, LABELS, ROOT, say
from training.weights import mpnet

PLAN = fitting.Plan(epochs=3, encoder_rate=4e-5, head_rate=8e-4, pieces=640)
PAD = 1
COPIES, JOINS = 1, 2500


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the teacher and store its labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cache", type=Path, default=ROOT / "build" / "weights", help="where pretrained weights are kept"
    )
    parser.add_argument("--epochs", type=int, default=PLAN.epochs)
    parser.add_argument("--label-only", action="store_true", help="label with the teacher that was fitted before")
    given = parser.parse_args(arguments)
    torch.set_num_threads(2)
    started = time.time()
    corpus = list(load(CORPUS))
    kept = [s for s in corpus if not is_held_out(s.id)]
    held = [s for s in corpus if is_held_out(s.id)]
    weights = mpnet(given.cache)
    tokenizer = Tokenizer.from_file(str(weights.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    gold = list(examples.build([*kept, *silver.lexicon_examples()]))
    encoded = batches.encode(gold, tokenizer)
    held_out = batches.encode(list(examples.build(held)), tokenizer)
    say(f"{len(encoded)} sentences, {len(held_out)} held out")
    torch.manual_seed(PLAN.seed)
    model = AutoModel.from_pretrained(str(weights.folder), add_pooling_layer=False)
    network = Network(model, model.config.hidden_size)
    model.embeddings.requires_grad_(False)
    plan = replace(PLAN, epochs=given.epochs)
    fitted = given.cache / "teacher.pt"
    if given.label_only:
        network.load_state_dict(torch.load(fitted))
    else:
        fitting.fit(network, encoded, plan, PAD, say, held_out)
        torch.save(network.state_dict(), fitted)
    scores = fitting.scores(network, held_out, PAD)
    loose = list(silver.dispatch_sentences(ROOT / "corpora" / "dispatches"))
    for example in examples.build(list(swaps.copies(kept, PLAN.seed, COPIES, JOINS))):
        example.gold, example.roles, example.triples = False, [], []
        loose.append(example)
    everything = [*encoded, *batches.encode(loose, tokenizer)]
    teaching.teach(network, everything, PAD, PLAN.seed)
    LABELS.parent.mkdir(exist_ok=True)
    teaching.write(LABELS, [item.example for item in everything])
    LABELS.with_name("teacher.json").write_text(
        json.dumps({"sentences": len(encoded), "labelled": len(everything), "scores": scores}, indent=1) + "\n", "utf-8"
    )
    say(f"{len(everything)} sentences labelled in {time.time() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
