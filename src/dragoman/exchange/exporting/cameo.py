"""CAMEO codes for PLOVER's types and modes, with the names and Goldstein scores that ICEWS prints with them.

Only codes that stand for one type or mode are used, so that the way back is the same; a mode that CAMEO has no code for
gets its type's. A RETREAT without such a mode has no code: CAMEO's 08 alone would read as CONCEDE.
"""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.terms import ARMED_GROUPS, EventType

_ARMED = ARMED_GROUPS | {"MIL", "SPY"}


@dataclass(frozen=True, slots=True)
class Cameo:
    """A CAMEO code as ICEWS writes it; `score` is Goldstein's, -10 (conflict) to +10 (cooperation)."""

    code: str
    text: str
    score: float


CAMEO: dict[tuple[EventType, str | None], Cameo] = {
    (EventType.AGREE, None): Cameo("030", "Express intent to cooperate", 4.0),
    (EventType.CONSULT, None): Cameo("040", "Consult", 1.0),
    (EventType.CONSULT, "phone"): Cameo("041", "Discuss by telephone", 1.0),
    (EventType.CONSULT, "visit"): Cameo("042", "Make a visit", 1.9),
    (EventType.CONSULT, "third-party"): Cameo("044", "Meet at a 'third' location", 2.5),
    (EventType.SUPPORT, None): Cameo("050", "Engage in diplomatic cooperation", 3.5),
    (EventType.CONCEDE, None): Cameo("080", "Yield", 5.0),
    (EventType.COOPERATE, None): Cameo("060", "Engage in material cooperation", 6.0),
    (EventType.AID, None): Cameo("070", "Provide aid", 7.0),
    (EventType.RETREAT, "release"): Cameo("0841", "Return, release person(s)", 7.0),
    (EventType.RETREAT, "ceasefire"): Cameo("0871", "Declare truce, ceasefire", 9.0),
    (EventType.RETREAT, "withdraw"): Cameo("0874", "Retreat or surrender militarily", 10.0),
    (EventType.REQUEST, None): Cameo("100", "Demand", -5.0),
    (EventType.REQUEST, "yield"): Cameo("105", "Demand that target yields", -5.0),
    (EventType.ACCUSE, None): Cameo("110", "Disapprove", -2.0),
    (EventType.ACCUSE, "disapprove"): Cameo("111", "Criticize or denounce", -2.0),
    (EventType.ACCUSE, "allege"): Cameo("112", "Accuse", -2.0),
    (EventType.ACCUSE, "investigate"): Cameo("090", "Investigate", -2.0),
    (EventType.REJECT, None): Cameo("120", "Reject", -4.0),
    (EventType.REJECT, "yield"): Cameo("124", "Refuse to yield", -4.0),
    (EventType.REJECT, "meet"): Cameo("125", "Reject proposal to meet, discuss, or negotiate", -5.0),
    (EventType.THREATEN, None): Cameo("130", "Threaten", -4.4),
    (EventType.THREATEN, "relations"): Cameo("1313", "Threaten to reduce or break relations", -5.8),
    (EventType.THREATEN, "violence"): Cameo("138", "Threaten with military force", -7.0),
    (EventType.PROTEST, None): Cameo("140", "Engage in political dissent", -6.5),
    (EventType.PROTEST, "demo"): Cameo("141", "Demonstrate or rally", -6.5),
    (EventType.PROTEST, "hunger"): Cameo("142", "Conduct hunger strike", -6.5),
    (EventType.PROTEST, "strike"): Cameo("143", "Conduct strike or boycott", -6.5),
    (EventType.PROTEST, "obstruct"): Cameo("144", "Obstruct passage, block", -7.5),
    (EventType.PROTEST, "riot"): Cameo("145", "Protest violently, riot", -7.5),
    (EventType.MOBILIZE, None): Cameo("150", "Demonstrate military or police power", -7.2),
    (EventType.MOBILIZE, "police"): Cameo("153", "Mobilize or increase police power", -7.2),
    (EventType.MOBILIZE, "troops"): Cameo("154", "Mobilize or increase armed forces", -7.2),
    (EventType.SANCTION, None): Cameo("160", "Reduce relations", -4.0),
    (EventType.SANCTION, "discontinue"): Cameo("163", "Impose embargo, boycott, or sanctions", -8.0),
    (EventType.COERCE, None): Cameo("170", "Coerce", -7.0),
    (EventType.COERCE, "seize"): Cameo("171", "Seize or damage property", -9.2),
    (EventType.COERCE, "restrict"): Cameo("172", "Impose administrative sanctions", -5.0),
    (EventType.COERCE, "arrest"): Cameo("173", "Arrest, detain, or charge with legal action", -5.0),
    (EventType.COERCE, "deport"): Cameo("174", "Expel or deport individuals", -5.0),
    (EventType.ASSAULT, None): Cameo("180", "Use unconventional violence", -9.0),
    (EventType.ASSAULT, "abduct"): Cameo("181", "Abduct, hijack, or take hostage", -9.0),
    (EventType.ASSAULT, "beat"): Cameo("182", "Physically assault", -9.5),
    (EventType.ASSAULT, "sexual"): Cameo("1821", "Sexually assault", -9.0),
    (EventType.ASSAULT, "torture"): Cameo("1822", "Torture", -9.0),
    (EventType.ASSAULT, "targeted"): Cameo("186", "Assassinate", -10.0),
    (EventType.ASSAULT, "explosives"): Cameo("183", "Conduct suicide, car, or other non-military bombing", -10.0),
    (EventType.ASSAULT, "suicide-attack"): Cameo("1831", "Carry out suicide bombing", -10.0),
    (EventType.ASSAULT, "firearms"): Cameo("193", "fight with small arms and light weapons", -10.0),
    (EventType.ASSAULT, "heavy-weapons"): Cameo("194", "fight with artillery and tanks", -10.0),
    (EventType.ASSAULT, "aerial"): Cameo("195", "Employ aerial weapons", -10.0),
}
CONVENTIONAL = Cameo("190", "Use conventional military force", -10.0)
"""An ASSAULT without a mode of its own, where the attacker is a state or an armed body."""


def cameo_for(kind: EventType, mode: str | None, sectors: tuple[str | None, ...]) -> Cameo | None:
    """The CAMEO code of a type and mode done by actors of these sectors; None where CAMEO has none."""
    exact = CAMEO.get((kind, mode)) if mode else None
    if exact is not None:
        return exact
    if kind is EventType.ASSAULT and all(sector is None or sector in _ARMED for sector in sectors):
        return CONVENTIONAL
    return CAMEO.get((kind, None))


def carried_modes() -> frozenset[tuple[EventType, str]]:
    """The modes that have a code of their own."""
    return frozenset((kind, mode) for kind, mode in CAMEO if mode is not None)
