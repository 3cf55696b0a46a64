"""How the coder bears up when a text is changed in ways that should, or should not, change the record.

`python -m evals.robustness` takes sentences of the training corpus that no network was fitted on, and paraphrases
written for this purpose; of those that the coder gets right it tells how many it still gets right after each change.
`--write` puts the table into docs/coding.md; `tests/evaluate/test_robustness.py` holds the rates above their floors.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.markup import NONE, Labelled, load
from training.split import is_held_out

from dragoman.coding import Coder, gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.records import Document, Mention

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpora" / "coding"
PARAPHRASES = HERE / "coding" / "paraphrases.jsonl"
DOCS = HERE.parent / "docs" / "coding.md"
START, END = "<!-- robustness -->", "<!-- end of robustness -->"
SEED = 11
NAMED = (NameKind.STATE, NameKind.CAPITAL)
WITH_ARTICLE = ("United ", "Netherlands", "Philippines", "Central African", "Czech Republic", "Dominican Republic")


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence with one event between two states that it names once each; `source` and `target` are its words."""

    text: str
    kind: str
    source: str
    target: str
    factuality: str

    def codes(self) -> tuple[str, str]:
        """The states' codes."""
        return states()[self.source], states()[self.target]


def states() -> dict[str, str]:
    """Names and capitals of states that name nothing else."""
    return {
        name: entries[0].actor.code
        for name, entries in gazetteer().names.items()
        if len(entries) == 1 and entries[0].kind in NAMED and entries[0].actor.code in gazetteer().states
    }


def plain_sentences(corpus: Sequence[Labelled]) -> Iterator[Plain]:
    """The held-out sentences that have just one event, from one state to another, each named once by a plain name.

    Where other words name one of the two as well ("a Chinese man", "President Trump"), exchanging the names would not
    exchange the sides; such sentences are left out.
    """
    known = states()
    for sentence in corpus:
        real = [event for event in sentence.events if event.type != NONE]
        if len(real) != 1 or not is_held_out(sentence.id):
            continue
        event = real[0]
        if len(event.sources) != 1 or len(event.targets) != 1 or event.factuality is None:
            continue
        names = [sentence.text[side.start : side.end] for side in (event.sources[0], event.targets[0])]
        plain = all(name in known and sentence.text.count(name) == 1 for name in names) and names[0] != names[1]
        if plain and not named_otherwise(sentence.text, names):
            yield Plain(sentence.text, event.type, names[0], names[1], event.factuality)


def named_otherwise(text: str, names: Sequence[str]) -> bool:
    """Whether words beside these names stand for the same states: adjectives, capitals, persons, organs."""
    rest = re.sub("|".join(map(re.escape, names)), "|", text)
    words = re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*|\|", rest)
    codes = {states()[name] for name in names}
    entries = gazetteer().names
    return any(
        entry.actor.code in codes
        for start in range(len(words))
        for end in range(start + 1, min(start + 5, len(words) + 1))
        for entry in entries.get(" ".join(words[start:end]), ())
    )


def plain_paraphrases() -> Iterator[Plain]:
    """The written wordings that name each side once by a plain name."""
    known = states()
    for line in PARAPHRASES.read_text("utf-8").splitlines():
        row = json.loads(line)
        for text in row["texts"]:
            sides = [
                [
                    name
                    for name, code in known.items()
                    if code == row[side] and re.search(rf"\b{re.escape(name)}\b", text)
                ]
                for side in ("source", "target")
            ]
            plain = all(len(names) == 1 and text.count(names[0]) == 1 for names in sides)
            if plain and not named_otherwise(text, [names[0] for names in sides]):
                factuality = "pledged" if row["type"] in ("AGREE", "THREATEN") else "actual"
                yield Plain(text, row["type"], sides[0][0], sides[1][0], factuality)


def coded(coder: Coder, text: str) -> list[Mention]:
    """The mentions in a text."""
    return list(coder.code(Document(None, None, text)).mentions)


def tells(mentions: Sequence[Mention], kind: str, source: str, target: str) -> list[Mention]:
    """The mentions of this type from one state to the other."""
    return [
        m
        for m in mentions
        if m.type == kind and source in {p.actor.code for p in m.source} and target in {p.actor.code for p in m.target}
    ]


def exchanged(text: str, one: str, other: str) -> str:
    """The text with two states in each other's place, a capital for a capital; an article goes with its name.

    "Villages in Poland" must not become "villages in Minsk": the parties change, not what kind of thing a word names.
    """
    found = {n: hit.group() if (hit := re.search(rf"\b[Tt]he {re.escape(n)}", text)) else n for n in (one, other)}
    put = {found[one]: alike(one, other, found[other]), found[other]: alike(other, one, found[one])}
    return re.sub("|".join(map(re.escape, put)), lambda hit: put[hit.group()], text)


def alike(name: str, other: str, written: str) -> str:
    """What the state of `other`, `written` so in the text, is called where `name` stands."""
    kinds = gazetteer().names
    if kinds[other][0].kind is kinds[name][0].kind:
        return written
    same = next(
        n for n, code in states().items() if code == states()[other] and kinds[n][0].kind is kinds[name][0].kind
    )
    return f"the {same}" if same.startswith(WITH_ARTICLE) and kinds[same][0].kind is NameKind.STATE else same


