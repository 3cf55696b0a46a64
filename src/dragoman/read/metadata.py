"""What a page says of its article: annotations, headings, bylines, breadcrumbs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from dragoman.read.annotations import Annotations, name_of, read_annotations, text_of
from dragoman.read.byline import Byline, clean_author, joined, read_byline
from dragoman.read.clean import clean_line, same
from dragoman.read.dates import Dating, read_dating
from dragoman.read.furniture import furniture, is_closed, split_topics
from dragoman.read.markup import class_names, words_of

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate",
    "date.published", "published_date", "published-date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "citation_publication_date", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_STANDFIRST = re.compile(
    r"(?:.*-)?(?:standfirst|sub-?titles?|sub-?head(?:ing|line)?s?|dek|deck|lede|summary|excerpt|strapline|intro)(?:-text)?"
)
_AUTHOR = re.compile(r"(?:.*-)?(?:by-?lines?|authors?(?:-name)?|creator-name)")
_DATE = re.compile(
    r"(?:.*-)?(?:dates?|time-?stamp|published(?:-(?:at|on|date|time))?|pub-?date|post-?date|posted-on|time)"
)
_TOPIC_LISTS = re.compile(r"(?:.*-)?(?:tags?|topics?|keywords)(?:-(?:list|links|cloud))?")
_CRUMBS = re.compile(r"(?:.*-)?bread-?crumbs?(?:-.*)?")
_LOGO = re.compile(r"(?P<name>.{2,60}?)(?:'s)? logo", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|·•–—:»-]\s+|\s*\|\s*")
_ASIDE = frozenset(("aside", "footer", "nav"))
_ASIDE_NAMES = re.compile(r"comments?\b|related|recommend|sidebar|footer|more-|most-|teaser|about-the")
_PUBLISHED_NAMES = re.compile(r"(?:.*-)?(?:published(?:-.*)?|entry-date|pub-?date)")
_LONG_PARAGRAPH = 100
_LEAD_TAGS = ("p", "h2", "h3", "div", "span", "section")


@dataclass(slots=True)
class Metadata:
    """What a page says of its article; `titled` is whether more than its window title names it.

    `lead` is the visible standfirst, `description` the one in its meta tags.
    """

    title: str | None = None
    titled: bool = False
    lead: str | None = None
    description: str | None = None
    author: str | None = None
    publisher: str | None = None
    section: str | None = None
    topics: tuple[str, ...] = ()
    published: Dating | None = None
    language: str | None = None
    url: str | None = None
    byline: Byline = field(default_factory=lambda: Byline(None, None, None))


def read_metadata(tree: Element) -> Metadata:
    """Everything that the page states about its article."""
    notes = read_annotations(tree)
    heading = _heading(tree, notes)
    above = _above_body(tree, heading)
    byline = _byline(tree, above)
    title = words_of(heading) or _title(tree, notes)
    publisher = (
        notes.tag("og:site_name")
        or next(iter(notes.names("publisher")), None)
        or next((name_of(thing) for thing in notes.of_type("WebSite", "NewsMediaOrganization")), None)
        or notes.tag("publisher", "dc.publisher", "dcterms.publisher", "application-name")
        or _site_in_title(tree, title)
    )
    return Metadata(
        title=title,
        titled=heading is not None or notes.tag("og:title") is not None or notes.text("headline") is not None,
        lead=_lead(above, heading),
        description=notes.tag("og:description", "description", "twitter:description") or notes.text("description"),
        author=_author(notes, byline, publisher),
        publisher=publisher,
        section=_section(tree, notes, title, publisher),
        topics=_topics(tree, notes),
        published=_published(tree, notes, above) or byline.dating,
        language=tree.get("lang") or tree.get("xml:lang") or notes.tag("content-language", "og:locale", "language"),
        url=_url(tree, notes),
        byline=byline,
    )


def _heading(tree: Element, notes: Annotations) -> Element | None:
    """The h1 that is the article's title: the one that the page's own title repeats, or the only one."""
    headings = [element for element in tree.iter("h1") if words_of(element) and not _is_aside(element)]
    headings = [element for element in headings if not same(words_of(element), notes.tag("og:site_name"))]
    headings.sort(key=lambda element: _article_around(element) is None)
    under = _heading_under_site_name(tree, headings)
    if under is not None:
        return under
    named = (notes.text("headline"), notes.tag("og:title"), words_of(next(tree.iter("title"), None)))
    for element in headings:
        words = words_of(element).casefold()
        if any(name and words in name.casefold() for name in named) and len(words.split()) > 1:
            return element
    if not headings:
        smaller = (element for element in tree.iter("h2", "h3") if not _is_aside(element))
        return next((element for element in smaller if any(same(words_of(element), name) for name in named)), None)
    inside = [element for element in headings if _article_around(element) is not None]
    return inside[0] if len(inside) == 1 else headings[0] if len(headings) == 1 else None


def _heading_under_site_name(tree: Element, headings: list[Element]) -> Element | None:
    """The h2 that is the title where the only h1 is the site's name: the window's title has both, the site last."""
    parts = _SEPARATOR.split(words_of(next(tree.iter("title"), None)))
    if len(parts) != 2 or len(headings) != 1 or not same(words_of(headings[0]), parts[1]):
        return None
    return next((element for element in tree.iter("h2") if same(words_of(element), parts[0])), None)


def _article_around(element: Element) -> Element | None:
    return next(element.iterancestors("article", "main"), None)


def _above_body(tree: Element, heading: Element | None) -> list[Element]:
    """The elements around the title, down to the first paragraph of prose: where a page says who wrote it and when.

    They begin with the article that holds the title, else with the title: a site's own header may show today's date.
    """
    start = tree if heading is None else _article_around(heading)
    start = heading if start is None else start
    found: list[Element] = []
    begun = passed = False
    for element in tree.iter():
        begun = begun or element is start
        passed = passed or heading is None or element is heading
        if not begun or _is_aside(element) or (heading is None and _in_header(element)):
            continue
        if passed and element.tag == "p" and not any(map(_STANDFIRST.fullmatch, class_names(element))):
            words = words_of(element)
            if len(words) >= _LONG_PARAGRAPH and is_closed(words):
                break
        found.append(element)
    return found


def _in_header(element: Element) -> bool:
    return element.tag == "header" or next(element.iterancestors("header"), None) is not None


def _title(tree: Element, notes: Annotations) -> str | None:
    title = notes.text("headline") or notes.tag("og:title", "twitter:title", "dc.title")
    if title is not None:
        site = notes.tag("og:site_name")
        parts = _SEPARATOR.split(title)
        return parts[0] if site and len(parts) == 2 and same(parts[1], site) else title
    title = clean_line(words_of(next(tree.iter("title"), None)))
    return None if title is None else max(_SEPARATOR.split(title), key=len)


def _site_in_title(tree: Element, title: str | None) -> str | None:
    """The site's name where the window's title is the article's title and one other part."""
    parts = _SEPARATOR.split(words_of(next(tree.iter("title"), None)))
    others = [part for part in parts if not same(part, title)]
    if len(parts) != 2 or len(others) != 1 or others[0].casefold() in furniture().sections:
        return None
    return clean_line(others[0])


