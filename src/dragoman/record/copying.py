"""A copy of a record as it is at one version, with all its older ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from dragoman.errors import UsageError
from dragoman.record.places import is_remote
from dragoman.record.store import Store

LOCK = "write.lock"


def copy_record(store: Store, target: Path, meanwhile: Callable[[], object] = lambda: None) -> int:
    """Copy the record's folder while nobody writes to it, and do `meanwhile` at that moment; the version copied."""
    if is_remote(store.root):
        raise UsageError(
            f"The record lies at {store.root}; a backup copies a folder. Let the storage keep versions of the "
            "bucket, or copy it with its own tools while nothing writes."
        )
    with store.begin("backup") as transaction:
        meanwhile()
        shutil.copytree(store.root, target, ignore=shutil.ignore_patterns(LOCK))
        return transaction.base.version
