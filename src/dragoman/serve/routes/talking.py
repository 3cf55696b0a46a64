"""What readers do: comment, answer, give insights, take their own back, report what should not stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dragoman.brief.blocks import Passage
from dragoman.database import BriefText, Comment, Complaint, Insight
from dragoman.errors import UsageError
from dragoman.serve.desk import TheDesk
from dragoman.serve.person import Asking, Person
from dragoman.serve.publish.content import blocks_of
from dragoman.serve.publish.finding import last_version, open_brief
from dragoman.serve.publish.talk import DEEPEST, INSIGHTS
from dragoman.serve.publish.texts import plain_text, web_address
from dragoman.serve.roles import Permission
from dragoman.serve.routes.briefs import Number, Slug
from dragoman.serve.routing import Done, Pages

pages = Pages("talking")

LONGEST = 5_000
"""Characters of a comment, an insight or a report."""

MOST_OPEN = 50
"""Reports of one person that wait for a moderator."""

Text = Annotated[str, Form(max_length=2 * LONGEST)]


@pages.action("/briefs/{slug}/comments", Permission.COMMENT, limit="comment")
def add_comment(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    text: Text = "",
    parent: Annotated[str, Form(max_length=12)] = "",
) -> Done:
    """Comment on a brief, or answer another comment."""
    told = _told(text)
    with desk.database.session() as session:
        brief = open_brief(session, slug)
        above = _answered(session, brief, parent)
        comment = Comment(brief_id=brief.id, parent_id=above, account_id=_account(person), text=told, at=desk.now())
        session.add(comment)
        session.flush()
        number = comment.id
    return Done(f"/briefs/{slug}#comment-{number}", "", {"comment": number})


@pages.action("/briefs/{slug}/insights", Permission.COMMENT, limit="comment")
def add_insight(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    kind: Annotated[str, Form(max_length=12)] = "",
    place: Annotated[str, Form(max_length=12)] = "",
    text: Text = "",
    url: Annotated[str, Form(max_length=2_000)] = "",
) -> Done:
    """Give an insight: agree, dispute a sentence with a reason, or add a source by its address."""
    if kind not in INSIGHTS:
        raise UsageError(f"An insight is one of {', '.join(INSIGHTS)}; {kind!r} was given.")
    told = plain_text(text, LONGEST)
    if kind == "disputes" and not (place and told):
        raise UsageError("Choose the sentence that you dispute, and say why.")
    address = web_address(url) if url.strip() else ""
    if kind == "source" and not address:
        raise UsageError("Give the address of the source, https://….")
    with desk.database.session() as session:
        brief = open_brief(session, slug)
        block, quote = _sentence(session, brief, place) if place else (None, "")
        insight = Insight(
            brief_id=brief.id,
            account_id=_account(person),
            kind=kind,
            block=block,
            quote=quote,
            text=told,
            url=address,
            at=desk.now(),
        )
        session.add(insight)
        session.flush()
        number = insight.id
    return Done(f"/briefs/{slug}#insight-{number}", "Thank you.", {"insight": number, "kind": kind})


@pages.action("/comments/{number}/remove", Permission.COMMENT)
def remove_comment(desk: TheDesk, person: Asking, number: Number) -> Done:
    """Take back a comment of one's own."""
    with desk.database.session() as session:
        comment = session.get(Comment, number)
        if comment is None or comment.account_id != person.account_id:
            raise HTTPException(404, "You have no such comment.")
        comment.hidden = True
        slug = session.get_one(BriefText, comment.brief_id).slug
    return Done(f"/briefs/{slug}#comments", "Your comment is gone.")


@pages.action("/insights/{number}/remove", Permission.COMMENT)
def remove_insight(desk: TheDesk, person: Asking, number: Number) -> Done:
    """Take back an insight of one's own."""
    with desk.database.session() as session:
        insight = session.get(Insight, number)
        if insight is None or insight.account_id != person.account_id:
            raise HTTPException(404, "You have no such insight.")
        insight.hidden = True
        slug = session.get_one(BriefText, insight.brief_id).slug
    return Done(f"/briefs/{slug}#insights", "Your insight is gone.")


