"""Interpretations: what analysts, observers and the articles themselves read into what happened, told per claimant.

An interpretation is no event and is never counted as one. It is found by its wording: somebody who interprets and a
verb of opinion ("analysts suggest that …"), or a verb that gives a deed a meaning ("the note signals …"). A sentence
in which anybody else speaks is left out, as is one whose paragraph names neither party.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dragoman.records import Document, Span
from dragoman.terms import ClaimantKind, Part

LONGEST = 600
"""Characters of a sentence that may be an interpretation; a longer one is a list or a page's residue."""

_PARAGRAPH = re.compile(r"[^\n]+")
_SHORTENED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Sen|Rep|Gov|St|No|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)|\b[A-Z]|\b[a-z]\.[a-z])\.$"
)
_END = re.compile(r"[.!?…][\"”’)\]]*(?=\s+[\"“‘(\[]?[A-Z0-9“\"])")

_OPINION = (
    r"(?:say|says|said|suggest|suggests|suggested|note|notes|noted|believe|believes|believed|argue|argues|argued|see|sees"
    r"|saw|warn|warns|warned|read|reads|view|views|viewed|regard|regards|regarded|interpret|interprets|interpreted"
    r"|expect|expects|expected|think|thinks|thought|describe|describes|described|point|points|pointed|consider|considers"
    r"|considered|doubt|doubts|doubted|speculate|speculates|speculated|assess|assesses|assessed|caution|cautions"
    r"|cautioned|agree|disagree|stress|tend)"
)
_ANALYSTS = (
    r"(?:analysts?|experts?|observers|commentators?|scholars?|researchers?|academics?|historians?|political scientists?"
    r"|specialists?|think[- ]tanks?|strategists)"
)
_SPEAKS = re.compile(
    rf"\b(?P<who>(?:(?:some|many|most|few|several|other|outside|independent|military|foreign|western|pro-war)\s+)*"
    rf"(?:[A-Z]\w+\s+)?{_ANALYSTS})\b(?:\s+(?:in|at|from|of|on|with)\s+(?:the\s+)?[\w'’ -]{{2,40}}?)?\s+"
    rf"(?:(?:also|now|still|already|largely|widely|have|had)\s+)*(?P<verb>{_OPINION})\b",
    re.IGNORECASE,
)
_SPOKE = re.compile(rf"[,”\"]\s*(?P<who>(?:[A-Za-z]+\s+)?{_ANALYSTS})\s+(?P<verb>say|said|note|noted)\b", re.IGNORECASE)
_EXAMINE = re.compile(
    rf"\b(?P<who>{_ANALYSTS})\s+are\s+(?P<verb>examining|weighing|asking|watching|studying)\b", re.IGNORECASE
)
_ACCORDING = re.compile(
    rf"\b(?P<verb>according to|in the (?:view|opinion|eyes) of)\s+(?P<who>(?:[a-z]+\s+){{0,2}}{_ANALYSTS})\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?P<who>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){1,2}),\s+(?:an?|the)\s+[^,.;]{0,60}"
    rf"\b(?:analyst|expert|professor|researcher|scholar|fellow|lecturer|historian|specialist)\b[^,.;]{{0,80}},\s+(?P<verb>{_OPINION})\b"
)
_DEED = (
    r"(?:messages?|notes?|letters?|greetings?|visits?|journeys?|trips?|moves?|steps?|statements?|speech(?:es)?|remarks?"
    r"|treat(?:y|ies)|pacts?|agreements?|summits?|meetings?|talks|rhetoric|framing|gestures?|timing|declarations?|deals?"
    r"|deployments?|exercises|votes?|veto|tests?|launch(?:es)?|parades?|alliances?|rapprochement|this|it|which)"
)
_DEED = (
    r"(?:messages?|notes?|letters?|greetings?|visits?|journeys?|trips?|moves?|steps?|statements?|speech(?:es)?|remarks?"
    r"|treat(?:y|ies)|pacts?|agreements?|summits?|meetings?|talks|rhetoric|framing|gestures?|timing|declarations?|deals?"
    r"|deployments?|exercises|votes?|veto|tests?|launch(?:es)?|parades?|alliances?|rapprochement|this|it|which)"
)
_MEANS = re.compile(
    rf"\b{_DEED}\b[^.;]{{0,120}}?\b(?P<verb>signal(?:s|led|ling|ing)|reinforc(?:es|ed|ing)|demonstrat(?:es|ed|ing)"
    r"|underscor(?:es|ed|ing)|underlin(?:es|ed|ing)|cement(?:s|ed|ing)|represents? (?:more|a)"
    r"|serv(?:es|ed) (?:multiple|several|two|many) purposes|is significant"
    r"|(?:is|was|are) (?:widely )?(?:seen|regarded) as"
    r"|positions|sends? an? (?:clear |strong )?(?:message|signal)|sets the tone|embolden(?:s|ed)?"
    r"|carries a symbolic|amounts to|aligns with|could indicate|may indicate|appears to be the|may be meant"
    r"|may resonate|(?:is|was) a sign|marks? a (?:shift|turn|break|departure))\b"
    r"|\b(?P<itself>signals that|positions itself)\b",
    re.IGNORECASE,
)
_OTHERS_SPEAK = re.compile(
    r"\b(?:said|says|told|tells|stated|states|declared|announced|reported|reports|accused|claimed|claims|according to"
    r"|wrote|writes|vowed|called|insisted|denied|added)\b"
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|probably|appears?|seems?|suggests?|potentially|likely)\b", re.I
)
_ASPECT = (
    (re.compile(r"\b(?:domestically|at home|home audience)\b", re.IGNORECASE), "at home"),
    (re.compile(r"\b(?:internationally|abroad|foreign audience)\b", re.IGNORECASE), "abroad"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An interpretation: where it stands, who holds it, and whether they hold it as no more than possible.

    `kind` is `analyst` where somebody outside the article interprets, with `who` as the text names them; `media` where
    the article itself does, with its outlet as `who`. `word` is where the interpreting words stand, within the
    document. `aspect` is "at home" or "abroad" where the sentence says for whom it counts.
    """

    document_id: str
    span: Span
    word: Span
    text: str
    kind: ClaimantKind
    who: str
    hedged: bool
    aspect: str | None

    def row(self) -> dict[str, object]:
        """Plain values."""
        return {
            "document": self.document_id,
            "part": self.span.part.value,
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
            "claimant_kind": self.kind.value,
            "claimant": self.who,
            "hedged": self.hedged,
            "aspect": self.aspect,
        }


def readings(documents: Iterable[Document], named: Mapping[str, frozenset[str]]) -> list[Reading]:
    """The interpretations in documents, in the order of publication; `named` are the words by which each document
    names the parties of the relation."""
    ordered = sorted(documents, key=lambda d: (d.available is None, str(d.available), d.id))
    return [one for document in ordered for one in _in_document(document, named.get(document.id, frozenset()))]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end; a line break ends one, an abbreviation does not."""
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.start(), paragraph.end()
        for stop in _END.finditer(text, start, end):
            if stop.end() <= start or _SHORTENED.search(text, start, stop.start() + 1):
                continue
            yield _trimmed(text, start, stop.end())
            start = stop.end()
        if text[start:end].strip():
            yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


def _in_document(document: Document, named: frozenset[str]) -> Iterator[Reading]:
    body = document.body
    for start, end in sentence_spans(body):
        text = body[start:end]
        if not 20 <= len(text) <= LONGEST:
            continue
        found = _claimant(text)
        if found is None or not any(name in _paragraph(body, start) for name in named):
            continue
        kind, who, word = found
        yield Reading(
            document_id=document.id,
            span=Span(Part.BODY, start, end),
            word=Span(Part.BODY, start + word[0], start + word[1]),
            text=text,
            kind=kind,
            who=who or document.publisher or "",
            hedged=_HEDGED.search(text) is not None,
            aspect=next((aspect for pattern, aspect in _ASPECT if pattern.search(text)), None),
        )


def _claimant(text: str) -> tuple[ClaimantKind, str, tuple[int, int]] | None:
    """Who interprets in a sentence, and where the interpreting words stand; the article itself has no name here."""
    for pattern in (_NAMED, _SPEAKS, _EXAMINE, _ACCORDING, _SPOKE):
        match = pattern.search(text)
        if match is not None and not _is_quoted(text, match.start()):
            return ClaimantKind.ANALYST, match["who"], match.span("verb")
    match = _MEANS.search(text)
    if match is None or _is_quoted(text, match.start()) or _OTHERS_SPEAK.search(text):
        return None
    return ClaimantKind.MEDIA, "", match.span("verb" if match["verb"] else "itself")


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place lies between quotation marks."""
    before = text[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _paragraph(body: str, at: int) -> str:
    start = body.rfind("\n", 0, at) + 1
    end = body.find("\n", at)
    return body[start : end if end >= 0 else len(body)]
