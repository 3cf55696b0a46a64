"""Whether what is pinned has known vulnerabilities: `python -m audits.vulnerabilities` asks by pip-audit.

The advisories are on the network. Where they cannot be reached nothing is known, which is said, and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 300
"""How long to wait for the advisories."""


def judged(told: str) -> list[str] | None:
    """The vulnerabilities that pip-audit's JSON tells; None where it tells nothing, since it reached nobody."""
    try:
        found = json.loads(told)
    except ValueError:
        return None
    return [
        f"{package['name']} {package['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'none yet'}"
        for package in found["dependencies"]
        for one in package.get("vulns", ())
    ]


def main() -> int:
    """Ask for every pinned package; 1 where one is known to be vulnerable."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "constraints.txt"), "--no-deps"]
    try:
        done = subprocess.run(
            [*command, "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        told, why = "", f"no answer within {SECONDS} seconds"
    else:
        told, why = done.stdout, (done.stderr.strip().splitlines() or ["no answer"])[-1]
    found = judged(told)
    if found is None:
        sys.stderr.write(f"Nothing is known of vulnerabilities: the advisories cannot be had here ({why[:200]}).\n")
        return 0
    for line in found:
        sys.stderr.write(f"vulnerable: {line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
