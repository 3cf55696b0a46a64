"""Scores the merging of reports into events against gold groups of confusable reports.

`score_merging` judges what the record gets: coder and rule together, over the reports in which the coder finds the
gold event. `score_rule` judges the rule alone, over all reports: parties, type and factuality are gold's, the rest is
what the coder found in the sentence. Measures: B-cubed precision and recall (Bagga and Baldwin, "Entity-based
cross-document coreferencing using the vector space model", COLING-ACL 1998), and those of the pairwise decisions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from dragoman.coding import Coder, gazetteer
from dragoman.coding.dates import expressions
from dragoman.coding.encoder import encoder
from dragoman.coding.gazetteer import NameKind
from dragoman.coding.ontology import intensity, ontology
from dragoman.errors import DataError, UsageError
from dragoman.evaluate.events import coded_pairs
from dragoman.periods import Period, parse_day
from dragoman.records import Actor, Document, Mention, Party, Span
from dragoman.relate import Report, credit_of, merge_mentions, signature
from dragoman.terms import DateBasis, EventType, Factuality

PROMISES = frozenset({EventType.AGREE, EventType.THREATEN})
"""Types whose own words lie in the past though what they promise lies ahead."""


@dataclass(frozen=True, slots=True)
class GoldReport:
    """One report of a group; `happening` is the label of what it reports, `types` are the acceptable ones."""

    id: str
    document: Document
    source: str
    target: str
    types: tuple[EventType, ...]
    factuality: Factuality
    happening: str


@dataclass(frozen=True, slots=True)
class GoldGroup:
    """Reports that could be taken for one another."""

    id: str
    reports: tuple[GoldReport, ...]


def load_groups(path: Path) -> list[GoldGroup]:
    """The groups of a JSON Lines file; a malformed line is a `DataError` that names it."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}; name a JSON Lines file of groups of reports.")
    groups = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            groups.append(GoldGroup(str(row["id"]), tuple(_gold_report(report) for report in row["reports"])))
        except (KeyError, TypeError, ValueError, UsageError) as error:
            raise DataError(f"{path.name} line {number} is not a group of reports: {error!r}.") from error
    return groups


def score_merging(groups: Sequence[GoldGroup], coder: Coder | None = None) -> dict[str, Any]:
    """Scores of coder and rule together, 0 to 1, higher is better; `unmatched` are reports without the gold event.

    Keys: groups, reports, matched, unmatched, happenings, decisions, bcubed and pairwise (each precision, recall, f1),
    wrong (the wrong decisions with their texts).
    """
    coder = coder or Coder()
    found = {gold.id: coded_report(gold, coder) for group in groups for gold in group.reports}
    return score_groups(groups, {key: report for key, report in found.items() if report is not None})


def score_rule(groups: Sequence[GoldGroup], coder: Coder | None = None) -> dict[str, Any]:
    """Scores of the rule alone over all reports; the keys of `score_merging`."""
    coder = coder or Coder()
    return score_groups(groups, {gold.id: gold_report(gold, coder) for group in groups for gold in group.reports})


def score_groups(groups: Sequence[GoldGroup], reports: Mapping[str, Report]) -> dict[str, Any]:
    """The scores of merging these reports, by gold id, within their groups."""
    gold: dict[str, str] = {}
    told: dict[str, str] = {}
    decisions: list[tuple[GoldReport, GoldReport]] = []
    for group in groups:
        members = [report for report in group.reports if report.id in reports]
        gold |= {report.id: f"{group.id} {report.happening}" for report in members}
        names = {reports[report.id].mention.id: report.id for report in members}
        for event in merge_mentions(reports[report.id] for report in members):
            told |= {names[mention]: event.id for mention in event.mentions}
        decisions += combinations(members, 2)
    every = [report.id for group in groups for report in group.reports]
    wrong = [pair for pair in decisions if _same(gold, pair) is not _same(told, pair)]
    return {
        "groups": len(groups),
        "reports": len(every),
        "matched": len(gold),
        "unmatched": [key for key in every if key not in gold],
        "happenings": len(set(gold.values())),
        "decisions": len(decisions),
        "same": sum(_same(gold, pair) for pair in decisions),
        "bcubed": b_cubed(gold, told),
        "pairwise": _pairwise(decisions, gold, told),
        "wrong": [_decision(pair, _same(gold, pair)) for pair in wrong],
    }


def b_cubed(gold: Mapping[str, str], told: Mapping[str, str]) -> dict[str, float | None]:
    """Precision, recall and F1 of a clustering, means over items; both mappings give an item's cluster.

    Source: Bagga and Baldwin, COLING-ACL 1998: an item's precision is the share of its told cluster that is of its gold
    cluster, its recall the share of its gold cluster that is in its told one. None without items.
    """
    if not gold:
        return {"precision": None, "recall": None, "f1": None}
    precision = recall = 0.0
    for item in gold:
        own = {other for other in gold if gold[other] == gold[item]}
        put = {other for other in gold if told[other] == told[item]}
        precision += len(own & put) / len(put) / len(gold)
        recall += len(own & put) / len(own) / len(gold)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }


