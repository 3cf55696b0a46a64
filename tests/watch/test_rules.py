from __future__ import annotations

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dragoman.errors import DataError
from dragoman.relate.testimony import State
from dragoman.terms import Domain
from dragoman.watch import Channel, Kind, RuleKind, load_channels, load_rules, load_sources, presets
from dragoman.watch.sources import Source

HOUR = datetime.timedelta(hours=1)
NIGHT = datetime.datetime(2026, 1, 9, 23, 30, tzinfo=datetime.UTC)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.toml"
    path.write_text(text)
    return path


def test_rules_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[rule]]\nname = "a"\nkind = "indicator"\ndyads = ["North Korea/RUS", "watchlist"]\nleast = "claimed"\n'
        '[[rule]]\nname = "b"\nkind = "deed"\ndyads = ["PRK/RUS"]\ndomains = ["arms"]\nurgent = true\n'
        '[[rule]]\nname = "c"\nkind = "silence"\nchannels = ["mail"]\n',
    )
    first, second, third = load_rules(path)
    assert (first.dyads, first.watchlist, first.least) == ((("PRK", "RUS"),), True, State.CLAIMED)
    assert (second.domains, second.urgent) == ((Domain.ARMS,), True)
    assert (third.kind, third.channels) == (RuleKind.SILENCE, ("mail",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no rule"),
        ("[[rule]]\nkind = 'deed'", "lacks 'name'"),
        ("[[rule]]\nname = 'a'\nkind = 'rumour'", "one of indicator, deed"),
        ("[[rule]]\nname = 'a'\nkind = 'deed'", "dyads is missing"),
        ("[[rule]]\nname = 'a'\nkind = 'deed'\ndyads = ['PRK']", "FIRST/SECOND"),
        ("[[rule]]\nname = 'a'\nkind = 'deed'\ndyads = ['PRK/RUS']\ndomains = ['guns']", "'guns'"),
        ("[[rule]]\nname = 'a'\nkind = 'era'\ndyads = ['PRK/RUS']\nodds = 0.5", "'odds'"),
        ("[[rule]]\nname = 'a'\nkind = 'odds'\ndyads = ['PRK/RUS']\nodds = 50", "from 0 to 1"),
        ("[[rule]]\nname = 'a'\nkind = 'silence'\n" * 2, "two rules"),
        ("[[rule]", "no TOML"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        load_rules(written(tmp_path, text))


def test_sources_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[watch]\nspacing = "9s"\n'
        '[[source]]\nname = "a"\nkind = "feed"\naddress = "https://h.example/f.xml"\n'
        'read = "entry"\nrecheck = ["1h", "2d"]\n'
        '[[source]]\nname = "b"\nkind = "pages"\naddresses = ["https://h.example/"]\n'
        'follow = "/news/"\ninterval = "2h"\n'
        '[source.limits]\nspacing = "1s"\nbacklog = 0\n'
        '[[source]]\nname = "c"\nkind = "drop"\nfolder = "inbox"\nsilence = "7d"\n',
    )
    first, second, third = load_sources(path)
    assert (first.entry, first.recheck, first.limits.spacing) == (True, (HOUR, 48 * HOUR), HOUR / 400)
    assert (second.interval, second.jitter, second.limits.backlog) == (2 * HOUR, HOUR / 5, 0)
    assert second.follow is not None
    assert (third.folder, third.silence) == (tmp_path / "inbox", 168 * HOUR)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no source"),
        ("[[source]]\nname = 'a'\nkind = 'feed'", "lacks 'address'"),
        ("[[source]]\nname = 'a'\nkind = 'feed'\naddress = 'ftp://h.example'", "only http and https"),
        ("[[source]]\nname = 'a'\nkind = 'feed'\naddress = 'http://u:p@h.example'", "user name or password"),
        ("[[source]]\nname = 'a'\nkind = 'feed'\naddress = 'http://h.example'\ninterval = 'often'", "such as 30s"),
        ("[[source]]\nname = 'a'\nkind = 'feed'\naddress = 'http://h.example'\ninterval = '0s'", "no time at all"),
        ("[[source]]\nname = 'a'\nkind = 'feed'\naddress = 'http://h.example'\nlanguage = 'ru'", "one of en"),
        ("[[source]]\nname = 'a'\nkind = 'pages'\naddresses = ['http://h.example']\nfollow = '('", "no pattern"),
        ("[[source]]\nname = 'a'\nkind = 'mail'\nfolder = 'x'\nread = 'entry'", "'read'"),
        ("[[source]]\nname = 'a'\nkind = 'mail'\nfolder = 'x'\n" * 2, "two sources"),
        ("source = 3", "tables"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        load_sources(written(tmp_path, text))


def test_the_presets_are_a_list_of_sources(tmp_path: Path) -> None:
    found = load_sources(written(tmp_path, "\n".join(preset.table() for preset in presets())))
    assert len(found) >= 30
    assert {source.kind for source in found} == {Kind.FEED}
    assert len({source.address for source in found}) == len(found)
    assert isinstance(found[0], Source)


SECRET = "wonderland9"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"[[channel]]\nname = 'a'\naddress = 'nosuch://{SECRET}'", "none that Apprise knows"),
        (f"[[channel]]\nname = 'a'\naddress = 'json://h.example/{SECRET}'\nvariable = 'X'", "not both"),
        ("[[channel]]\nname = 'a'\nvariable = 'NOT_SET'", "NOT_SET, which is not set"),
        (f"[[channel]]\nname = 'a'\naddress = 'json://h.example/{SECRET}'\nquiet = '22-7'", "such as 07:00"),
        (f"[[channel]]\nname = 'a'\naddress = 'json://h.example/{SECRET}'\nzone = 'Mars'", "Europe/Berlin"),
        (f"[[channel]]\nname = 'a'\naddress = 'json://h.example/{SECRET}'\ncolour = 'red'", "'colour'"),
    ],
)
def test_a_channel_that_makes_no_sense_is_refused_and_its_address_not_shown(
    tmp_path: Path, text: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(DataError, match=told) as refused:
        load_channels(written(tmp_path, text), {"X": "y"})
    assert SECRET not in str(refused.value)
    assert SECRET not in caplog.text


def test_a_channel_does_not_show_its_address(tmp_path: Path) -> None:
    text = f"[[channel]]\nname = 'a'\naddress = 'json://h.example/{SECRET}'\ndigest = '07:30'\nzone = 'Asia/Seoul'"
    (channel,) = load_channels(written(tmp_path, text), {})
    assert SECRET not in repr(channel)
    assert SECRET in channel.address


def test_quiet_hours_hold_by_the_clock_of_the_place() -> None:
    quiet = (datetime.time(22), datetime.time(7))
    berlin = Channel("a", "json://h.example", ZoneInfo("Europe/Berlin"), quiet)
    assert berlin.when(NIGHT, urgent=False) == NIGHT + 6.5 * HOUR
    assert berlin.when(NIGHT, urgent=True) == NIGHT
    assert berlin.when(NIGHT + 7 * HOUR, urgent=False) == NIGHT + 7 * HOUR
    summer = datetime.datetime(2026, 7, 9, 4, 30, tzinfo=datetime.UTC)
    assert berlin.when(summer, urgent=False) == summer + HOUR / 2


def test_a_digest_gathers_until_its_hour() -> None:
    daily = Channel("a", "json://h.example", ZoneInfo("Asia/Seoul"), None, datetime.time(7, 30))
    assert daily.when(NIGHT, urgent=False) == NIGHT + 23 * HOUR
    assert daily.when(NIGHT + 23 * HOUR, urgent=False) == NIGHT + 47 * HOUR
    assert daily.when(NIGHT, urgent=True) == NIGHT
