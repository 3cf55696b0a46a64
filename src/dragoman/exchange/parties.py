"""Makes actors of the record from what other providers call theirs: codes, names, sectors, on the event's day."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property

from dragoman.coding.gazetteer import Entry, Gazetteer, NameKind
from dragoman.exchange.codes import data_table
from dragoman.exchange.countries import Codes, crosswalk, plain_name
from dragoman.exchange.named import UNKNOWN_SECTOR, named_actors
from dragoman.exchange.people import People
from dragoman.exchange.within import Within
from dragoman.records import Actor

UNSPECIFIED = frozenset({"", "unspecified actor", "unidentified state actor", "unknown actor", "unknown"})
"""Names, as `plain_name` gives them, by which a provider says that it does not know who it was."""
_ROLE = re.compile(r"(?P<role>.+?) ?\((?P<place>[^()]*(?:\([^()]*\)?)?)\)?\s*$")


class Parties:
    """Resolves other people's actors; what it cannot tell is None."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._crosswalk = crosswalk()
        self._sectors = data_table("sectors.toml")

    @cached_property
    def _people(self) -> People:
        return People(self._gazetteer, named_actors())

    @cached_property
    def _within(self) -> Within:
        return Within(self._gazetteer, self._crosswalk)

    @cached_property
    def _roles(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(rule["words"]), rule["sector"]) for rule in self._sectors["role"]]

    def country(self, system: Codes, value: str, day: date | None = None) -> str | None:
        """The record's code of a state; see `countries.Crosswalk.code`."""
        return self._crosswalk.code(system, value, day)

    def state(self, code: str, name: str | None = None, sector: str | None = None) -> Actor:
        """The actor of a state's code; without a name it is the state's own."""
        known = self._gazetteer.states.get(code)
        own = known.name if known else self._crosswalk.names.get(code, code)
        if name is None and sector is None:
            return known or Actor(code, own)
        return Actor(code, name or own, sector)

    def icews(self, name: str, sectors: str, country: str, day: date | None) -> Actor | None:
        """An actor of ICEWS: name, sectors by comma, name of the country; each may be empty."""
        code = self._crosswalk.code(Codes.NAME, country, day) if country else None
        if plain_name(name) in UNSPECIFIED:
            return None
        if (own := self._crosswalk.code(Codes.NAME, name, day)) is not None:
            return self.state(own)
        if (role := _ROLE.fullmatch(name)) is not None:
            return self._by_role(role["role"], role["place"], name, sectors, day, code)
        entry = self._people.entry(name, day)
        if entry is not None and (code in (None, entry.actor.code) or self._heads_a_body(entry, sectors, day)):
            return entry.on(day).actor
        if code is not None:
            return self.state(code, name, self.icews_sector(sectors) or self.role_sector(name) or UNKNOWN_SECTOR)
        return self._transnational(name, sectors) or self._by_words(name, sectors, day) or self._by_province(name)

    def _heads_a_body(self, entry: Entry, sectors: str, day: date | None) -> bool:
        """Whether a person acts for an international body, though ICEWS names the country they are from."""
        for_body = "International Government Organization" in sectors and entry.actor.code not in self._gazetteer.states
        return for_body and day is not None and entry.in_office(day)

    def icews_sector(self, sectors: str) -> str | None:
        """PLOVER's sector for ICEWS's list, by the first rule of `sectors.toml` that names one of them."""
        told = {part.strip() for part in sectors.split(",")}
        for rule in self._sectors["icews"]:
            if not told.isdisjoint(rule["any"]):
                return str(rule["sector"])
        return None

    def role_sector(self, role: str) -> str | None:
        """PLOVER's sector for the words of a role, such as “Foreign Affairs”."""
        words = role.replace("_", " ").casefold()
        return next((sector for pattern, sector in self._roles if pattern.search(words)), None)

    def _by_role(
        self, role: str, place: str, name: str, sectors: str, day: date | None, code: str | None
    ) -> Actor | None:
        """“Military (Russia)”: the words in brackets are a state, a body or a group."""
        code = self._crosswalk.code(Codes.NAME, place, day) or code
        sector = self.icews_sector(sectors) or self.role_sector(role)
        if code is not None:
            return self.state(code, name, sector or UNKNOWN_SECTOR)
        found = self._people.find(place, day)
        if found is not None:
            return Actor(found.code, name, sector or found.sector or UNKNOWN_SECTOR)
        if (spoken := self._within.state(place, day)) is not None:
            return self.state(spoken[0], name, sector or self.role_sector(spoken[1]) or UNKNOWN_SECTOR)
        if (region := self._within.province(place)) is not None:
            return self.state(region, name, sector or UNKNOWN_SECTOR)
        return self._transnational(name, sectors)

    def _by_words(self, name: str, sectors: str, day: date | None) -> Actor | None:
        """“Egyptian Army”, “Seoul High Court”: a state's name inside and words of a role; both are needed."""
        found = self._within.state(name, day)
        if found is None:
            return None
        sector = self.icews_sector(sectors) or self.role_sector(found[1])
        return self.state(found[0], name, sector) if sector else None

    def _by_province(self, name: str) -> Actor | None:
        code = self._within.province(name)
        return self.state(code, name, UNKNOWN_SECTOR) if code else None

    def _transnational(self, name: str, sectors: str) -> Actor | None:
        told = {part.strip() for part in sectors.split(",")}
        plain = plain_name(name)
        if "International Government Organization" in told:
            if re.search(r"\beuropean (union|commission|parliament|council)\b|\beu\b", plain):
                return Actor("EUR", name)
            if re.search(r"\bunited nations\b|^un\b", plain):
                return Actor("UNO", name)
            return Actor("IGO", name)
        if "Nongovernmental Organization (International)" in told:
            return Actor("NGO", name)
        if "Multinational Corporation" in told:
            return Actor("MNC", name)
        if told & {"International Insurgents", "International Dissident"}:
            return Actor("IMG", name, "REB")
        return None

    def cameo(self, code: str, name: str, country: str, group: str, kinds: str, day: date | None) -> Actor | None:
        """An actor of GDELT: its CAMEO code, name, country code, known group and type codes by space."""
        state = self._crosswalk.code(Codes.CAMEO, country, day) if country else None
        sectors = self._sectors["cameo"]
        sector = next((sectors[kind] for kind in kinds.split() if kind in sectors), None)
        if state is not None:
            own = group or kinds
            return self.state(state, _title(name) if own else None, (sector or UNKNOWN_SECTOR) if own else None)
        for word in (group, country, code[:3], *kinds.split()):
            row = self._sectors["transnational"].get(word)
            if row and "code" in row:
                return Actor(row["code"], row.get("name") or _title(name) or row["code"], row.get("sector"))
        if not country and (entry := self._people.entry(name, day)) and entry.kind is not NameKind.ORGAN:
            return entry.on(day).actor
        return None

    def plover(self, code: str, sector: str, name: str, day: date | None) -> Actor | None:
        """An actor of POLECAT or a PLOVER record: alpha-3 or PLOVER code, PLOVER sector, name."""
        word = code.strip().upper()
        own = sector.strip().upper() or None
        if word in ("IGO", "NGO", "ISM", "IMG", "MNC", "UNO", "EUR"):
            entry = self._people.entry(name, day) if name else None
            if entry is not None and entry.actor.code == word:
                return entry.on(day).actor
            return Actor(word, name or word, own)
        state = self._crosswalk.code(Codes.ISO3, word, day)
        if state is None:
            return self._people.find(name, day) if name and not word else None
        if own == "GOV" and self._crosswalk.code(Codes.NAME, name, day) == state:
            return self.state(state)
        return self.state(state, name or None, own)

    def acled(self, name: str, kind: str, country: str, day: date | None) -> Actor | None:
        """An actor of ACLED: name such as “Military Forces of Mali (2020-)”, class, the event's country."""
        bare = re.sub(r"\s*\((?:\d{4}-\d{0,4})\)", "", name).strip()
        if not bare:
            return None
        sector = self._sectors["acled"].get(kind)
        place = re.search(r"\(([^()]+)\)$", bare) or re.search(r"\bof (?:the )?([^()]+)$", bare)
        code = self._crosswalk.code(Codes.NAME, place[1], day) if place else None
        if sector == "MIL" and "police" in bare.casefold():
            sector = "COP"
        if sector == "MIL" and bare.casefold().startswith("government of"):
            sector = "GOV"
        if code is None and (entry := self._people.entry(re.sub(r"\s*:.*|\s*\(.*", "", bare), day)):
            return Actor(entry.actor.code, bare, sector or entry.actor.sector)
        # Whom no state is named for acts where the event lies, unless it is a force from outside.
        if code is None and kind not in ("8", "External/Other forces", "External forces"):
            code = self._crosswalk.code(Codes.NAME, country, day)
        return self.state(code, bare, sector or UNKNOWN_SECTOR) if code else None

    def ucdp(self, name: str, gw: str, country: str, day: date | None) -> Actor | None:
        """A side of UCDP: name such as “Government of Mali”, its Gleditsch-Ward number, the event's country."""
        bare = name.strip()
        if not bare:
            return None
        ruled = re.fullmatch(r"Government of (.+)", bare)
        if ruled:
            code = self._crosswalk.code(Codes.GW, gw, day) if gw else None
            code = code or self._crosswalk.code(Codes.NAME, ruled[1], day)
            code = code or self._crosswalk.code(Codes.NAME, re.sub(r"\s*\(.*", "", ruled[1]), day)
            return self.state(code, bare, "MIL") if code else None
        if bare != "Civilians" and (entry := self._people.entry(bare, day)):
            return Actor(entry.actor.code, bare, entry.actor.sector)
        code = self._crosswalk.code(Codes.NAME, country, day)
        return self.state(code, bare, "CVL" if bare == "Civilians" else "REB") if code else None


def _title(name: str) -> str:
    return name.title() if name.isupper() else name
