from __future__ import annotations

import pytest

from dragoman.errors import SettingError
from dragoman.settings import SETTINGS, Settings


def test_load_takes_the_table_s_defaults() -> None:
    settings = Settings.load({})
    assert settings.record == "./record"
    assert settings.fetch_allow == ()


def test_load_prefers_the_caller_to_the_environment() -> None:
    settings = Settings.load({"DRAGOMAN_RECORD": "/from/environment"}, record="/from/option")
    assert settings.record == "/from/option"


def test_load_reads_the_environment() -> None:
    settings = Settings.load({"DRAGOMAN_RECORD": "/a", "DRAGOMAN_FETCH_ALLOW": "127.0.0.1, localhost,"})
    assert (settings.record, settings.fetch_allow) == ("/a", ("127.0.0.1", "localhost"))


@pytest.mark.parametrize("value", ["0", "-1", "many", "nan", "inf"])
def test_load_refuses_a_number_that_cannot_be(value: str) -> None:
    with pytest.raises(SettingError, match="DRAGOMAN_DOCUMENT_BYTES"):
        Settings.load({"DRAGOMAN_DOCUMENT_BYTES": value})


def test_load_refuses_an_unknown_name() -> None:
    with pytest.raises(SettingError, match="no setting 'recrod'"):
        Settings.load({}, recrod="x")


def test_every_setting_has_help_and_its_own_variable() -> None:
    assert all(setting.help.endswith(".") for setting in SETTINGS)
    assert len({setting.variable for setting in SETTINGS}) == len(SETTINGS)


def test_load_refuses_a_sign_up_that_is_not_known() -> None:
    with pytest.raises(SettingError, match="DRAGOMAN_SERVE_SIGN_UP is 'closed'; allowed are invitation, open"):
        Settings.load({"DRAGOMAN_SERVE_SIGN_UP": "closed"})
