"""Writing briefs: compose from the record, edit by hand, add sources and pictures, publish, take back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import File, Form, HTTPException, UploadFile
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dragoman.brief.blocks import Picture, block_data
from dragoman.brief.support import Unsupported
from dragoman.brief.writing import format_text, parse_text
from dragoman.database import BriefText, BriefVersion, Community, Upload
from dragoman.errors import UsageError
from dragoman.serve.asking import Text, day_asked, text_asked
from dragoman.serve.desk import TheDesk
from dragoman.serve.person import Asking, Person
from dragoman.serve.publish.composing import (
    compose,
    further_sources,
    previous_of,
    publish,
    read_dyads,
    what_lacks_support,
)
from dragoman.serve.publish.content import GroupShown, SourceShown, blocks_of, content_of, show_groups, show_sources
from dragoman.serve.publish.finding import free_slug, last_version, own_brief
from dragoman.serve.publish.pictures import MOST_BYTES, check_picture
from dragoman.serve.publish.texts import one_line, plain_text
from dragoman.serve.roles import Permission
from dragoman.serve.routes.briefs import Slug
from dragoman.serve.routing import Done, Pages

pages = Pages("writing")

MOST_PICTURES = 12
"""Pictures of one brief."""

Line = Annotated[str, Form(max_length=300)]
Lines = Annotated[str, Form(max_length=5_000)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A community in which a brief may appear."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A brief of the person who asks."""

    slug: str
    title: str
    state: str
    updated: datetime.datetime
    changed_since: bool


@dataclass(frozen=True, slots=True)
class NewBriefPage:
    """The form for a new brief, and the briefs that the person has."""

    title: str
    dyads: str
    communities: list[Choice]
    drafts: list[Draft]


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture of a brief, and what to write to show it."""

    number: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class EditPage:
    """A brief as its author edits it: the text, how it will look, its sources, and what has no support."""

    title: str
    brief_title: str
    standfirst: str
    topic: str
    slug: str
    state: str
    community: str
    communities: list[Choice]
    text: str
    groups: list[GroupShown]
    sources: list[SourceShown]
    lacking: list[Unsupported]
    pictures: list[PictureShown]
    versions: int
    changed_since: bool
    as_of: str | None
    record_version: int


@pages.page("/briefs/new", "brief_new.html.j2", Permission.WRITE)
def new_brief_page(desk: TheDesk, person: Asking, dyads: Text = "") -> NewBriefPage:
    """The form for a new brief, and one's own briefs."""
    with desk.database.session() as session:
        newest = select(func.max(BriefVersion.at)).where(BriefVersion.brief_id == BriefText.id).scalar_subquery()
        rows = session.execute(
            select(BriefText, newest)
            .where(BriefText.author_id == person.account_id)
            .order_by(BriefText.updated.desc())
            .limit(50)
        ).all()
        drafts = [
            Draft(brief.slug, brief.title, brief.state, brief.updated, _later(brief.updated, at)) for brief, at in rows
        ]
        return NewBriefPage("Write a brief", text_asked(dyads), _communities(session), drafts)


@pages.action("/briefs/compose", Permission.WRITE)
def compose_brief(
    desk: TheDesk,
    person: Asking,
    community: Annotated[str, Form(max_length=80)] = "",
    dyads: Line = "",
    title: Line = "",
    as_of: Annotated[str, Form(max_length=20)] = "",
    since: Annotated[str, Form(max_length=20)] = "",
    length: Annotated[str, Form(max_length=10)] = "full",
) -> Done:
    """Start a brief: composed from the record where relations are given, else empty under a title."""
    account_id = _signed_in(person)
    made = None
    if length not in ("full", "short"):
        raise UsageError(f"A brief is composed full or short; {length!r} was given.")
    if dyads.strip():
        pairs = read_dyads(dyads)
        with desk.database.session() as session:
            _community(session, community)
            previous = previous_of(session, [[*pair] for pair in pairs])
        made = compose(desk.record, pairs, day_asked(as_of), day_asked(since), previous, short=length == "short")
    named = one_line(title, 300) or (made.title[:300] if made else "")
    if not named:
        raise UsageError("Give the relations that the brief is on, such as PRK RUS, or at least a title.")
    with desk.database.session() as session:
        place = _community(session, community)
        brief = BriefText(
            slug=free_slug(session, named),
            community_id=place.id,
            author_id=account_id,
            title=named,
            standfirst=made.standfirst if made else "",
            dyads=made.dyads if made else [],
            body=made.body if made else [],
            citations=made.citations if made else [],
            as_of=made.as_of if made else desk.record.today(),
            record_version=made.record_version if made else desk.record.store().snapshot().version,
            created=desk.now(),
            updated=desk.now(),
        )
        session.add(brief)
        slug = brief.slug
    return Done(f"/briefs/{slug}/edit", made.note if made else "", {"dyads": dyads[:200]})