def coded_report(gold: GoldReport, coder: Coder) -> Report | None:
    """The report of the gold event that the coder finds in the text, the surest; None if it finds none."""
    fitting = [m for m in coder.code(gold.document).mentions if _fit(gold, m) == (True, True)]
    if not fitting:
        return None
    best = min(fitting, key=lambda m: (m.factuality is not gold.factuality, -(m.confidence or 0), m.id))
    return _report(best, gold.document)


def gold_report(gold: GoldReport, coder: Coder) -> Report:
    """A report with gold's parties, first type and factuality; when, where, what about and how worded, as coded.

    Those are lent by the coder's mention that fits best; the date only by one of the same parties or of the type, else
    it is the only one in the sentence.
    """
    mentions = coder.code(gold.document).mentions
    best = min(mentions, key=lambda m: ([not fits for fits in _fit(gold, m)], m.id), default=None)
    sentence = best.sentence if best else _first_sentence(gold.document, coder)
    kind = gold.types[0]
    by_hand = Mention(
        document_id=gold.document.id,
        sentence=sentence,
        predicate=best.predicate if best else sentence,
        source=(_party(gold.source, best.source if best else (), sentence),),
        target=(_party(gold.target, best.target if best else (), sentence),) if gold.target else (),
        type=kind,
        mode=None,
        quad=ontology()[kind].quad,
        intensity=intensity(kind, None),
        factuality=gold.factuality,
        claimants=(),
        date=None,
        date_span=None,
        place=best.place if best else None,
        domain=best.domain if best else None,
        contexts=(),
        quotes=(),
        rules=("gold",),
        coder_version=coder.version,
        vector=best.vector if best else encoder().read(gold.document.slice(sentence).split()).summary(),
    )
    date = best.date if best and any(_fit(gold, best)) else None
    return _report(replace(by_hand, date=date or _only_date(gold, sentence)), gold.document)


def _gold_report(row: Mapping[str, Any]) -> GoldReport:
    types = tuple(EventType(kind) for kind in row["types"])
    if not types:
        raise KeyError("types")
    document = Document(
        title=None,
        standfirst=None,
        body=row["text"],
        publisher=row["outlet"],
        published=Period(parse_day(row["published"])),
        published_basis=DateBasis.STATED,
    )
    factuality = Factuality(row.get("factuality", Factuality.ACTUAL))
    return GoldReport(row["id"], document, row["source"], row["target"], types, factuality, row["happening"])


def _report(mention: Mention, document: Document) -> Report:
    sentence = document.slice(mention.sentence)
    credit = credit_of(document, sentence)
    return Report(mention, document.publisher, document.available, sentence, (), credit, signature(document))


def _fit(gold: GoldReport, mention: Mention) -> tuple[bool, bool]:
    """Whether a mention has gold's parties, and whether it has one of its types."""
    (event,) = merge_mentions([Report(mention, None, None, "")])
    pairs = coded_pairs(event)
    parties = any(gold.source in pair.source and (not gold.target or gold.target in pair.target) for pair in pairs)
    return parties, mention.type in gold.types


def _party(label: str, found: Sequence[Party], sentence: Span) -> Party:
    """Gold's party as the text calls it where the coder has found it, else by its label alone."""
    actor = _actor(label)
    return next((party for party in found if party.actor.key == actor.key), Party(actor, sentence, "gold"))


def _actor(label: str) -> Actor:
    names = gazetteer()
    if label in names.states:
        return names.states[label]
    bodies = (e.actor for e in names.names.get(label, ()) if e.kind in (NameKind.BODY, NameKind.GROUP))
    return next(bodies, Actor(label, label))


def _first_sentence(document: Document, coder: Coder) -> Span:
    work, sentence = next(coder.sentences(document))
    return work.paragraph.span(sentence.start, sentence.end)


def _only_date(gold: GoldReport, sentence: Span) -> Period | None:
    future = gold.factuality is Factuality.PLEDGED and gold.types[0] not in PROMISES
    day = gold.document.available
    found = {w.period for w in expressions(gold.document.body, sentence.start, sentence.end, day, future)}
    return found.pop() if len(found) == 1 else None


def _same(clusters: Mapping[str, str], pair: tuple[GoldReport, GoldReport]) -> bool:
    return clusters[pair[0].id] == clusters[pair[1].id]


def _pairwise(
    pairs: Sequence[tuple[GoldReport, GoldReport]], gold: Mapping[str, str], told: Mapping[str, str]
) -> dict[str, float | None]:
    """Precision, recall and F1 of the decision that two reports are of one happening."""
    right = sum(_same(gold, pair) and _same(told, pair) for pair in pairs)
    joined = sum(_same(told, pair) for pair in pairs)
    wanted = sum(_same(gold, pair) for pair in pairs)
    return {
        "precision": round(right / joined, 4) if joined else None,
        "recall": round(right / wanted, 4) if wanted else None,
        "f1": round(2 * right / (joined + wanted), 4) if joined + wanted else None,
    }


def _decision(pair: tuple[GoldReport, GoldReport], same: bool) -> dict[str, Any]:
    """A wrong decision: what would have been right, and what the two reports say."""
    return {
        "reports": [report.id for report in pair],
        "right": "same" if same else "different",
        "published": [str(report.document.published) for report in pair],
        "texts": [report.document.body for report in pair],
    }
