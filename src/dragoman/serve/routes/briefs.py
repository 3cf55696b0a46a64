"""Published briefs: the list, a brief with what readers say to it, its earlier states, its forms for printing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dragoman.brief import Sheet, render_sheet
from dragoman.brief.blocks import Chart, Picture
from dragoman.brief.chart import chart_svg
from dragoman.brief.sheet import used_numbers
from dragoman.database import Account, BriefText, BriefVersion, Comment, Community, Upload
from dragoman.serve.asking import PageNumber, Text, text_asked
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.person import Asking, Person
from dragoman.serve.publish.addresses import base_of
from dragoman.serve.publish.content import (
    BlockShown,
    Content,
    GroupShown,
    SourceShown,
    blocks_of,
    content_of,
    minutes_of,
    say_moment,
    sheet_of_content,
    show_contents,
    show_groups,
    show_sources,
    words_of,
)
from dragoman.serve.publish.finding import (
    CARDS,
    Card,
    cards,
    last_version,
    may_change,
    published_briefs,
    related,
    seen_brief,
)
from dragoman.serve.publish.linked import as_script_data, news_article
from dragoman.serve.publish.talk import CommentShown, InsightShown, comments_of, insights_of
from dragoman.serve.roles import Permission
from dragoman.serve.routing import Pages

pages = Pages("briefs")

Slug = Annotated[str, Path(max_length=120)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class BriefsPage:
    """The published briefs, the newest first; `after` is the next page's number, null on the last."""

    title: str
    topic: str
    topics: list[str]
    cards: list[Card]
    number: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A later state of a brief: when it came, and what it corrects."""

    number: int
    at: datetime.datetime
    note: str


@dataclass(frozen=True, slots=True)
class AuthorShown:
    """Who wrote a brief."""

    name: str
    display_name: str
    about: str


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A brief as readers see it; `version` is the published state, null for a draft that only its author sees."""

    title: str
    standfirst: str
    slug: str
    state: str
    topic: str
    dyads: list[list[str]]
    community: str
    community_slug: str
    author: AuthorShown
    published: datetime.datetime | None
    minutes: int
    as_of: str | None
    record_version: int
    version: int | None
    unsupported: int
    contents: list[BlockShown]
    groups: list[GroupShown]
    sources: list[SourceShown]
    corrections: list[Correction]
    insights: list[InsightShown]
    comments: list[CommentShown]
    comment_count: int
    related: list[Card]
    locked: bool
    may_change: bool
    changed_since: bool
    """Whether the author has changes that are not published yet."""
    linked: str
    """The brief as JSON-LD, ready to stand within the page."""
    address: str
    number: int
    """What a report of it names."""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """An earlier state of a brief, as it was published."""

    title: str
    standfirst: str
    slug: str
    number: int
    at: datetime.datetime
    note: str
    newest: int
    groups: list[GroupShown]
    sources: list[SourceShown]
    versions: list[Correction]


@pages.page("/briefs", "briefs.html.j2")
def briefs_page(desk: TheDesk, page: PageNumber = 1, topic: Text = "") -> BriefsPage:
    """The published briefs, the newest first; of one topic where it is given."""
    topic = text_asked(topic)
    query = published_briefs()
    if topic:
        query = query.where(func.lower(BriefText.topic) == topic.lower())
    with desk.database.session() as session:
        rows = session.scalars(query.offset((page - 1) * CARDS).limit(CARDS + 1)).all()
        topics = session.scalars(
            select(BriefText.topic)
            .where(BriefText.state == "published", BriefText.topic != "")
            .group_by(BriefText.topic)
            .order_by(func.count().desc(), BriefText.topic)
            .limit(12)
        ).all()
        return BriefsPage(
            title="Briefs",
            topic=topic,
            topics=list(topics),
            cards=cards(session, rows[:CARDS]),
            number=page,
            after=page + 1 if len(rows) > CARDS else None,
        )


@pages.file("/briefs/{slug}.md", "text/markdown")
def brief_as_markdown(request: Request, desk: TheDesk, person: Asking, slug: Slug) -> Response:
    """A brief as Markdown."""
    return _printed(request, desk, person, slug, "md", "text/markdown; charset=utf-8")


