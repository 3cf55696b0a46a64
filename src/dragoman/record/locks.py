"""Who may write: one writer at a time, by a locked file in a folder, by a lease on object storage."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError
from filelock import FileLock, Timeout

from dragoman.errors import RecordError

LEASE_SECONDS = 60
"""How long a lease lasts that nobody renews: so long others wait after a writer was killed."""

PAUSE_SECONDS = 0.5
"""Between two looks at a lease that another holds."""

_NOBODY = ""
_LEASE = pa.schema([("holder", pa.string()), ("until", pa.timestamp("us", tz="UTC"))])


class FolderLock:
    """A locked file in the record's folder; the system lets it go when its process ends."""

    def __init__(self, root: str, patience: float) -> None:
        self._root = root
        self._patience = patience
        self._lock = FileLock(Path(root, "write.lock"))

    def acquire(self) -> None:
        """Wait until nobody else writes."""
        try:
            self._lock.acquire(timeout=self._patience)
        except Timeout as error:
            raise _waited(self._root, self._patience) from error

    def check(self) -> None:
        """Nobody can take the lock of a process that lives."""

    def release(self) -> None:
        """Let others write."""
        self._lock.release()


class Lease:
    """A lease in a Delta table of one row, for storage that has no locks; it is renewed as long as its holder lives.

    Of two commits on one version of a table only one succeeds, so only one writer gets it. Clocks of machines that
    write must agree to within half of `LEASE_SECONDS`.
    """

    def __init__(self, root: str, patience: float) -> None:
        self._root = root
        self._place = f"{root}/lock"
        self._patience = patience
        self._name = uuid.uuid4().hex
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def acquire(self) -> None:
        """Wait until nobody else writes."""
        until = time.monotonic() + self._patience
        while not self._taken():
            if time.monotonic() > until:
                raise _waited(self._root, self._patience)
            time.sleep(PAUSE_SECONDS)
        self._renewing.start()

    def check(self) -> None:
        """Fail if another has taken the lease over, as nothing that was written may then be committed."""
        if self._holder(DeltaTable(self._place)) != self._name:
            raise RecordError(
                f"Another process has taken over the right to write to {self._root}, as this one did not renew it for "
                f"{LEASE_SECONDS} s. Nothing was committed; run it again."
            )

    def renew(self) -> bool:
        """Hold the lease for longer; False if another has it."""
        return self._put(self._name)

    def stop(self) -> None:
        """Renew no more."""
        self._ended.set()
        self._renewing.join()

    def release(self) -> None:
        """Let others write."""
        self.stop()
        self._put(_NOBODY)

    def _put(self, name: str) -> bool:
        """Write who holds it from now on; False if it is not ours to give. A late creator may come between, once."""
        for last in (False, True):
            table = DeltaTable(self._place)
            if self._holder(table) != self._name:
                return False
            try:
                write_deltalake(table, _row(name), mode="overwrite")
            except DeltaError:
                if last:
                    raise
            else:
                return True
        return False

    def _taken(self) -> bool:
        """Whether the lease was free and is now ours."""
        try:
            if not DeltaTable.is_deltatable(self._place):
                # Two that create it at once may both succeed, so that nobody holds it by having created it.
                write_deltalake(self._place, _row(_NOBODY), mode="error")
            table = DeltaTable(self._place)
            if self._holder(table) != _NOBODY:
                return False
            write_deltalake(table, _row(self._name), mode="overwrite")
        except DeltaError:
            # Another was faster.
            return False
        return True

    def _renew(self) -> None:
        while not self._ended.wait(LEASE_SECONDS / 3) and self.renew():
            pass

    def _holder(self, table: DeltaTable) -> str:
        """Who holds the lease; nobody once it has run out."""
        now = datetime.now(UTC)
        rows = table.to_pyarrow_table().to_pylist()
        return next((row["holder"] for row in rows if row["holder"] != _NOBODY and row["until"] > now), _NOBODY)


def _row(holder: str) -> pa.Table:
    until = datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS)
    return pa.Table.from_pylist([{"holder": holder, "until": until}], schema=_LEASE)


def _waited(root: str, patience: float) -> RecordError:
    return RecordError(
        f"Another process has been writing to {root} for over {patience:.0f} s. Wait for it, or stop it."
    )
