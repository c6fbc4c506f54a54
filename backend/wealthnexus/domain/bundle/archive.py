"""Opening a bundle: a folder, or a zip that is looked at with suspicion before anything is unpacked.

A zip is never extracted: members are read as streams. Refused before reading: more than 64 members, names
that leave the archive, links, encryption, unusual compression, duplicate names, overlapping members, and
sizes or compression ratios no book of transactions has.
"""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Final, Literal, NamedTuple, Self, overload

from wealthnexus.kit.errors import Problem, ValidationFailed
from wealthnexus.kit.text import message

from . import format as bundle_format
from . import values
from .format import (
    AccountRow,
    FileFormat,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    R,
    SecurityRow,
    TransactionRow,
)
from .parse import RowStream
from .report import RowProblem

MEMBERS_MAX: Final = 64
MEMBER_BYTES_MAX: Final = 4 * 1024**3
BUNDLE_BYTES_MAX: Final = 8 * 1024**3
ZIP_BYTES_MAX: Final = 1024**3
COMPRESSION_RATIO_MAX: Final = 200
RATIO_FREE_BYTES: Final = 10 * 1024**2
"""Below this size a member may be compressed at any ratio: a short, repetitive file is no bomb."""
HEADER_BYTES_MAX: Final = 64 * 1024
_IGNORED_NAMES: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_REFUSED: Final = message("feeds.bundle_refused", "{problems}; nothing was imported", problems=str)
_COMPRESSIONS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class BundleRefused(ValidationFailed):
    """The bundle as a whole cannot be read; nothing was imported."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.row_problems = problems
        super().__init__(
            _REFUSED(problems="; ".join(problem.message for problem in problems[:5])),
            problems=tuple(Problem((p.file,), p.message, p.value) for p in problems),
        )


class _Member(NamedTuple):
    size: int
    open: Callable[[], IO[bytes]]


class Bundle:
    """An opened bundle. ``header`` is read; rows are streamed from the files on request. Use as a context."""

    def __init__(
        self,
        path: Path,
        members: dict[str, _Member],
        header: bundle_format.BundleHeader,
        notes: list[RowProblem],
        archive: zipfile.ZipFile | None,
    ) -> None:
        self.path = path
        self.header = header
        self.notes = notes
        """Files that are there and are not read (warnings)."""
        self._members = members
        self._archive = archive

    def size(self, name: str) -> int:
        """Bytes of a file (``transactions``), 0 when the bundle has none."""
        member = self._members.get(bundle_format.FILES[name].file_name)
        return member.size if member else 0

    @overload
    def rows(self, name: Literal["households"]) -> RowStream[HouseholdRow]: ...
    @overload
    def rows(self, name: Literal["accounts"]) -> RowStream[AccountRow]: ...
    @overload
    def rows(self, name: Literal["securities"]) -> RowStream[SecurityRow]: ...
    @overload
    def rows(self, name: Literal["prices"]) -> RowStream[PriceRow]: ...
    @overload
    def rows(self, name: Literal["fx_rates"]) -> RowStream[FxRateRow]: ...
    @overload
    def rows(self, name: Literal["transactions"]) -> RowStream[TransactionRow]: ...
    @overload
    def rows(self, name: str) -> RowStream[Any]: ...
    def rows(self, name: str) -> RowStream[Any]:
        """The rows of a file by its name without ``.csv``. KeyError for a name the format does not know.

        Iterating gives typed rows, and a ``RowProblem`` for everything that is refused; a file that is not
        in the bundle has no rows. Memory does not grow with the file.
        """
        return self.stream(bundle_format.FILES[name])

    def stream(self, file_format: FileFormat[R]) -> RowStream[R]:
        """``rows`` by the file's format, which also gives the type of its rows."""
        member = self._members.get(file_format.file_name)
        return RowStream(
            file_format, self.header.as_of, member.open if member else None, self.size(file_format.name)
        )

    def digest(self) -> str:
        """SHA-256 (hex) over names and contents of the header and the files that are read, in their order."""
        total = hashlib.sha256()
        for name in (bundle_format.HEADER_FILE, *(f.file_name for f in bundle_format.FILES.values())):
            member = self._members.get(name)
            if member is None:
                continue
            total.update(f"{name}\0{member.size}\0".encode())
            with member.open() as stream:
                while chunk := stream.read(1 << 20):
                    total.update(chunk)
        return total.hexdigest()

    def close(self) -> None:
        """Release the archive."""
        if self._archive is not None:
            self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def open_bundle(path: Path | str, folder: str = "") -> Bundle:
    """Open a folder or a zip and read its ``bundle.json``. BundleRefused says why it cannot be read.

    ``folder``: of an export of several sources, the one that holds the bundle.
    """
    path = Path(path)
    if path.is_dir():
        members, archive = _folder_members(path / folder), None
    elif path.is_file():
        members, archive = _zip_members(path, folder)
    else:
        raise BundleRefused([_about(path.name, "no such file or folder; expected a bundle folder or a zip")])
    try:
        notes = _other_files(members)
        return Bundle(path, members, _read_header(members), notes, archive)
    except BaseException:
        if archive is not None:
            archive.close()
        raise