@pages.page("/briefs/{slug}/edit", "brief_edit.html.j2", Permission.WRITE)
def edit_page(desk: TheDesk, person: Asking, slug: Slug) -> EditPage:
    """A brief as its author edits it."""
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        content = content_of(brief)
        version = last_version(session, brief.id)
        uploads = session.execute(
            select(Upload.id, Upload.name).where(Upload.brief_id == brief.id).order_by(Upload.id)
        ).all()
        return EditPage(
            title=f"Edit: {brief.title}",
            brief_title=brief.title,
            standfirst=brief.standfirst,
            topic=brief.topic,
            slug=slug,
            state=brief.state,
            community=session.get_one(Community, brief.community_id).slug,
            communities=_communities(session),
            text=format_text(blocks_of(content)),
            groups=show_groups(content, f"/briefs/{slug}/charts", 0),
            sources=show_sources(content),
            lacking=what_lacks_support(brief),
            pictures=[PictureShown(number, name, f"/pictures/{number}") for number, name in uploads],
            versions=version.number if version else 0,
            changed_since=version is not None and _later(brief.updated, version.at),
            as_of=content["as_of"],
            record_version=brief.record_version,
        )


@pages.action("/briefs/{slug}/save", Permission.WRITE)
def save_brief(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    title: Line = "",
    standfirst: Annotated[str, Form(max_length=2_000)] = "",
    topic: Annotated[str, Form(max_length=60)] = "",
    community: Annotated[str, Form(max_length=80)] = "",
    text: Annotated[str, Form(max_length=400_000)] = "",
) -> Done:
    """Keep what the author has written; readers see it when it is published."""
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        named = one_line(title, 300)
        if not named:
            raise UsageError("A brief needs a title.")
        known = blocks_of(content_of(brief))
        last = last_version(session, brief.id)
        composed = (*known, *(blocks_of(last.content) if last else ()))
        blocks = parse_text(plain_text(text, 400_000), composed)
        numbers = set(session.scalars(select(Upload.id).where(Upload.brief_id == brief.id)))
        foreign = [block.number for block in blocks if isinstance(block, Picture) and block.number not in numbers]
        if foreign:
            raise UsageError(f"The brief has no picture {foreign[0]}; add it below first.")
        brief.title, brief.standfirst, brief.topic = named, one_line(standfirst, 2_000), one_line(topic, 60)
        brief.community_id = _community(session, community, now=brief.community_id).id
        brief.body = [block_data(block) for block in blocks]
        brief.updated = desk.now()
        lacking = len(what_lacks_support(brief))
    told = f" {lacking} sentences have no support yet." if lacking > 1 else ""
    return Done(f"/briefs/{slug}/edit", f"Saved.{told or (' One sentence has no support yet.' if lacking else '')}")


@pages.action("/briefs/{slug}/sources", Permission.WRITE)
def add_sources(desk: TheDesk, person: Asking, slug: Slug, event: Annotated[str, Form(max_length=60)] = "") -> Done:
    """Add the sentences of an event or a mention of the record to the sources of a brief."""
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        before = len(brief.citations)
        brief.citations = further_sources(desk.record, brief, event.strip())
        numbers = [own["number"] for own in brief.citations[before:]]
        brief.updated = desk.now()
    told = f"Added as {', '.join(f'[{number}]' for number in numbers)}." if numbers else "All of it is cited already."
    return Done(f"/briefs/{slug}/edit#sources", told, {"event": event[:60]})


