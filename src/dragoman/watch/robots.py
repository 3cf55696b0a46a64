"""What a site's robots.txt allows, as RFC 9309 reads it, with Crawl-delay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

MOST_BYTES = 512_000
"""So much of a robots.txt is read (RFC 9309 asks for at least 500 KiB)."""
MOST_RULES = 2_000
"""The longest rules of a robot that are kept; files of sites have some hundred."""
LONGEST_DELAY = 86_400.0
"""The longest Crawl-delay that is kept, in seconds: a day."""


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float | None = None


class Robots:
    """The rules for one name of a robot: those of the groups that name it, else those for all (`*`)."""

    def __init__(self, text: str, agent: str) -> None:
        groups = _groups(text[:MOST_BYTES])
        wanted = agent.lower()
        own = [group for group in groups if wanted in group.agents]
        chosen = own or [group for group in groups if "*" in group.agents]
        rules = (rule for group in chosen for rule in group.rules)
        longest = sorted(rules, key=lambda rule: (-len(rule[0]), not rule[1]))[:MOST_RULES]
        self._rules = [(_pattern(path), allowed) for path, allowed in longest]
        self.delay = max((group.delay for group in chosen if group.delay is not None), default=None)
        """Seconds to wait between two requests, where the site says so."""

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched: the longest rule that fits decides, of two the one that allows."""
        parts = urlsplit(url)
        path = _plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        return next((allowed for pattern, allowed in self._rules if pattern.match(path)), True)


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    naming = False
    for line in text.splitlines():
        name, sign, value = line.partition("#")[0].partition(":")
        key, value = name.strip().lower(), value.strip()
        if not sign:
            continue
        if key == "user-agent":
            if not naming:
                groups.append(_Group())
            groups[-1].agents.append(re.split(r"[/\s]", value.lower(), maxsplit=1)[0])
            naming = True
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            if groups:
                _add(groups[-1], key, value)
    return groups


def _add(group: _Group, key: str, value: str) -> None:
    if key == "crawl-delay":
        if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
            group.delay = max(group.delay or 0.0, min(float(value), LONGEST_DELAY))
    elif value:
        group.rules.append((_plain(value), key == "allow"))


def _pattern(path: str) -> re.Pattern[str]:
    """The rule as a pattern: `*` is anything, `$` at the end is the end; never more than linear in what is matched."""
    ends = path.endswith("$")
    pieces = [re.escape(piece) for piece in re.split(r"\*+", path.removesuffix("$"))]
    # Each piece is taken at its first place (an atomic group), which is right as what follows is again anything.
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    last = ""
    if len(pieces) > 1:
        last = f".*{pieces[-1]}$" if ends else f".*?{pieces[-1]}"
    elif ends:
        last = "$"
    return re.compile(pieces[0] + middle + last, re.DOTALL)


def _plain(path: str) -> str:
    """Octets that are written in more than one way, in one way."""
    return re.sub(
        "%[0-9a-f]{2}", lambda match: match[0].upper(), quote(path, safe="/%:@!$&'()*+,;=~-._?[]|"), flags=re.I
    )