@pages.action("/complaints", Permission.COMMENT, limit="comment")
def add_complaint(
    desk: TheDesk,
    person: Asking,
    kind: Annotated[str, Form(max_length=12)] = "",
    subject: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    reason: Text = "",
) -> Done:
    """Report a brief, comment or insight to the moderators."""
    told = _told(reason)
    with desk.database.session() as session:
        brief = subject_of(session, kind, subject)
        mine = select(Complaint).where(Complaint.account_id == person.account_id, Complaint.settled.is_(None))
        known = mine.where(Complaint.kind == kind, Complaint.subject_id == subject)
        if session.scalars(known).first() is not None:
            return Done(f"/briefs/{brief.slug}", "You have reported this already; a moderator will look at it.")
        count = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        if count >= MOST_OPEN:
            raise UsageError(f"{count} of your reports wait for a moderator; wait until they are settled.")
        session.add(Complaint(kind=kind, subject_id=subject, account_id=_account(person), reason=told, at=desk.now()))
        slug = brief.slug
    return Done(f"/briefs/{slug}", "Reported to the moderators.", {"kind": kind, "of": subject})


def subject_of(session: Session, kind: str, number: int) -> BriefText:
    """The brief to which something reported belongs; a `UsageError` or 404 where there is none."""
    if kind == "brief":
        brief = session.get(BriefText, number)
    elif kind in ("comment", "insight"):
        row = answer_of(session, kind, number)
        brief = session.get(BriefText, row.brief_id) if row is not None else None
    else:
        raise UsageError(f"A report is of a brief, a comment or an insight; {kind!r} was given.")
    if brief is None or brief.state == "draft":
        raise HTTPException(404, f"There is no such {kind}.")
    return brief


def answer_of(session: Session, kind: str, number: int) -> Comment | Insight | None:
    """The comment or insight of a number."""
    return session.get(Comment, number) if kind == "comment" else session.get(Insight, number)


def _told(text: str) -> str:
    told = plain_text(text, 2 * LONGEST)
    if not told:
        raise UsageError("There is nothing in it yet; write something first.")
    if len(told) > LONGEST:
        raise UsageError(f"It has {len(told):,} characters; at most {LONGEST:,} are taken.")
    return told


def _answered(session: Session, brief: BriefText, parent: str) -> int | None:
    """The comment to hang an answer on; very deep ones stand beside the one that they answer."""
    if not parent:
        return None
    if not (parent.isascii() and parent.isdecimal()) or int(parent) > 2**31 - 1:
        raise UsageError(f"{parent!r} is no comment.")
    above = session.get(Comment, int(parent))
    if above is None or above.brief_id != brief.id or above.hidden:
        raise HTTPException(404, "The comment that you answer is not there any more.")
    depth, one = 0, above
    while one.parent_id is not None and depth <= DEEPEST:
        one = session.get_one(Comment, one.parent_id)
        depth += 1
    return above.parent_id if depth >= DEEPEST else above.id


def _sentence(session: Session, brief: BriefText, place: str) -> tuple[int, str]:
    """The block and the words of the sentence at a place such as 4.0."""
    version = last_version(session, brief.id)
    blocks = blocks_of(version.content) if version else ()
    first, _, second = place.partition(".")
    if first.isascii() and first.isdecimal() and second.isascii() and second.isdecimal():
        block = blocks[int(first)] if int(first) < len(blocks) else None
        if isinstance(block, Passage) and int(second) < len(block.sentences):
            return int(first), block.sentences[int(second)].text
    raise UsageError(f"The brief has no sentence {place!r}; choose one from the list.")


def _account(person: Person) -> int:
    if person.account_id is None:
        raise HTTPException(401, "Sign in first.")
    return person.account_id
