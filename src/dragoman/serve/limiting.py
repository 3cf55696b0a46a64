"""How often something may be done: buckets of tokens in memory, by what is done and by whom.

The counts are of this process and are gone when it ends; several processes behind one address each count their own.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dragoman.errors import SettingError

MOST_KEPT = 50_000
"""Buckets kept in memory; of more, those that were used longest ago go."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in so many seconds."""

    count: int
    seconds: float


class Limits:
    """The buckets of a desk; what has no rate is not limited."""

    def __init__(self, rates: Mapping[str, Rate], clock: Callable[[], float] = time.monotonic) -> None:
        self.rates = dict(rates)
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def wait(self, what: str, who: str, *, take: bool = True) -> float:
        """Seconds to wait until `who` may do `what`; 0 now, and then it counts as done unless `take` is false."""
        rate = self.rates.get(what)
        if rate is None:
            return 0
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop((what, who), (float(rate.count), now))
            left = min(float(rate.count), left + (now - at) * rate.count / rate.seconds)
            waiting = 0.0 if left >= 1 else (1 - left) * rate.seconds / rate.count
            self._buckets[what, who] = (left - 1 if take and not waiting else left, now)
            while len(self._buckets) > MOST_KEPT:
                self._buckets.popitem(last=False)
            return waiting


def parse_rates(text: str) -> dict[str, Rate]:
    """The rates of a text such as "sign-in=10/300, write=120/60"; "off" is none at all."""
    if text.strip() == "off":
        return {}
    rates = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, rate = part.partition("=")
        count, _, seconds = rate.partition("/")
        try:
            rates[name.strip()] = Rate(int(count), float(seconds))
        except ValueError:
            rates[name.strip()] = Rate(0, 0)
        if not (rates[name.strip()].count > 0 and 0 < rates[name.strip()].seconds < float("inf")):
            raise SettingError(
                f"DRAGOMAN_SERVE_LIMITS holds {part!r}; write what=times/seconds, such as sign-in=10/300, or off alone."
            )
    return rates


def address_key(host: str | None) -> str:
    """What stands for an address: of IPv6 its network of 64 bits, as one household has a whole one."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
