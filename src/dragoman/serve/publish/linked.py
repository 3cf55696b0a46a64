"""A published brief as JSON-LD: schema.org's NewsArticle, for those who read pages by machine."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup


def news_article(
    *,
    address: str,
    title: str,
    standfirst: str,
    author: str,
    author_address: str,
    section: str,
    topic: str,
    published: datetime.datetime,
    changed: datetime.datetime,
    words: int,
    images: Sequence[str],
    comments: int,
    citations: Sequence[str],
    corrections: Sequence[tuple[datetime.datetime, str]],
) -> dict[str, Any]:
    """The brief as a NewsArticle; addresses are absolute."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": title[:300],
        "description": standfirst,
        "datePublished": published.isoformat(),
        "dateModified": changed.isoformat(),
        "author": {"@type": "Person", "name": author, "url": author_address},
        "publisher": {"@type": "Organization", "name": "Dragoman"},
        "articleSection": section,
        "keywords": topic,
        "inLanguage": "en",
        "wordCount": words,
        "commentCount": comments,
        "isAccessibleForFree": True,
        "image": list(images),
        "citation": [{"@type": "CreativeWork", "name": name} for name in citations],
        "correction": [
            {"@type": "CorrectionComment", "datePublished": at.isoformat(), "text": note} for at, note in corrections
        ],
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def as_script_data(data: dict[str, Any]) -> Markup:
    """The data as JSON that may stand within a script element: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
