"""The predicate lexicon: frames such as `S supply {arms} to T`, read from data files.

A frame is a canonical active clause. Grammar, words parted by single blanks:

- `S` or `S+T` first: the source is the subject, or both parties are (reciprocal); `T` first: the subject is the target
  and an `S` follows (`T receive S`, `T obtain {arms} from S`);
- a verb lemma, alternatives with `/`, particle with `+` (`call+off`);
- at most one object: `T`, `{class}`, noun lemmas, `T's {class}`, or `*` for any noun;
- `prep T`, `prep {class}`, `prep noun`, alternatives of prepositions with `/`;
- `TO-DO`, `THAT`, `DOING` for an infinitive, a that-clause, a gerund after of or from;
- `noun:` first for nominal frames: `noun: S's attack/raid on T`, `noun: talks between S+T`,
  `noun: S+T's coordination` where "both countries" elsewhere in the sentence may name the parties.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from dragoman.coding.ontology import ontology
from dragoman.errors import DataError
from dragoman.terms import Domain, EventType

_PLAIN = "to with from against on over in into of for at by about near off between inside across toward towards"
_LONGER = "around through under onto upon within behind along among before beyond outside as during after amid"
_RARER = "via past without above below"
PREPOSITIONS = frozenset(f"{_PLAIN} {_LONGER} {_RARER}".split())
ONE_WAY_MODES = frozenset({"visit", "phone"})
SIGNING_VERBS = frozenset(
    "sign conclude ink establish restore resume reach strike clinch agree negotiate finalise finalize make".split()
)
MUTUAL_VERBS = frozenset({"meet", "fight", "battle"})
COMPLEMENTS = frozenset({"TO-DO", "THAT", "DOING"})


@dataclass(frozen=True, slots=True)
class Filler:
    """What may stand in a slot: the target, a word of a set, or any noun; `owned` means that T owns it."""

    target: bool = False
    words: frozenset[str] = frozenset()
    anything: bool = False
    owned: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of the lexicon, ready for matching."""

    text: str
    type: EventType
    heads: tuple[str, ...]
    nominal: bool
    reciprocal: bool
    particles: Mapping[str, str]
    object: Filler | None
    second: Filler | None
    prepositions: tuple[tuple[frozenset[str], Filler], ...]
    complement: str | None
    mode: str | None
    domain: Domain | None
    example: str
    turned: bool = False

    @property
    def specificity(self) -> int:
        """More is more specific; of several frames that match one word the most specific wins."""
        points = 4 * len(self.prepositions) + (3 if self.particles else 0) + (2 if self.complement else 0)
        points += 1 if self.reciprocal else 0 if self.has_target else -4
        for filler in (self.object, self.second, *(filler for _, filler in self.prepositions)):
            if filler is not None:
                points += 3 if filler.words else 1 if filler.anything else 2
        return points

    @property
    def has_target(self) -> bool:
        """Whether the frame has a place for the target."""
        fillers = [self.object, self.second, *(filler for _, filler in self.prepositions)]
        return self.reciprocal or any(filler and (filler.target or filler.owned) for filler in fillers)

    @property
    def mutual(self) -> bool:
        """Whether what one does with the other, the other does too: talks, joint work, a fight, a signature."""
        if self.reciprocal or self.turned or self.mode in ONE_WAY_MODES:
            return self.reciprocal
        together = any("with" in words and filler.target for words, filler in self.prepositions)
        heads = set(self.heads)
        if self.type in (EventType.CONSULT, EventType.ASSAULT):
            return together or bool(heads & MUTUAL_VERBS)
        if self.type in (EventType.SUPPORT, EventType.AGREE, EventType.CONCEDE):
            return together and bool(heads & SIGNING_VERBS)
        return together and self.type is EventType.COOPERATE


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All frames, by the lemma that a match starts from."""

    frames: tuple[Frame, ...]
    verbs: Mapping[str, tuple[Frame, ...]]
    nouns: Mapping[str, tuple[Frame, ...]]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    data = files("dragoman.coding").joinpath("data")
    classes = load_classes(data.joinpath("classes.toml"))
    frames: list[Frame] = []
    folder = data.joinpath("predicates")
    for kind in EventType:
        frames.extend(load_frames(folder.joinpath(f"{kind.value.lower()}.toml"), kind, classes))
    return index(frames)


def load_classes(source: Traversable) -> Mapping[str, frozenset[str]]:
    """The word classes: name to lower-case lemmas or noun phrases."""
    return {name: frozenset(words) for name, words in tomllib.loads(source.read_text("utf-8"))["classes"].items()}


def load_frames(source: Traversable, kind: EventType, classes: Mapping[str, frozenset[str]]) -> Iterable[Frame]:
    """The frames of one file; a malformed entry is a `DataError` that names file and frame."""
    for entry in tomllib.loads(source.read_text("utf-8")).get("predicate", ()):
        try:
            yield parse_frame(entry, kind, classes)
        except (KeyError, ValueError) as error:
            found = entry.get("frame", entry)
            raise DataError(f"{source.name}: the entry {found!r} is not a frame: {error}") from error


def parse_frame(entry: Mapping[str, str], kind: EventType, classes: Mapping[str, frozenset[str]]) -> Frame:
    """One frame from its entry; raises ValueError or KeyError where the grammar is not kept."""
    text = entry["frame"]
    mode = entry.get("mode") or None
    if mode is not None and mode not in ontology()[kind].modes:
        raise ValueError(f"{kind} has no mode {mode!r}; it has {', '.join(ontology()[kind].modes) or 'none'}")
    domain = Domain(entry["domain"]) if entry.get("domain") else None
    words = text.split()
    nominal = words[0] == "noun:"
    if nominal:
        words = words[1:]
    turned = words[0] == "T"
    if turned:
        words = [{"S": "T", "T": "S"}.get(word, word) for word in words]
        if "T" not in words:
            raise ValueError("a frame that starts with T has an S after the verb")
    reciprocal = "S+T" in words or "S+T's" in words
    particles: dict[str, str | None] = {}
    if nominal:
        head_at = 1 if words[0] in ("S's", "S+T's") else 0
        heads = words[head_at]
        rest = words[head_at + 1 :]
    else:
        if words[0] not in ("S", "S+T"):
            raise ValueError("a frame starts with S, S+T or noun:")
        heads = words[1]
        rest = words[2:]
        particles = {choice.partition("+")[0]: choice.partition("+")[2] or None for choice in heads.split("/")}
        heads = "/".join(particles)
    objects: list[Filler] = []
    prepositions: list[tuple[frozenset[str], Filler]] = []
    complement = None
    while rest:
        word = rest.pop(0)
        if word == "out" and rest and rest[0] == "of":
            continue
        choices = frozenset(word.split("/"))
        if word in COMPLEMENTS:
            complement = word
        elif choices <= PREPOSITIONS and rest and rest[0] in COMPLEMENTS:
            complement = rest.pop(0)
        elif choices <= PREPOSITIONS and rest:
            filler, rest = _filler(rest, classes)
            prepositions.append((choices, filler))
        else:
            filler, rest = _filler([word, *rest], classes)
            objects.append(filler)
    if nominal and objects:
        raise ValueError("a nominal frame has prepositional parts only")
    if len(objects) > 2:
        raise ValueError("a frame has at most two objects")
    # The whole word may be a class: `noun: S's {visit} to T`.
    lemmas = _words(heads, classes)
    return Frame(
        text=text,
        type=kind,
        heads=tuple(sorted(lemmas)),
        nominal=nominal,
        reciprocal=reciprocal,
        particles=MappingProxyType(
            {head.replace("-", " "): particle for head, particle in particles.items() if particle}
        ),
        object=objects[0] if objects else None,
        second=objects[1] if len(objects) > 1 else None,
        prepositions=tuple(prepositions),
        complement=complement,
        mode=mode,
        domain=domain,
        example=entry["example"],
        turned=turned,
    )


def index(frames: Iterable[Frame]) -> Lexicon:
    """The frames by head lemma, most specific first."""
    verbs: dict[str, list[Frame]] = defaultdict(list)
    nouns: dict[str, list[Frame]] = defaultdict(list)
    frames = tuple(frames)
    for frame in frames:
        for head in frame.heads:
            # A nominal head of several words is found by its last one.
            (nouns if frame.nominal else verbs)[head.replace("-", " ").split()[-1]].append(frame)
    return Lexicon(frames, *({head: _ranked(group) for head, group in side.items()} for side in (verbs, nouns)))


def _ranked(frames: list[Frame]) -> tuple[Frame, ...]:
    return tuple(sorted(frames, key=lambda frame: (-frame.specificity, frame.text)))


def _words(text: str, classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    for word in text.split("/"):
        if word.startswith("{") and word.endswith("}"):
            found |= classes[word[1:-1]]
        else:
            found.add(word.replace("-", " "))
    return frozenset(found)


def _filler(rest: list[str], classes: Mapping[str, frozenset[str]]) -> tuple[Filler, list[str]]:
    """One slot from the front of `rest`, and what is left."""
    word, *left = rest
    if word == "T":
        return Filler(target=True), left
    if word == "S+T":
        return Filler(target=True), left
    if word == "*":
        return Filler(anything=True), left
    if word == "T's":
        if not left:
            raise ValueError("T's needs a noun after it")
        return Filler(owned=True, words=frozenset() if left[0] == "*" else _words(left[0], classes)), left[1:]
    return Filler(words=_words(word, classes)), left
