from __future__ import annotations

import json

from audits.licences import forbidden, is_copyleft
from audits.licences import main as licences
from audits.secrets import ROOT, secrets_in, tracked
from audits.vulnerabilities import judged


def test_everything_installed_may_stand_beside_apache() -> None:
    assert licences() == 0


def test_licences_of_the_gpl_s_family_are_found_and_choices_are_seen() -> None:
    assert is_copyleft(["GPL-3.0-only"])
    assert is_copyleft(["GNU Affero General Public License v3"])
    assert is_copyleft(["LGPL-2.1-or-later OR GPL-2.0-only"])
    assert not is_copyleft(["MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later"])
    assert not is_copyleft(["MIT License", "GNU Lesser General Public License v2"])
    assert not is_copyleft(["BSD-3-Clause"])
    assert forbidden([("bad", ["GPLv3"]), ("pyphen", ["GPL"]), ("good", ["MIT"])]) == ["bad: GPLv3"]


def test_no_kept_file_holds_a_secret() -> None:
    found = [
        (str(path.relative_to(ROOT)), line, kind)
        for path in tracked(ROOT)
        if path.is_file() and path.stat().st_size < 2_000_000
        for line, kind in secrets_in(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert found == []


def test_planted_secrets_are_found() -> None:
    # Put together here, so that this file itself holds none.
    planted = {
        "private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AWS access key": "AKIA" + "Z7Q2M4X8P1L6K3J5",
        "GitHub token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
        "password in an address": "postgresql://desk:" + "hunter2hunter2@host/desk",
        "named secret": "api_" + 'key = "q8Z3kP0vX7mN2sT5wY1b"',
        "signed web token": "eyJhbGciOiJI" + "UzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkw.c2lnbmF0dXJl",
    }
    for kind, text in planted.items():
        assert [(line, found) for line, found in secrets_in(f"\n{text}\n")] == [(2, kind)], kind
    assert list(secrets_in('password = "correct-horse-battery-staple"')) == []


def test_what_pip_audit_tells_is_judged() -> None:
    told = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": []},
            {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
        ]
    }
    assert judged(json.dumps(told)) == ["b 2: PYSEC-1, mended in 3"]
    assert judged("") is None