def _about(name: str, expectation: str) -> RowProblem:
    return RowProblem(name, 0, None, None, expectation)


def _folder_members(path: Path) -> dict[str, _Member]:
    members: dict[str, _Member] = {}
    problems: list[RowProblem] = []
    total = 0
    for entry in sorted(path.iterdir()):
        if entry.name in _IGNORED_NAMES or entry.name.startswith("."):
            continue
        if not entry.is_file():
            problems.append(_about(entry.name, "expected files only, directly in the folder of the bundle"))
            continue
        size = entry.stat().st_size
        total += size
        if size > MEMBER_BYTES_MAX:
            problems.append(_about(entry.name, f"expected at most {MEMBER_BYTES_MAX} bytes, found {size}"))
        members[entry.name] = _Member(size, lambda entry=entry: entry.open("rb"))  # type: ignore[misc]
        if len(members) > MEMBERS_MAX:
            problems.append(_about(path.name, f"expected at most {MEMBERS_MAX} files"))
            break
    if total > BUNDLE_BYTES_MAX:
        problems.append(_about(path.name, f"expected at most {BUNDLE_BYTES_MAX} bytes in all, found {total}"))
    if problems:
        raise BundleRefused(problems)
    return members


def refuse_suspicious(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """BundleRefused when a member is no plain file of a book: links, encryption, the sizes of a bomb."""
    problems = _judge_archive(path, infos)
    if problems:
        raise BundleRefused(problems)


def _zip_members(path: Path, folder: str) -> tuple[dict[str, _Member], zipfile.ZipFile]:
    if path.stat().st_size > ZIP_BYTES_MAX:
        raise BundleRefused([_about(path.name, f"expected a zip of at most {ZIP_BYTES_MAX} bytes")])
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # a damaged directory makes zipfile raise far more than BadZipFile
        raise BundleRefused([_about(path.name, f"expected a zip file or a folder ({error})")]) from None
    try:
        infos = [
            info
            for info in archive.infolist()
            if not _ignored(info) and (not folder or info.filename.startswith(f"{folder}/"))
        ]
        problems = _judge_archive(path, infos)
        if not problems:
            prefix = _common_folder(infos)
            problems = [
                _about(info.filename, "expected files only, at the top of the zip or in one common folder")
                for info in infos
                if "/" in info.filename.removeprefix(prefix)
            ]
        if problems:
            raise BundleRefused(problems)
    except BaseException:
        archive.close()
        raise
    members = {
        info.filename.removeprefix(prefix): _Member(info.file_size, lambda info=info: archive.open(info))  # type: ignore[misc]
        for info in infos
    }
    return members, archive


def _ignored(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return (
        info.filename.endswith("/")
        or "__MACOSX" in parts[:1]
        or (bool(parts) and parts[-1] in _IGNORED_NAMES)
    )


def _common_folder(infos: list[zipfile.ZipInfo]) -> str:
    """``name/`` when every member lies in one folder (a folder that was compressed), else nothing."""
    folders = {info.filename.split("/", 1)[0] if "/" in info.filename else "" for info in infos}
    folder = folders.pop() if len(folders) == 1 else ""
    return f"{folder}/" if folder else ""


def _judge_archive(path: Path, infos: list[zipfile.ZipInfo]) -> list[RowProblem]:
    if len(infos) > MEMBERS_MAX:
        return [_about(path.name, f"expected at most {MEMBERS_MAX} files, found {len(infos)}")]
    problems: list[RowProblem] = []
    seen: set[str] = set()
    for info in infos:
        reason = _why_refused(info)
        if reason is None and info.filename in seen:
            reason = "expected each file once"
        if reason is not None:
            problems.append(_about(info.filename, reason))
        seen.add(info.filename)
    if sum(info.file_size for info in infos) > BUNDLE_BYTES_MAX:
        problems.append(_about(path.name, f"expected at most {BUNDLE_BYTES_MAX} bytes in all when unpacked"))
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        problems.append(_about(path.name, "expected members that do not overlap"))
    return problems


def _why_refused(info: zipfile.ZipInfo) -> str | None:
    name = info.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return "expected a name that stays inside the bundle"
    if not name or not name.isprintable() or len(name) > 200:
        return "expected a printable file name of at most 200 characters"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "expected a file, not a link"
    if info.flag_bits & 0x1:
        return "expected a file that is not encrypted"
    if info.compress_type not in _COMPRESSIONS:
        return "expected a stored or deflated file"
    if info.file_size > MEMBER_BYTES_MAX:
        return f"expected at most {MEMBER_BYTES_MAX} bytes, the archive says {info.file_size}"
    if info.file_size > RATIO_FREE_BYTES and info.file_size > COMPRESSION_RATIO_MAX * max(
        info.compress_size, 1
    ):
        return f"expected a compression ratio of at most {COMPRESSION_RATIO_MAX}"
    return None


def _other_files(members: dict[str, _Member]) -> list[RowProblem]:
    """Warnings for files that are not read; BundleRefused for a table whose name the format does not know."""
    known = {f.file_name for f in bundle_format.FILES.values()}
    unknown: list[RowProblem] = []
    notes: list[RowProblem] = []
    for name in members:
        if name == bundle_format.HEADER_FILE or name in known:
            continue
        if not name.lower().endswith(".csv"):
            notes.append(_about(name, "this version does not read it; nothing of it is imported"))
        else:
            unknown.append(_about(name, f"unknown file; expected {', '.join(sorted(known))}"))
    if unknown:
        raise BundleRefused(unknown)
    return notes


def _read_header(members: dict[str, _Member]) -> bundle_format.BundleHeader:
    file = bundle_format.HEADER_FILE
    member = members.get(file)
    if member is None:
        raise BundleRefused([_about(file, "missing; expected {format_version, source, as_of}")])
    try:
        with member.open() as stream:
            raw = stream.read(HEADER_BYTES_MAX + 1)
    except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise BundleRefused([_about(file, f"cannot be read ({error})")]) from None
    except Exception as error:  # zlib.error has no base class of its own
        raise BundleRefused([_about(file, f"cannot be unpacked ({error})")]) from None
    if len(raw) > HEADER_BYTES_MAX:
        raise BundleRefused([_about(file, f"expected at most {HEADER_BYTES_MAX} bytes")])
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BundleRefused([_about(file, f"expected a JSON object in UTF-8 ({error})")]) from None
    if not isinstance(content, dict):
        raise BundleRefused([_about(file, "expected a JSON object {format_version, source, as_of}")])
    return _header_of(content)


def _header_of(content: dict[str, Any]) -> bundle_format.BundleHeader:
    file = bundle_format.HEADER_FILE
    problems: list[RowProblem] = []

    def refuse(column: str, expectation: str) -> None:
        value = content.get(column)
        problems.append(RowProblem(file, 0, column, None if value is None else str(value), expectation))

    version = content.get("format_version")
    if isinstance(version, bool) or version not in (
        bundle_format.FORMAT_VERSION,
        str(bundle_format.FORMAT_VERSION),
    ):
        refuse("format_version", f"expected {bundle_format.FORMAT_VERSION}")
    is_export = content.get("is_export", False)
    if not isinstance(is_export, bool):
        refuse("is_export", "expected true or false")
    source = content.get("source")
    if not isinstance(source, str) or not source.strip() or len(source) > 200 or not source.isprintable():
        refuse("source", "expected the name of the sending system, 1 to 200 characters")
    as_of: date | None = None
    try:
        as_of = values.iso_date(str(content.get("as_of")))
    except values.CellRefused as error:
        refuse("as_of", str(error))
    if problems or as_of is None:
        raise BundleRefused(problems)
    return bundle_format.BundleHeader(str(source), as_of, is_export=bool(is_export))
