"""Running Python code as real processes of a given user, as the tests of servers and faults need."""

from __future__ import annotations

import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_root = pytest.mark.root


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Returns when the condition holds; fails the test when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.02)


def start_python(code: str, *arguments: str, user: str | None = None) -> subprocess.Popen[str]:
    """``python -c code arguments``; its output is captured as text."""
    identity = pwd.getpwnam(user) if user else None
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=identity.pw_uid if identity else None,
        group=identity.pw_gid if identity else None,
        extra_groups=[] if identity else None,
        cwd="/",
    )


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder every user of the machine can reach, unlike pytest's own under a private parent."""
    folder = Path(tempfile.mkdtemp(prefix="wnt-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
