"""Which addresses may be fetched: none inside the own network, however it is written."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from dragoman.errors import FetchError
from dragoman.terms import RefusalReason

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Forbidden beside what the registries call private, reserved or link-local.
_FORBIDDEN: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; also Alibaba's metadata service
        "168.63.129.16/32",  # Azure's platform service
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
)
# IPv6 forms that hold an IPv4 address: the network, and how many bits lie right of the embedded address.
_EMBEDDING: tuple[tuple[ipaddress.IPv6Network, int], ...] = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),  # translated
    (ipaddress.IPv6Network("::/96"), 0),  # compatible
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `host` in ASCII, `url` in the form that is sent."""

    url: str
    scheme: str
    host: str
    port: int


class Allowed:
    """What may be fetched although it is private: host names, addresses, networks."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._networks: list[Network] = []
        self._hosts: set[str] = set()
        for entry in entries:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._hosts.add(entry.lower().rstrip("."))

    def allows(self, host: str, address: Address) -> bool:
        """Whether this address, reached under this name, is on the list."""
        return host in self._hosts or any(
            address.version == network.version and address in network for network in self._networks
        )


def check_addresses(host: str, found: Iterable[str], allowed: Allowed) -> list[str]:
    """The addresses to connect to; a `FetchError` (forbidden-address) if any of them is forbidden."""
    checked = []
    for text in found:
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError as error:
            raise _forbidden(host, text, "is no address") from error
        reason = None if allowed.allows(host, address) else why_forbidden(address)
        if reason is not None:
            raise _forbidden(host, text, reason)
        checked.append(text)
    return checked


def why_forbidden(address: Address) -> str | None:
    """Why an address may not be fetched; None for a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None and int(address) > 1:
            reason = why_forbidden(inner)
            return None if reason is None else f"holds {inner}, which {reason}"
    for holds, reason in (
        (address.is_unspecified, "is unspecified"),
        (address.is_loopback, "is loopback"),
        (address.is_link_local, "is link-local (cloud metadata is served there)"),
        (address.is_multicast, "is multicast"),
        (any(address.version == network.version and address in network for network in _FORBIDDEN), "is not public"),
        (address.is_private, "is private"),
        (address.is_reserved or not address.is_global, "is reserved"),
    ):
        if holds:
            return reason
    return None


def read_target(url: str) -> Target:
    """Take an address apart; a `FetchError` (forbidden-address) for what is never fetched."""
    url = url.strip()
    if len(url) > _LONGEST or _UNSAFE.search(url):
        raise _refused(url, "it is too long or holds spaces, control characters or backslashes")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, f"it is malformed ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise _refused(url, "only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise _refused(url, "it carries a user name or password")
    host = _ascii(host, url)
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    if not 0 < port < 65536:
        raise _refused(url, "its port is out of range")
    shown = f"[{host}]" if ":" in host else host
    usual = port == (443 if parts.scheme == "https" else 80)
    place = shown if usual else f"{shown}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return Target(urlunsplit((parts.scheme, place, path, query, "")), parts.scheme, host, port)


def _ascii(host: str, url: str) -> str:
    host = host.rstrip(".")
    if ":" in host:
        return host
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refused(url, "its host name is malformed") from error
    if re.fullmatch(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?", name) is None:
        raise _refused(url, "it has no valid host name")
    return name


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    for network, shift in _EMBEDDING:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None


def _forbidden(host: str, address: str, reason: str) -> FetchError:
    return FetchError(
        RefusalReason.FORBIDDEN_ADDRESS,
        f"{host} leads to {address}, which {reason}; only public addresses are fetched. "
        "Allow it with DRAGOMAN_FETCH_ALLOW if it is meant.",
    )


def _refused(url: str, reason: str) -> FetchError:
    return FetchError(
        RefusalReason.FORBIDDEN_ADDRESS, f"“{url[:200]}” is not fetched: {reason}. Give a plain http(s) address."
    )
