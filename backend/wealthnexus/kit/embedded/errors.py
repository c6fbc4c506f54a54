"""What can go wrong with a server that this clone runs itself."""

from __future__ import annotations

import errno
from pathlib import Path


class EmbeddedServerError(Exception):
    """A server was not started; the message is one sentence that says what to do."""


def explain_os_error(error: OSError, doing: str, path: Path) -> EmbeddedServerError:
    """The sentence for a refused file operation: ``doing`` is what was tried ("make the folder")."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        advice = "free some space there, or set WEALTHNEXUS_DATA_DIR to a folder on another disk"
        return EmbeddedServerError(f"Could not {doing} {path}: the disk is full; {advice}.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = "give this user the folder (chown), or set WEALTHNEXUS_DATA_DIR to a folder it may write"
        return EmbeddedServerError(f"Could not {doing} {path}: {error.strerror}; {advice}.")
    return EmbeddedServerError(
        f"Could not {doing} {path}: {error.strerror or error}; set WEALTHNEXUS_DATA_DIR to a usable folder."
    )
