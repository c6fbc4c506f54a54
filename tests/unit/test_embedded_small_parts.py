"""Ports, locks, free space, logs: the small parts under the servers."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest
from wealthnexus.kit.embedded import EmbeddedServerError, FolderInUseError, FolderLock, PortTakenError, listen
from wealthnexus.kit.embedded.errors import explain_os_error
from wealthnexus.kit.embedded.folders import need_space
from wealthnexus.kit.embedded.processes import end_process, is_alive, log_tail, rotate

from tests.support.processes import start_python, wait_for

pytestmark = pytest.mark.unit
# A range of its own, so that tests beside this one do not take its ports.
FIRST = 18_300 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def test_the_next_free_port_is_chosen() -> None:
    with listen("127.0.0.1", None, first=FIRST) as first, listen("127.0.0.1", None, first=FIRST) as second:
        assert second.getsockname()[1] > first.getsockname()[1] >= FIRST


def test_a_port_asked_for_by_name_and_taken_is_an_error() -> None:
    with listen("127.0.0.1", None, first=FIRST) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError) as refused:
            listen("127.0.0.1", port)
    assert str(refused.value) == (
        f"Port {port} on 127.0.0.1 is taken by another programme; stop it, name another port with "
        "WEALTHNEXUS_PORT, or leave it unset to get the next free one."
    )
    with listen("127.0.0.1", port) as free_again:
        assert free_again.getsockname() == ("127.0.0.1", port)


def test_a_stranger_on_the_other_loopback_makes_a_port_taken() -> None:
    """A browser asks ::1 first for a name under localhost."""
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as stranger:
        stranger.bind(("::1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} on 127.0.0.1 is taken"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortTakenError, match=r"Could not listen on 192\.0\.2\.1 port 8000: .* set "):
        listen("192.0.2.1", 8000)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    first.acquire("The folder x")
    with pytest.raises(FolderInUseError) as refused:
        second.acquire("The folder x")
    assert refused.value.pid == os.getpid()
    assert str(refused.value) == (
        f"The folder x is in use by process {os.getpid()}; "
        "stop it, or set WEALTHNEXUS_DATA_DIR to another folder."
    )
    first.release()
    second.acquire("The folder x")
    assert second.taken_over_from is None  # the first one tidied up
    second.release()


def test_a_stale_lock_is_taken_over_and_noticed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from wealthnexus.kit.embedded import FolderLock\n"
        "FolderLock(Path(sys.argv[1])).acquire('x'); print('held', flush=True); time.sleep(60)\n"
    )
    with start_python(code, str(tmp_path / "lock")) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FolderLock(tmp_path / "lock")
        with pytest.raises(FolderInUseError, match=f"process {holder.pid}"):
            lock.acquire("x")
        holder.kill()
    lock.acquire("x")
    assert lock.taken_over_from == holder.pid
    lock.release()


def test_too_little_space_says_how_much(tmp_path: Path) -> None:
    need_space(tmp_path / "not" / "there", megabytes=1, thing="A test")
    with pytest.raises(EmbeddedServerError) as refused:
        need_space(tmp_path / "not" / "there", megabytes=10**9, thing="A test")
    assert str(refused.value).startswith(f"A test needs 1000000000 MB on the disk of {tmp_path} and only ")
    assert str(refused.value).endswith(
        " MB are free; free some space, or set WEALTHNEXUS_DATA_DIR to a folder on another disk."
    )


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            28,
            "the disk is full; free some space there, "
            "or set WEALTHNEXUS_DATA_DIR to a folder on another disk.",
        ),
        (
            13,
            "Permission denied; give this user the folder (chown), "
            "or set WEALTHNEXUS_DATA_DIR to a folder it may write.",
        ),
        (20, "Not a directory; set WEALTHNEXUS_DATA_DIR to a usable folder."),
    ],
)
def test_refused_file_operations(number: int, sentence: str) -> None:
    assert str(explain_os_error(OSError(number, os.strerror(number)), "write", Path("/x"))) == (
        f"Could not write /x: {sentence}"
    )


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match=r"Could not open the lock file .*: (Not a d|File exists)"):
        FolderLock(tmp_path / "file" / "lock").acquire("x")


def test_a_stubborn_process_is_killed_in_the_end() -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    with start_python(code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deaf\n"
        patience = [(signal.SIGTERM, 0.2), (signal.SIGKILL, 5.0)]
        assert end_process(process.pid, patience) is True
        wait_for(lambda: not is_alive(process.pid))
        assert process.wait(5) == -signal.SIGKILL
    assert end_process(process.pid, patience) is True  # already gone


def test_logs_stay_within_their_limit(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_bytes(b"a" * 10_000_001)
    rotate(log)
    assert not log.exists()
    assert (tmp_path / "server.log.1").stat().st_size == 10_000_001
    log.write_text("first\nsecond\n")
    rotate(log)
    assert log_tail(log, since=6) == "second\n"
    assert log_tail(log, since=99_999) == ""
    assert log_tail(tmp_path / "none") == ""
