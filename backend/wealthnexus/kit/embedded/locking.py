"""One owner per data folder: an advisory lock that the kernel frees when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from wealthnexus.kit.embedded.errors import EmbeddedServerError, explain_os_error


class FolderInUseError(EmbeddedServerError):
    """Another live process holds the lock."""

    def __init__(self, message: str, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid


class FolderLock:
    """An exclusive ``flock`` on a file that names its holder's process id.

    The file may stay behind after a crash: only the kernel's lock counts, so a stale file never
    stops anybody. ``taken_over_from`` is then the id of the process that ended without tidying up.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.taken_over_from: int | None = None
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def acquire(self, thing: str) -> None:
        """Take the lock; raises FolderInUseError naming ``thing`` ("The database folder …")."""
        if self._descriptor is not None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise explain_os_error(error, "open the lock file", self.path) from error
        previous = self.holder()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            who = f"process {previous}" if previous else "another process"
            raise FolderInUseError(
                f"{thing} is in use by {who}; stop it, or set WEALTHNEXUS_DATA_DIR to another folder.",
                previous,
            ) from None
        except OSError as error:
            os.close(descriptor)
            raise explain_os_error(error, "lock", self.path) from error
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            os.close(descriptor)
            raise explain_os_error(error, "write", self.path) from error
        self.taken_over_from = previous if previous != os.getpid() else None
        self._descriptor = descriptor

    def holder(self) -> int | None:
        """The process id written in the file, living or not; None when there is none."""
        try:
            text = self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return int(text) if text.isdigit() else None

    def release(self) -> None:
        if self._descriptor is None:
            return
        # Emptied before it is freed, so that the next holder does not take us for a crash.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
        self._descriptor = None
