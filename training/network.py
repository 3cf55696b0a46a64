"""The network: a pretrained encoder read once per sentence, and heads over the vectors of words and actor spans.

Teacher (MPNet-base) and student (MiniLM-L6) are the same but for the encoder's size, so that their outputs line up.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dragoman.coding.labels import DISTANCES, DOMAINS, FACTUALITIES, KINDS, MODES, ROLES

WIDTH = 256
"""Size of the vectors that the heads compare."""


@dataclass(slots=True)
class Batch:
    """Sentences padded to one length, and flat lists of what is asked about them."""

    pieces: Tensor
    """Word pieces, B x L."""
    mask: Tensor
    """1 for a piece, 0 for padding, B x L."""
    owner: Tensor
    """The word of every piece, B x L; the number of words for pieces of none."""
    words: int
    """The most words in a sentence."""
    actors: Tensor
    """A x 4: sentence, first word, word after the last, head word."""
    triggers: Tensor
    """P x 2: sentence, word."""
    pairs: Tensor
    """R x 2: trigger, actor."""
    triples: Tensor
    """T x 3: source, trigger (-1: to be found), target (-1: nobody)."""


def small(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    """A head with one hidden layer."""
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.GELU(), nn.Dropout(dropout), nn.Linear(WIDTH, outputs))


class Heads(nn.Module):
    """Everything above the encoder; takes word vectors, gives logits."""

    def __init__(self, size: int, dropout: float = 0.15) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.spot = small(size, len(KINDS), dropout)
        self.trigger = nn.Linear(size, WIDTH)
        self.actor = nn.Linear(2 * size, WIDTH)
        self.nobody = nn.Parameter(torch.zeros(WIDTH))
        self.distance = nn.Embedding(len(DISTANCES) + 1, 32)
        self.query = nn.Linear(2 * WIDTH, WIDTH)
        self.key = nn.Linear(size, WIDTH)
        self.value = nn.Linear(size, WIDTH)
        self.role = small(3 * WIDTH + 32, len(ROLES), dropout)
        self.mix = nn.Sequential(nn.Linear(7 * WIDTH, 2 * WIDTH), nn.GELU(), nn.Dropout(dropout))
        self.kind = nn.Linear(2 * WIDTH, len(KINDS))
        self.factuality = nn.Linear(2 * WIDTH, len(FACTUALITIES))
        self.mode = nn.Linear(2 * WIDTH, len(MODES))
        self.domain = nn.Linear(2 * WIDTH, len(DOMAINS))

    def actor_vectors(self, words: Tensor, actors: Tensor) -> Tensor:
        """A x WIDTH: the head word beside the mean of the span."""
        sums = torch.cat([words.new_zeros(words.shape[0], 1, words.shape[2]), words.cumsum(1)], 1)
        at, start, end, head = actors.unbind(1)
        mean = (sums[at, end] - sums[at, start]) / (end - start).clamp(min=1).unsqueeze(1)
        return torch.tanh(self.actor(torch.cat([words[at, head], mean], 1)))

    def trigger_vectors(self, words: Tensor, triggers: Tensor) -> Tensor:
        """P x WIDTH."""
        return torch.tanh(self.trigger(words[triggers[:, 0], triggers[:, 1]]))

    def roles(self, trigger: Tensor, actor: Tensor, distance: Tensor) -> Tensor:
        """R x 3: logits of source, target, claimant, each by itself."""
        return self.role(torch.cat([trigger, actor, trigger * actor, self.distance(distance)], 1))

    def find(self, source: Tensor, target: Tensor, words: Tensor, blank: Tensor) -> tuple[Tensor, Tensor]:
        """T x WIDTH and T x size: what the sentence says between two actors, read by attention over its words."""
        query = self.query(torch.cat([source, target], 1)).unsqueeze(1)
        weights = (query * self.key(words)).sum(2) / WIDTH**0.5
        weights = weights.masked_fill(blank, -1e4).softmax(1)
        seen = (weights.unsqueeze(2) * words).sum(1)
        return torch.tanh(self.value(seen)), seen

    def judge(
        self, source: Tensor, trigger: Tensor, target: Tensor, context: Tensor, word: Tensor
    ) -> tuple[Tensor, ...]:
        """Logits of type, factuality, mode and domain of triples; what `word` says by itself is where type starts."""
        mixed = self.mix(
            torch.cat([source, trigger, target, context, source * trigger, trigger * target, source * target], 1)
        )
        return self.kind(mixed) + self.spot(word), self.factuality(mixed), self.mode(mixed), self.domain(mixed)


@dataclass(slots=True)
class Outputs:
    """Logits: B x W x 17 of words as triggers, R x 3 of roles, and of triples T x 17, 4, modes, domains."""

    spots: Tensor
    roles: Tensor
    kinds: Tensor
    factualities: Tensor
    modes: Tensor
    domains: Tensor


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: nn.Module, size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = Heads(size)

    def word_vectors(self, batch: Batch) -> Tensor:
        """B x words x size: the mean over each word's pieces."""
        hidden = self.encoder(input_ids=batch.pieces, attention_mask=batch.mask).last_hidden_state.float()
        return gather_words(hidden, batch.owner, batch.words)

    def forward(self, batch: Batch) -> Outputs:
        """All logits."""
        heads = self.heads
        words = heads.dropout(self.word_vectors(batch))
        actors = heads.actor_vectors(words, batch.actors)
        triggers = heads.trigger_vectors(words, batch.triggers)
        asked = batch.pairs
        gap = batch.actors[asked[:, 1], 3] - batch.triggers[asked[:, 0], 1]
        roles = heads.roles(triggers[asked[:, 0]], actors[asked[:, 1]], bucket(gap))
        source, trigger, target = batch.triples.unbind(1)
        first = actors[source]
        second = torch.where((target < 0).unsqueeze(1), heads.nobody.unsqueeze(0), actors[target.clamp(min=0)])
        sentence = batch.actors[source, 0]
        used = torch.zeros(words.shape[0], words.shape[1] + 1, dtype=torch.bool)
        used.scatter_(1, batch.owner, True)
        context, seen = heads.find(first, second, words[sentence], ~used[sentence, :-1])
        free = (trigger < 0).unsqueeze(1)
        at = batch.triggers[trigger.clamp(min=0)]
        given = torch.where(free, context, triggers[trigger.clamp(min=0)])
        word = torch.where(free, seen, words[at[:, 0], at[:, 1]])
        kinds, factualities, modes, domains = heads.judge(first, given, second, context, word)
        return Outputs(heads.spot(words), roles, kinds, factualities, modes, domains)


def gather_words(hidden: Tensor, owner: Tensor, words: int) -> Tensor:
    """The mean of each word's piece vectors, B x words x size; pieces whose owner is `words` belong to none."""
    shape = (hidden.shape[0], words + 1, hidden.shape[2])
    index = owner.unsqueeze(2).expand_as(hidden)
    sums = hidden.new_zeros(shape).scatter_add(1, index, hidden)
    counts = hidden.new_zeros(shape[:2]).scatter_add(1, owner, torch.ones_like(owner, dtype=hidden.dtype))
    return (sums / counts.clamp(min=1).unsqueeze(2))[:, :words]


def bucket(gap: Tensor) -> Tensor:
    """The bucket of a distance in words."""
    return torch.bucketize(gap, torch.tensor(DISTANCES), right=True)