def _lead(above: list[Element], heading: Element | None) -> str | None:
    """The standfirst on the page: an element called so, or the h2 right under the title."""
    for element in above:
        if element.tag in _LEAD_TAGS and any(map(_STANDFIRST.fullmatch, class_names(element))):
            words = words_of(element)
            if 20 <= len(words) <= 600 and len(element.findall(".//p")) <= 2 and element.find(".//h1") is None:
                return words
    following = heading.getnext() if heading is not None else None
    if following is not None and following.tag in ("h2", "h3") and 20 <= len(words_of(following)) <= 400:
        return words_of(following)
    return None


def _byline(tree: Element, above: list[Element]) -> Byline:
    """Author and date in the visible lines that are called byline, author or date; the author also under the text."""
    found = Byline(None, None, None)
    for element in above:
        is_author, is_date = _is_author(element), _is_date(element)
        words = words_of(element) if is_author or is_date else ""
        if not words or len(words) > 200:
            continue
        line = read_byline(words)
        if line is not None:
            found = joined(found, line)
        elif is_author and found.author is None:
            found = joined(found, Byline(*clean_author(words), None))
    if found.author is None:
        for element in tree.iter(*_LEAD_TAGS, "a", "address"):
            if _is_author(element) and not _is_aside(element) and len(words := words_of(element)) <= 200:
                author, agency = clean_author(words)
                if author is not None:
                    return joined(found, Byline(author, agency, None))
    return found


def _is_author(element: Element) -> bool:
    return element.get("rel") == "author" or any(map(_AUTHOR.fullmatch, class_names(element)))


def _is_date(element: Element) -> bool:
    return element.tag == "time" or any(map(_DATE.fullmatch, class_names(element)))