def renamed(item: Plain, chance: random.Random) -> tuple[str, str, str]:
    """The text with other states in both roles, and their codes."""
    free = sorted(name for name, code in states().items() if " " not in name and code not in item.codes())
    one, other = chance.sample(free, 2)
    while states()[one] == states()[other]:
        one, other = chance.sample(free, 2)
    text = item.text.replace(item.source, one).replace(item.target, other)
    return text, states()[one], states()[other]


def mistyped(item: Plain, chance: random.Random) -> str:
    """The text with two neighbouring letters of one long word exchanged, never of a name."""
    words = list(re.finditer(r"\b[a-z]{6,}\b", item.text))
    if not words:
        return item.text
    word = chance.choice(words)
    at = word.start() + chance.randrange(1, len(word.group()) - 2)
    return item.text[:at] + item.text[at + 1] + item.text[at] + item.text[at + 2 :]


def clause(text: str) -> str:
    """A sentence as a clause after "that": its first letter small unless it starts with a name."""
    first = text.split()[0]
    small = (
        first[0].lower() + first[1:]
        if first in ("The", "A", "An", "In", "On", "Its", "After", "Two", "Three")
        else first
    )
    return small + text[len(first) :]


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `n` sentences that were right before, how many stood the change; `floor` is what the tests ask for."""

    name: str
    right: int
    n: int
    expected: str

    @property
    def share(self) -> float:
        """Right of n."""
        return self.right / self.n if self.n else 0.0


def rates(coder: Coder) -> list[Rate]:
    """Every change with its rate."""
    chance = random.Random(SEED)
    items = [*plain_sentences(list(load(CORPUS))), *plain_paraphrases()]
    right = [item for item in items if tells(coded(coder, item.text), item.kind, *item.codes())]
    actual = [i for i in right if i.factuality == "actual" and i.kind not in ("AGREE", "THREATEN", "REJECT")]
    oneway = [i for i in right if not tells(coded(coder, i.text), i.kind, *i.codes()[::-1])]

    def swap(item: Plain) -> bool:
        text = exchanged(item.text, item.source, item.target)
        found = coded(coder, text)
        return bool(tells(found, item.kind, *item.codes()[::-1])) and not tells(found, item.kind, *item.codes())

    def rename(item: Plain) -> bool:
        text, one, other = renamed(item, chance)
        return bool(tells(coded(coder, text), item.kind, one, other))

    def typo(item: Plain) -> bool:
        return bool(tells(coded(coder, mistyped(item, chance)), item.kind, *item.codes()))

    def capitals(item: Plain) -> bool:
        return bool(tells(coded(coder, item.text.upper()), item.kind, *item.codes()))

    def under(prefix: str, wanted: str) -> Callable[[Plain], bool]:
        def check(item: Plain) -> bool:
            found = tells(coded(coder, prefix.format(item.source) + clause(item.text)), item.kind, *item.codes())
            return bool(found) and all(m.factuality == wanted for m in found)

        return check

    def unfact(prefix: str) -> Callable[[Plain], bool]:
        def check(item: Plain) -> bool:
            found = tells(coded(coder, prefix.format(item.source) + clause(item.text)), item.kind, *item.codes())
            return not any(m.factuality == "actual" for m in found)

        return check

    def told(name: str, some: Sequence[Plain], check: Callable[[Plain], bool], expected: str) -> Rate:
        return Rate(name, sum(check(item) for item in some), len(some), expected)

    found = [
        Rate("unchanged", len(right), len(items), "type, source and target are right"),
        told("source and target exchanged", oneway, swap, "they are exchanged in the record"),
        told("other states named", right, rename, "the same event between them"),
        told("a typing error", right, typo, "the same event"),
        told("all in capitals", right, capitals, "the same event"),
        told("“… denied that” before it", actual, unfact("{}'s government denied that "), "not told as a fact"),
        told(
            "“… denied that” before it, kept", actual, under("{}'s government denied that ", "denied"), "told as denied"
        ),
        told("“It is possible that” before it", actual, under("It is possible that ", "possible"), "possible"),
        told("“It is not true that” before it", actual, unfact("It is not true that "), "not told as a fact"),
    ]
    return [*found, paraphrased(coder)]


def paraphrased(coder: Coder) -> Rate:
    """Of the wordings of an event that has at least one coded right, how many others are."""
    right = total = 0
    for line in PARAPHRASES.read_text("utf-8").splitlines():
        row = json.loads(line)
        hits = [bool(tells(coded(coder, text), row["type"], row["source"], row["target"])) for text in row["texts"]]
        if any(hits):
            right += sum(hits) - 1
            total += len(hits) - 1
    return Rate("the same said otherwise", right, total, "the same event")


def table(found: Sequence[Rate]) -> str:
    """The rates as Markdown."""
    lines = ["| change | n | stands it | what should come out |", "|---|---|---|---|"]
    lines += [f"| {rate.name} | {rate.n} | {rate.share:.2f} | {rate.expected} |" for rate in found]
    return "\n".join(lines)


def main() -> int:
    """Print the table, or write it into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/coding.md")
    given = parser.parse_args()
    shown = table(rates(Coder()))
    sys.stdout.write(shown + "\n")
    if given.write:
        before, _, rest = DOCS.read_text("utf-8").partition(START)
        DOCS.write_text(f"{before}{START}\n{shown}\n{END}{rest.partition(END)[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
