"""Becomes (or guards) one server process, so that no server ever outlives who needed it.

Run as a plain script with nothing but the standard library (``python -I -S launch.py …``): it must
start in milliseconds and must not care about the environment of the caller.

Two ways:

* without ``--watch`` it drops to ``--uid``/``--gid``, asks the kernel to send ``--signal`` when the
  parent dies, and becomes the command (``exec``);
* with ``--watch PID`` it stays as guard of the command and ends it when process PID is gone, however
  PID went. This is also the way on systems whose kernel has no parent-death signal.

``--capability N`` (Linux, root only) keeps one capability over the change of user: a server that
runs as an ordinary user can then reach files below a folder that only root may enter.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
GRACE_SECONDS = 30.0


def _prctl(*values: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = list(values) + [0] * (5 - len(values))
    if libc.prctl(*(ctypes.c_ulong(value) for value in padded)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl{values}: {os.strerror(number)}")


def die_with_parent(signal_number: int, expected_parent: int) -> None:
    """Ask for ``signal_number`` when the parent dies; ends at once when it is already gone."""
    if not sys.platform.startswith("linux"):
        return
    _prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != expected_parent:
        sys.exit(1)


def _set_capability(capability: int) -> None:
    """Make the capability permitted and inheritable, then ambient, for the coming ``exec``."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    word, bit = divmod(capability, 32)
    for field in range(3):  # effective, permitted, inheritable
        data[word * 3 + field] = 1 << bit
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _change_user(uid: int, gid: int, capability: int | None) -> None:
    if uid == os.geteuid():
        return
    if capability is not None:
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        _set_capability(capability)


def _become(arguments: argparse.Namespace, parent: int) -> None:
    """Replace this process by the command. Never returns."""
    _change_user(arguments.uid, arguments.gid, arguments.capability)
    # After the change of user: that clears the parent-death signal.
    die_with_parent(arguments.signal, parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.execv(arguments.command[0], arguments.command)  # noqa: S606


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_for_either(child: subprocess.Popen[bytes], watched: int) -> None:
    """Returns when the child has ended or the watched process is gone."""
    handle = None
    if hasattr(os, "pidfd_open"):
        try:
            handle = os.pidfd_open(watched)
        except ProcessLookupError:
            return
        except OSError:  # an old kernel: poll
            handle = None
    while child.poll() is None and _alive(watched):
        if handle is None:
            time.sleep(0.2)
        elif select.select([handle], [], [], 0.2)[0]:
            return


def _guard(arguments: argparse.Namespace) -> int:
    """Run the command as a child until it ends or the watched process is gone."""
    own_pid = os.getpid()
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", os.path.abspath(__file__), *_own_options(arguments, own_pid)],
        close_fds=False,  # a listening socket may be handed on to the command
    )

    def forward(_number: int, _frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(arguments.signal)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, forward)
    _wait_for_either(child, arguments.watch)
    if child.poll() is None:
        child.send_signal(arguments.signal)
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def _own_options(arguments: argparse.Namespace, parent: int) -> list[str]:
    options = [f"--uid={arguments.uid}", f"--gid={arguments.gid}", f"--signal={arguments.signal}"]
    if arguments.capability is not None:
        options.append(f"--capability={arguments.capability}")
    return [*options, f"--parent={parent}", "--", *arguments.command]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--uid", type=int, required=True)
    parser.add_argument("--gid", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--capability", type=int)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--watch", type=int)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if arguments.watch is not None:
        return _guard(arguments)
    try:
        _become(arguments, arguments.parent)
    except OSError as error:
        print(f"launch: {error}", file=sys.stderr)
        return 126
    return 0


if __name__ == "__main__":
    sys.exit(main())
