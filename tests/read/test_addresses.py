from __future__ import annotations

import ipaddress

import pytest

from dragoman.errors import FetchError
from dragoman.read.addresses import Allowed, check_addresses, read_target, why_forbidden

NONE = Allowed(())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001::1",
        "5f00::1",
    ],
)
def test_addresses_inside_are_forbidden(address: str) -> None:
    with pytest.raises(FetchError, match="only public addresses") as caught:
        check_addresses("name.example", [address], NONE)
    assert caught.value.reason == "forbidden-address"


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "8.8.8.8",
        "2606:2800:220:1:248:1893:25c8:1946",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "::ffff:8.8.8.8",
    ],
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert check_addresses("name.example", [address], NONE) == [address]


def test_one_forbidden_address_forbids_the_name() -> None:
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        check_addresses("name.example", ["93.184.216.34", "10.0.0.1"], NONE)
    with pytest.raises(FetchError, match="is no address"):
        check_addresses("name.example", ["nonsense"], NONE)


def test_the_allow_list_names_hosts_addresses_and_networks() -> None:
    allowed = Allowed(("intranet.example", "10.1.0.0/16", "127.0.0.1", "[::1]"))
    for host, address in (("intranet.example", "192.168.1.1"), ("x", "10.1.2.3"), ("x", "127.0.0.1"), ("x", "::1")):
        assert check_addresses(host, [address], allowed) == [address]
    for host, address in (("sub.intranet.example", "192.168.1.1"), ("x", "10.2.0.1"), ("x", "127.0.0.2")):
        with pytest.raises(FetchError):
            check_addresses(host, [address], allowed)


def test_the_reason_names_what_is_embedded() -> None:
    assert why_forbidden(ipaddress.ip_address("2002:7f00:1::")) == "holds 127.0.0.1, which is loopback"
    assert why_forbidden(ipaddress.ip_address("8.8.8.8")) is None


@pytest.mark.parametrize(
    ("url", "sent", "host", "port"),
    [
        ("https://News.Example/a b".replace(" ", "%20"), "https://news.example/a%20b", "news.example", 443),
        ("http://news.example:8080/?q=é#part", "http://news.example:8080/?q=%C3%A9", "news.example", 8080),
        ("http://news.example.:80", "http://news.example/", "news.example", 80),
        ("http://[::1]:80/x", "http://[::1]/x", "::1", 80),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example", 443),
        ("HTTP://2130706433/", "http://2130706433/", "2130706433", 80),
    ],
)
def test_an_address_is_brought_to_one_form(url: str, sent: str, host: str, port: int) -> None:
    target = read_target(url)
    assert (target.url, target.host, target.port) == (sent, host, port)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/",
        "file:///etc/passwd",
        "gopher://news.example/",
        "news.example/a",
        "http://",
        "http:///path",
        "http://user@news.example/",
        "http://user:secret@news.example/",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://news.example:port/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example/\r\nHost: other",
        "http://news.example/a b",
        "http://[::1/",
        "http://news_.example..com/\x00",
        "http://-a.example%00/",
        "http://" + "a" * 5000,
    ],
)
def test_what_is_never_fetched_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_target(url)
    assert caught.value.reason == "forbidden-address"