def _is_aside(element: Element) -> bool:
    """Whether an element stands in a side box, a footer, the comments or a list of other articles."""
    return any(
        ancestor.tag in _ASIDE or any(map(_ASIDE_NAMES.match, class_names(ancestor)))
        for ancestor in (element, *element.iterancestors())
    )


def _author(notes: Annotations, byline: Byline, publisher: str | None) -> str | None:
    """Who is named as author; the outlet that names itself, as an organization, is none."""
    itself = any(same(name, publisher) for name in notes.organizations("author"))
    names = [name for name in map(_person, notes.names("author")) if name and not (itself and same(name, publisher))]
    tagged = _person(notes.tag("author", "article:author", "dc.creator", "parsely-author", "byl"))
    if itself and same(tagged, publisher):
        tagged = None
    return " and ".join(dict.fromkeys(names)) or tagged or byline.author


def _person(name: str | None) -> str | None:
    return None if name is None or "://" in name else clean_author(name)[0]


def _section(tree: Element, notes: Annotations, title: str | None, publisher: str | None) -> str | None:
    """The section or community: as annotated, the last step of the breadcrumbs, or the name of a logo on the page."""
    stated = notes.text("articleSection") or notes.tag("article:section", "section", "parsely-section")
    if stated is not None:
        return stated
    for trail in _trails(tree, notes):
        names = [name for name in trail if name.lower() not in ("", "home", "news home")]
        names = [name for name in names if not same(name, publisher) and not same(name, title)]
        if names:
            return names[-1]
    for image in tree.iter("img"):
        logo = _LOGO.fullmatch((image.get("alt") or "").strip())
        if logo is not None and not same(logo["name"], publisher) and next(image.iterancestors("footer"), None) is None:
            return logo["name"]
    return None


def _trails(tree: Element, notes: Annotations) -> list[list[str]]:
    """The breadcrumbs of a page, from its JSON-LD and its links."""
    trails = []
    for thing in notes.of_type("BreadcrumbList"):
        entries = thing.get("itemListElement")
        steps = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        trails.append([text_of(step.get("name")) or name_of(step.get("item")) or "" for step in steps])
    for element in tree.iter("nav", "ol", "ul", "div", "p"):
        label = (element.get("aria-label") or "").lower()
        if "breadcrumb" in label or any(map(_CRUMBS.fullmatch, class_names(element))):
            trails.append([words_of(link) for link in element.iter("a")])
    return trails


def _topics(tree: Element, notes: Annotations) -> tuple[str, ...]:
    keywords = notes.article.get("keywords")
    listed = [entry for entry in keywords if isinstance(entry, str)] if isinstance(keywords, list) else []
    found = listed or split_topics(text_of(keywords) or "") or notes.tags.get("article:tag", [])
    found = found or split_topics(", ".join(notes.tags.get("news_keywords", []) or notes.tags.get("keywords", [])))
    if not found:
        for element in tree.iter("ul", "ol", "div", "p", "section", "nav"):
            if any(map(_TOPIC_LISTS.fullmatch, class_names(element))):
                found = [words_of(link).lstrip("#") for link in element.iter("a")]
                break
    found = found or [words_of(link) for link in tree.iter("a") if "tag" in (link.get("rel") or "").split()]
    return tuple(dict.fromkeys(topic for topic in found if 1 < len(topic) <= 60))


def _published(tree: Element, notes: Annotations, above: list[Element]) -> Dating | None:
    """The annotated date; else that of a time element marked as publication, or of the first one above the text."""
    stated = notes.text("datePublished") or notes.tag(*_PUBLISHED)
    dating = read_dating(stated) if stated else None
    if dating is not None:
        return dating
    marked = (
        element for element in tree.iter("time", "abbr", "span", "p", "div", "meta") if _marks_publication(element)
    )
    for element in (*marked, *(element for element in above if element.tag == "time")):
        value = element.get("datetime") or element.get("content")
        changed = any(
            re.search("updated|modified", name) for name in (*class_names(element), words_of(element).lower())
        )
        dating = read_dating(value) if value and not changed and not _is_aside(element) else None
        if dating is not None:
            return dating
    return None


def _marks_publication(element: Element) -> bool:
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return True
    return element.get("datetime") is not None and any(map(_PUBLISHED_NAMES.fullmatch, class_names(element)))


def _url(tree: Element, notes: Annotations) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return clean_line(link.get("href"))
    return notes.tag("og:url")