@pages.file("/briefs/{slug}.pdf", "application/pdf", limit="search")
def brief_as_pdf(request: Request, desk: TheDesk, person: Asking, slug: Slug) -> Response:
    """A brief as PDF."""
    return _printed(request, desk, person, slug, "pdf", "application/pdf")


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.file("/briefs/{slug}.docx", DOCX, limit="search")
def brief_as_word(request: Request, desk: TheDesk, person: Asking, slug: Slug) -> Response:
    """A brief as a Text document."""
    return _printed(request, desk, person, slug, "docx", DOCX)


@pages.file("/briefs/{slug}.jsonld", "application/ld+json")
def brief_as_linked_data(request: Request, desk: TheDesk, person: Asking, slug: Slug) -> Response:
    """A published brief as JSON-LD (NewsArticle)."""
    with desk.database.session() as session:
        brief = seen_brief(session, slug, person)
        version = last_version(session, brief.id)
        if version is None:
            raise HTTPException(404, "This brief is not published yet.")
        data = _linked(session, brief, version, base_of(request, desk))
    return JSONResponse(data, media_type="application/ld+json")


@pages.file("/briefs/{slug}/charts/{number}.svg", "image/svg+xml")
def brief_chart(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    number: Annotated[int, Path(ge=0, le=100_000)],
    version: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> Response:
    """A chart of a brief, by the number of its block; 0 as version is the author's own state."""
    with desk.database.session() as session:
        brief = seen_brief(session, slug, person)
        content, _ = _content(session, brief, person, version)
    blocks = blocks_of(content)
    block = blocks[number] if number < len(blocks) else None
    svg = chart_svg(block.weeks, block.title) if isinstance(block, Chart) else None
    if svg is None:
        raise HTTPException(404, "There is no chart at this address.")
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=300"})


@pages.file("/pictures/{number}", "image/png")
def brief_picture(desk: TheDesk, person: Asking, number: Number) -> Response:
    """A picture of a brief."""
    with desk.database.session() as session:
        upload = session.get(Upload, number)
        if upload is None:
            raise HTTPException(404, "There is no picture at this address.")
        brief = session.get_one(BriefText, upload.brief_id)
        seen_brief(session, brief.slug, person)
        headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
        return Response(upload.content, media_type=upload.media_type, headers=headers)


@pages.page("/briefs/{slug}/versions/{number}", "brief_version.html.j2")
def version_page(desk: TheDesk, person: Asking, slug: Slug, number: Number) -> VersionPage:
    """An earlier state of a brief, and all others."""
    with desk.database.session() as session:
        brief = seen_brief(session, slug, person)
        versions = session.scalars(
            select(BriefVersion).where(BriefVersion.brief_id == brief.id).order_by(BriefVersion.number)
        ).all()
        found = next((version for version in versions if version.number == number), None)
        if found is None:
            raise HTTPException(404, "The brief has no such version.")
        return VersionPage(
            title=found.content["title"],
            standfirst=found.content["standfirst"],
            slug=slug,
            number=number,
            at=found.at,
            note=found.note,
            newest=versions[-1].number,
            groups=show_groups(found.content, f"/briefs/{slug}/charts", number),
            sources=show_sources(found.content),
            versions=[Correction(version.number, version.at, version.note) for version in versions],
        )


@pages.page("/briefs/{slug}", "brief.html.j2")
def brief_page(request: Request, desk: TheDesk, person: Asking, slug: Slug) -> BriefPage:
    """A brief as it was last published, with insights and comments; a draft for its author alone."""
    with desk.database.session() as session:
        brief = seen_brief(session, slug, person)
        content, version = _content(session, brief, person, None)
        author = session.get_one(Account, brief.author_id)
        community = session.get_one(Community, brief.community_id)
        corrections = _corrections(session, brief.id)
        base = base_of(request, desk)
        draft = version is None
        groups = show_groups(content, f"/briefs/{brief.slug}/charts", version.number if version else 0)
        return BriefPage(
            title=content["title"],
            standfirst=content["standfirst"],
            slug=brief.slug,
            state=brief.state,
            topic=content["topic"],
            dyads=content["dyads"],
            community=community.name,
            community_slug=community.slug,
            author=AuthorShown(author.name, author.display_name, author.about),
            published=brief.published,
            minutes=minutes_of(content),
            as_of=content["as_of"],
            record_version=content["record_version"],
            version=version.number if version else None,
            unsupported=content.get("unsupported", 0),
            contents=show_contents(groups),
            groups=groups,
            sources=show_sources(content, used=used_numbers(blocks_of(content))),
            corrections=corrections,
            insights=[] if draft else insights_of(session, brief.id, person),
            comments=[] if draft else comments_of(session, brief.id, person),
            comment_count=_count(session, brief.id),
            related=related(session, brief),
            locked=brief.locked or community.locked,
            may_change=may_change(person, brief),
            changed_since=version is not None and brief.updated > version.at,
            linked=str(as_script_data(_linked(session, brief, version, base))) if version else "",
            address=f"{base}/briefs/{brief.slug}",
            number=brief.id,
        )


def _content(
    session: Session, brief: BriefText, person: Person, number: int | None
) -> tuple[Content, BriefVersion | None]:
    """The newest published state, or the one of a number; the author's own where there is none, or for number 0."""
    if number == 0 and not (may_change(person, brief) or person.may(Permission.MODERATE)):
        raise HTTPException(404, "There is no such state of this brief.")
    if number == 0:
        return content_of(brief), None
    if number is None:
        version = last_version(session, brief.id)
        return (content_of(brief), None) if version is None else (version.content, version)
    query = select(BriefVersion).where(BriefVersion.brief_id == brief.id, BriefVersion.number == number)
    version = session.scalars(query).one_or_none()
    if version is None:
        raise HTTPException(404, "The brief has no such version.")
    return version.content, version


def _corrections(session: Session, brief_id: int) -> list[Correction]:
    later = select(BriefVersion).where(BriefVersion.brief_id == brief_id, BriefVersion.number > 1)
    rows = session.scalars(later.order_by(BriefVersion.number))
    return [Correction(row.number, row.at, row.note) for row in rows]


def _count(session: Session, brief_id: int) -> int:
    shown = select(func.count()).select_from(Comment).where(Comment.brief_id == brief_id, Comment.hidden.is_(False))
    return session.scalar(shown) or 0


def _linked(session: Session, brief: BriefText, version: BriefVersion, base: str) -> dict[str, object]:
    author = session.get_one(Account, brief.author_id)
    community = session.get_one(Community, brief.community_id)
    blocks = blocks_of(version.content)
    images = [f"{base}/pictures/{block.number}" for block in blocks if isinstance(block, Picture)]
    return news_article(
        address=f"{base}/briefs/{brief.slug}",
        title=version.content["title"],
        standfirst=version.content["standfirst"],
        author=author.display_name,
        author_address=f"{base}/authors/{author.name}",
        section=community.name,
        topic=version.content["topic"],
        published=brief.published or version.at,
        changed=version.at,
        words=words_of(blocks),
        images=images,
        comments=_count(session, brief.id),
        citations=[f"{source.title} ({source.publisher})" for source in show_sources(version.content)][:50],
        corrections=[(own.at, own.note) for own in _corrections(session, brief.id)],
    )


def _printed(request: Request, desk: Desk, person: Person, slug: str, form: str, media_type: str) -> Response:
    with desk.database.session() as session:
        brief = seen_brief(session, slug, person)
        content, version = _content(session, brief, person, None)
        author = session.get_one(Account, brief.author_id)
        community = session.get_one(Community, brief.community_id)
        numbers = {block.number for block in blocks_of(content) if isinstance(block, Picture)}
        uploads = session.scalars(select(Upload).where(Upload.brief_id == brief.id, Upload.id.in_(numbers)))
        pictures = {upload.id: (upload.media_type, upload.content) for upload in uploads}
        told = f"published {say_moment(brief.published)}" if brief.published and version else "a draft, not published"
        byline = (
            f"By {author.display_name}, {told} · as of {content['as_of'] or 'an unknown day'}, record version "
            f"{content['record_version']} · {base_of(request, desk)}/briefs/{slug}"
        )
        notes = [f"Corrected on {say_moment(own.at)}: {own.note}" for own in _corrections(session, brief.id)]
        sheet = sheet_of_content(content, byline, community.name, notes, pictures)
        key = (str(desk.database.engine.url), brief.id, version.number if version else 0, byline, form)
    made = _kept(_Key(key, sheet)) if version is not None else render_sheet(sheet, form)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.{form}"'}
    return Response(made, media_type=media_type, headers=headers)


class _Key:
    """A published state in a form: the same state is printed once, whatever object holds it."""

    def __init__(self, key: tuple[object, ...], sheet: Sheet) -> None:
        self.key, self.sheet = key, sheet

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.key == other.key


@lru_cache(maxsize=16)
def _kept(own: _Key) -> bytes:
    return render_sheet(own.sheet, str(own.key[-1]))