@pages.action("/briefs/{slug}/picture", Permission.WRITE)
def add_picture(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    picture: Annotated[UploadFile | None, File()] = None,
    alt: Line = "",
    caption: Line = "",
) -> Done:
    """Add a picture at the head of a brief; what it shows must be said for those who cannot see it."""
    told = one_line(alt, 300)
    if picture is None or not told:
        raise UsageError("Choose a picture, and say what it shows: that is read aloud to those who cannot see it.")
    checked = check_picture(picture.file.read(MOST_BYTES + 1))
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        count = session.scalar(select(func.count()).select_from(Upload).where(Upload.brief_id == brief.id)) or 0
        if count >= MOST_PICTURES:
            raise UsageError(f"A brief has at most {MOST_PICTURES} pictures.")
        upload = Upload(
            brief_id=brief.id,
            account_id=person.account_id,
            name=one_line(picture.filename or "", 120),
            media_type=checked.media_type,
            width=checked.width,
            height=checked.height,
            content=checked.content,
            at=desk.now(),
        )
        session.add(upload)
        session.flush()
        block = Picture(upload.id, told.replace("|", "¦"), one_line(caption, 300).replace("|", "¦"))
        brief.body = [block_data(block), *brief.body]
        brief.updated = desk.now()
        number = upload.id
    return Done(f"/briefs/{slug}/edit", f"Added as picture {number}.", {"picture": number})


@pages.action("/briefs/{slug}/publish", Permission.WRITE)
def publish_brief(
    desk: TheDesk,
    person: Asking,
    slug: Slug,
    note: Lines = "",
    unsupported: Annotated[str, Form(max_length=10)] = "",
) -> Done:
    """Publish what was saved; sentences without support need the tick that says so."""
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        if session.get_one(Community, brief.community_id).locked:
            raise HTTPException(403, "This community takes no more briefs.")
        if brief.state == "hidden" and not person.may(Permission.MODERATE) and _hidden_by_others(brief):
            raise HTTPException(403, "The moderators have hidden this brief; they can show it again.")
        version = publish(
            session,
            brief,
            person.account_id,
            desk.now(),
            note=one_line(note, 1_000),
            with_unsupported=unsupported.strip().lower() in ("yes", "on", "1", "true"),
        )
        detail = {"version": version.number, "unsupported": version.content["unsupported"]}
    return Done(f"/briefs/{slug}", "Published.", detail)


@pages.action("/briefs/{slug}/withdraw", Permission.WRITE)
def withdraw_brief(desk: TheDesk, person: Asking, slug: Slug) -> Done:
    """Take a published brief back: readers are told that it was taken down; a draft goes for good."""
    with desk.database.session() as session:
        brief = own_brief(session, slug, person)
        if last_version(session, brief.id) is None:
            session.delete(brief)
            return Done("/briefs/new", "The draft is gone.")
        brief.state = "hidden"
        brief.updated = desk.now()
    return Done("/briefs/new", "Taken down. Publish it again when you like.")


def _hidden_by_others(brief: BriefText) -> bool:
    """Moderators lock what they hide; what its author took down stays unlocked."""
    return brief.locked


def _communities(session: Session) -> list[Choice]:
    rows = session.scalars(select(Community).where(Community.locked.is_(False)).order_by(Community.name))
    return [Choice(row.slug, row.name) for row in rows]


def _community(session: Session, slug: str, now: int | None = None) -> Community:
    """The community of a name that takes briefs, or the one where a brief is now."""
    found = session.scalars(select(Community).where(Community.slug == slug)).one_or_none()
    if found is None and not slug and now is not None:
        found = session.get(Community, now)
    if found is None:
        raise UsageError("Choose a community for the brief; moderators can make one under “Moderation”.")
    if found.locked and found.id != now:
        raise UsageError(f"The community {found.name} takes no more briefs.")
    return found


def _later(moment: datetime.datetime, than: datetime.datetime | None) -> bool:
    return than is not None and moment > than


def _signed_in(person: Person) -> int:
    if person.account_id is None:
        raise HTTPException(401, "Sign in first.")
    return person.account_id
