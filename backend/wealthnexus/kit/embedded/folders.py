"""Where things of a data folder live on this machine: short socket folders, users, free space."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wealthnexus.kit.embedded.errors import EmbeddedServerError, explain_os_error

# A socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.65535" and keeps some for itself.
SOCKET_FOLDER_BYTES_MAX = 60
REINSTALL = "run `make setup` again"

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True)
class ServerUser:
    """The operating-system user a server runs as."""

    uid: int
    gid: int
    name: str


def current_user_name() -> str:
    """The caller's name as peer authentication sees it; raises EmbeddedServerError without one."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise EmbeddedServerError(
            f"The user id {os.geteuid()} has no name on this machine and PostgreSQL needs one; "
            "add it to /etc/passwd, or run as a user that has a name."
        ) from None


def user_for(data_dir: Path) -> ServerUser:
    """Who runs a PostgreSQL on ``data_dir``: the caller, but never root.

    Root runs it as the owner of the existing folder, otherwise as ``nobody``.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerUser(uid, os.getegid(), current_user_name())
    try:
        owner = data_dir.stat().st_uid
    except FileNotFoundError:
        owner = 0
    try:
        record = pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
    except KeyError:
        missing = f"user id {owner}" if owner != 0 else "user `nobody`"
        raise EmbeddedServerError(
            f"PostgreSQL refuses to run as root and this machine has no {missing} to run it as; "
            "add that user, or start as an ordinary user."
        ) from None
    return ServerUser(record.pw_uid, record.pw_gid, record.pw_name)


def capability_to_reach(user: ServerUser, *paths: Path) -> int | None:
    """The capability root must leave to ``user`` so that it can enter all ``paths``; None: it can.

    A clone below /root is closed to everybody else. Rather than open that folder, the server keeps
    the one capability that lets it pass.
    """
    if os.geteuid() != 0 or user.uid == 0:
        return None
    places = (place for path in paths for place in _ancestors(path))
    closed = next((place for place in places if not _may_enter(user, place)), None)
    if closed is None:
        return None
    bounding = _bounding_capabilities()
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if bounding & (1 << capability):
            return capability
    raise EmbeddedServerError(
        f"The folder {closed} is closed to the user `{user.name}` that runs the servers for root; "
        f"run `chmod o+x {closed}`, or move the clone and its data to a folder that user can enter."
    )


def _ancestors(path: Path) -> list[Path]:
    resolved = path.resolve()
    own = [resolved] if resolved.is_dir() else []
    return [*reversed(resolved.parents), *own]


def _may_enter(user: ServerUser, folder: Path) -> bool:
    try:
        facts = folder.stat()
    except FileNotFoundError:
        return True
    if facts.st_uid == user.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == user.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _bounding_capabilities() -> int:
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("CapBnd:"):
                return int(line.split()[1], 16)
    except OSError:
        pass
    return 0


def make_folder(path: Path, user: ServerUser | None = None, mode: int | None = None) -> None:
    """Make the folder (and its parents) and give it to ``user``; explains a refusal.

    ``mode`` is enforced on a folder that was there already; without one that is left as it is.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if user is not None and os.geteuid() == 0:
            os.chown(path, user.uid, user.gid)
        if mode is not None:
            path.chmod(mode)
    except OSError as error:
        raise explain_os_error(error, "make the folder", path) from error


def socket_root(data_dir: Path) -> Path:
    """A short folder for the sockets of this data folder: the same one each time, made if needed.

    It lies in the temp folder under a name made from the data folder and the user. A folder of that
    name that belongs to somebody else (or a link) is never used: another name is taken.
    """
    for folder in _socket_root_names(data_dir):
        if _claim(folder):
            return folder
    bases = ", ".join(map(str, _socket_bases()))
    raise EmbeddedServerError(
        f"No short folder for the servers' sockets could be made in {bases}; "
        "free space there, make one of them writable, or set TMPDIR to a folder of at most 40 characters."
    )


def forget_socket_root(data_dir: Path) -> None:
    """Remove the folder again once the server has removed its socket from it."""
    for folder in _socket_root_names(data_dir):
        with contextlib.suppress(OSError):
            if folder.lstat().st_uid == os.geteuid():
                with contextlib.suppress(OSError):
                    (folder / "pg").rmdir()
                folder.rmdir()


def _socket_bases() -> list[Path]:
    return list(dict.fromkeys([Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]))  # noqa: S108


def _socket_root_names(data_dir: Path) -> list[Path]:
    digest = hashlib.sha256(f"{os.geteuid()}:".encode() + os.fsencode(data_dir)).hexdigest()
    names = [base / f"wn-{digest[take : take + 10]}" for base in _socket_bases() for take in (0, 10, 20)]
    return [name for name in names if len(os.fsencode(name)) + len("/pg") <= SOCKET_FOLDER_BYTES_MAX]


def _claim(folder: Path) -> bool:
    """Whether the folder is ours: made now, or found as a plain folder of this user."""
    try:
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    except FileExistsError:
        facts = folder.lstat()
        return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()
    except OSError:
        return False
    return True


def need_space(folder: Path, *, megabytes: int, thing: str) -> None:
    """Raises EmbeddedServerError when fewer than ``megabytes`` MB are free where ``folder`` is."""
    place = folder
    while not place.exists():
        place = place.parent
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb < megabytes:
        raise EmbeddedServerError(
            f"{thing} needs {megabytes} MB on the disk of {place} and only {free_mb} MB are free; "
            "free some space, or set WEALTHNEXUS_DATA_DIR to a folder on another disk."
        )


def package_folder(package: str, *parts: str) -> Path:
    """A folder inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location, *parts)
        if folder.is_dir():
            return folder
    raise EmbeddedServerError(
        f"The programmes of the Python package {package} are not installed in this environment; {REINSTALL}."
    )


def programme(folder: Path, name: str) -> Path:
    """An executable file in ``folder``; raises EmbeddedServerError when it is missing."""
    path = folder / name
    if not os.access(path, os.X_OK):
        raise EmbeddedServerError(f"The programme {path} is missing or may not be run; {REINSTALL}.")
    return path


def running_as() -> str:
    """The user's name for messages; never fails."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user id {os.geteuid()}"
