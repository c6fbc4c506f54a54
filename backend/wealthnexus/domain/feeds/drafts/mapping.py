"""From files of another shape to a bundle: which file is which, which column is which, what is constant.

Pure but for reading the zip. The mapped file has the lines of the file it is made of, so that a verdict on
line 17 is about line 17 of what was sent.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from wealthnexus.domain.bundle.archive import refuse_suspicious
from wealthnexus.domain.bundle.format import FILES, FORMAT_VERSION, HEADER_FILE
from wealthnexus.domain.feeds.drafts.formats import DATES, NUMBERS, converter_of, mended
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.text import message

FILES_MAX: Final = 64
COLUMNS_MAX: Final = 300
FILE_BYTES_MAX: Final = 1 << 30
LINE_LENGTH_MAX: Final = 64 * 1024
CELL_LENGTH_MAX: Final = 2_000
_UNREADABLE = message(
    "feeds.draft_unreadable", "{file} cannot be read ({reason}); nothing was kept", file=str, reason=str
)
_NO_TEXT = message(
    "feeds.draft_no_text",
    "{file} is no text in UTF-8, its first line has other characters; save it as CSV in UTF-8 and send it"
    " again. Nothing was kept",
    file=str,
)
_NO_TABLES = message("feeds.draft_no_tables", "the zip holds no .csv file; expected at least one")
_TOO_MANY = message(
    "feeds.draft_too_many",
    "the zip holds {count, number} files, expected at most {limit, number}",
    count=int,
    limit=int,
)
_UNKNOWN_FILE = message(
    "feeds.draft_unknown_file",
    "{file} is no file of the upload; expected one of {listed}",
    file=str,
    listed=str,
)
_UNKNOWN_TARGET = message(
    "feeds.draft_unknown_target",
    "{file} is no file of a bundle; expected one of {listed}",
    file=str,
    listed=str,
)
_UNKNOWN_COLUMN = message(
    "feeds.draft_unknown_column", "{file} has no column {column}; expected one of {listed}",
    file=str, column=str, listed=str,
)  # fmt: skip
_TWICE = message(
    "feeds.draft_twice", "{name} is made of two files or columns; expected one for each", name=str
)
_UNKNOWN_FORM = message(
    "feeds.draft_unknown_form", "{form} is no form of dates or numbers; expected one of {listed}",
    form=str, listed=str,
)  # fmt: skip
_SOURCE = message("feeds.draft_source", "expected the name of the sending system, 1 to 200 characters")

# What a damaged zip makes the library raise; zlib's own error has no base class with the others.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)

Edits = Mapping[tuple[str, int, str], str]
"""(file of the bundle, line, column) -> what stands there instead."""
Skips = Mapping[tuple[str, int], str]
"""(file of the bundle, line) -> why the row is left out."""


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One of their files as ``file`` of the bundle; ``columns``: theirs -> ours; ``constants``: ours."""

    file: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    dates: str = "ISO"
    numbers: str = "POINT"


@dataclass(frozen=True, slots=True)
class DraftMapping:
    """What their files are; files that are not named are left out."""

    source: str
    as_of: date
    files: Mapping[str, FileMapping]

    def as_dict(self) -> dict[str, Any]:
        """For the column ``mapping``."""
        return {
            "source": self.source,
            "asOf": self.as_of.isoformat(),
            "files": {
                name: {
                    "file": one.file,
                    "columns": dict(one.columns),
                    "constants": dict(one.constants),
                    "dates": one.dates,
                    "numbers": one.numbers,
                }
                for name, one in self.files.items()
            },
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> DraftMapping:
        """What ``as_dict`` made."""
        files = {
            name: FileMapping(
                one["file"],
                one["columns"],
                one["constants"],
                one.get("dates", "ISO"),
                one.get("numbers", "POINT"),
            )
            for name, one in stored["files"].items()
        }
        return cls(stored["source"], date.fromisoformat(stored["asOf"]), files)


def headers_of(path: Path) -> dict[str, list[str]]:
    """The header row of every table of the zip, by the file's name.

    ValidationFailed when it has none, when one is no text in UTF-8, and for a zip that is none of a book.
    """
    with _opened(path) as archive:
        infos = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
        if not infos:
            raise ValidationFailed(_NO_TABLES())
        if len(infos) > FILES_MAX:
            raise ValidationFailed(_TOO_MANY(count=len(infos), limit=FILES_MAX))
        refuse_suspicious(path, infos)
        return {info.filename: _header(archive, info.filename) for info in infos}


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as error:
        raise ValidationFailed(_UNREADABLE(file="the zip", reason=str(error))) from None


def said_of(path: Path) -> tuple[str | None, date | None]:
    """Source and day of a ``bundle.json`` that is among the files, as far as it can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = next((one for one in archive.namelist() if Path(one).name == HEADER_FILE), None)
            if name is None or archive.getinfo(name).file_size > LINE_LENGTH_MAX:
                return None, None
            said = json.loads(archive.read(name))
    except (*_BROKEN, ValueError):
        return None, None
    source, day = (said.get("source"), said.get("as_of")) if isinstance(said, dict) else (None, None)
    try:
        as_of = date.fromisoformat(day) if isinstance(day, str) else None
    except ValueError:
        as_of = None
    is_named = isinstance(source, str) and 0 < len(source.strip()) <= 200 and source.isprintable()
    return (str(source) if is_named else None), as_of


def _header(archive: zipfile.ZipFile, name: str) -> list[str]:
    with archive.open(name) as stream, _lines(stream) as lines:
        header = next(_records(name, lines), [])[:COLUMNS_MAX]
    if any(is_no_text(column) for column in header):
        raise ValidationFailed(_NO_TEXT(file=name))
    return header


def is_no_text(cell: str) -> bool:
    """Whether it holds bytes that are not UTF-8, or NUL: neither can be stored or sent as text."""
    return "\0" in cell or any("\udc80" <= char <= "\udcff" for char in cell)


def _lines(stream: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _records(name: str, lines: io.TextIOWrapper) -> Iterator[list[str]]:
    def bounded() -> Iterator[str]:
        while line := lines.readline(LINE_LENGTH_MAX):
            if len(line) == LINE_LENGTH_MAX and line[-1] not in "\r\n":
                raise ValidationFailed(
                    _UNREADABLE(file=name, reason=f"a line of {LINE_LENGTH_MAX} characters")
                )
            yield line

    try:
        yield from csv.reader(bounded(), strict=True)
    except (csv.Error, *_BROKEN) as error:
        raise ValidationFailed(_UNREADABLE(file=name, reason=str(error))) from None


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@dataclass(frozen=True, slots=True)
class Remembered:
    """What files of the same header rows were before: header -> the mapping of the file."""

    source: str
    by_header: Mapping[tuple[str, ...], FileMapping]


def header_key(header: Sequence[str]) -> tuple[str, ...]:
    """Files with the same columns in any order are the same kind of file."""
    return tuple(sorted(_folded(column) for column in header))


def suggested(
    headers: Mapping[str, list[str]], *, source: str, as_of: date, before: Remembered | None = None
) -> DraftMapping:
    """What their files probably are: as such files were before, by the file's name, and by columns that are
    alike."""
    if before is not None:
        known = {
            name: before.by_header[header_key(header)]
            for name, header in headers.items()
            if header_key(header) in before.by_header
        }
        if known and len({one.file for one in known.values()}) == len(known):
            guessed = suggested(
                {name: header for name, header in headers.items() if name not in known},
                source=source,
                as_of=as_of,
            )
            taken_files = {one.file for one in known.values()}
            others = {name: one for name, one in guessed.files.items() if one.file not in taken_files}
            return DraftMapping(before.source, as_of, {**others, **known})
    targets = {_folded(name): name for name in FILES}
    files: dict[str, FileMapping] = {}
    taken: set[str] = set()
    for name, header in headers.items():
        target = targets.get(_folded(Path(name).stem))
        if target is None or target in taken:
            continue
        taken.add(target)
        ours = {_folded(column): column for column in FILES[target].column_names}
        columns: dict[str, str] = {}
        for column in header:
            found = ours.get(_folded(column))
            if found is not None and found not in columns.values():
                columns[column] = found
        files[name] = FileMapping(target, columns)
    return DraftMapping(source, as_of, files)


def checked(mapping: DraftMapping, headers: Mapping[str, list[str]]) -> DraftMapping:
    """The mapping when everything it names is there, once; ValidationFailed otherwise."""
    path = ("input", "mapping")
    if not mapping.source.strip() or len(mapping.source) > 200 or not mapping.source.isprintable():
        raise ValidationFailed(_SOURCE(), path=path)
    targets: set[str] = set()
    for name, one in mapping.files.items():
        if name not in headers:
            raise ValidationFailed(_UNKNOWN_FILE(file=name[:200], listed=", ".join(headers)), path=path)
        if one.file not in FILES:
            raise ValidationFailed(_UNKNOWN_TARGET(file=one.file[:200], listed=", ".join(FILES)), path=path)
        if one.file in targets:
            raise ValidationFailed(_TWICE(name=f"{one.file}.csv"), path=path)
        targets.add(one.file)
        for given_form, forms in ((one.dates, DATES), (one.numbers, NUMBERS)):
            if given_form not in forms:
                raise ValidationFailed(
                    _UNKNOWN_FORM(form=given_form[:40], listed=", ".join(forms)), path=path
                )
        ours = FILES[one.file].column_names
        for column in one.columns:
            if column not in headers[name]:
                listed = ", ".join(headers[name])
                raise ValidationFailed(
                    _UNKNOWN_COLUMN(file=name, column=column[:200], listed=listed), path=path
                )
        given = [*one.columns.values(), *one.constants]
        for column in given:
            if column not in ours:
                raise ValidationFailed(
                    _UNKNOWN_COLUMN(file=f"{one.file}.csv", column=column[:200], listed=", ".join(ours)),
                    path=path,
                )
            if given.count(column) > 1:
                raise ValidationFailed(_TWICE(name=f"{one.file}.csv, {column}"), path=path)
    return mapping


def mapped_records(
    path: Path, name: str, one: FileMapping, edits: Edits, as_of: date
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells in the order of our columns) of one of their files; blank lines have no cells."""
    columns = FILES[one.file].column_names
    with _opened(path) as archive, archive.open(name) as stream, _lines(stream) as lines:
        reader = csv.reader(_checked_lines(name, lines), strict=True)
        try:
            header = next(reader, [])
            places = {ours: header.index(theirs) for theirs, ours in one.columns.items() if theirs in header}
            changes = [converter_of(one.file, column, one.dates, one.numbers, as_of) for column in columns]
            convert = [
                (place, change)
                for place, (column, change) in enumerate(zip(columns, changes, strict=True))
                if column in places and change is not None
            ]
            end = reader.line_num
            for record in reader:
                line, end = end + 1, reader.line_num
                if not record:
                    yield line, []
                    continue
                cells = [
                    record[places[column]]
                    if column in places and places[column] < len(record)
                    else one.constants.get(column, "")
                    for column in columns
                ]
                for place, change in convert:
                    cells[place] = change(cells[place])
                if edits:
                    for place, column in enumerate(columns):
                        edit = edits.get((one.file, line, column))
                        if edit is not None:
                            cells[place] = mended(edit, changes[place])
                yield line, cells
        except (csv.Error, *_BROKEN) as error:
            raise ValidationFailed(_UNREADABLE(file=name, reason=str(error))) from None


def _checked_lines(name: str, lines: io.TextIOWrapper) -> Iterator[str]:
    while line := lines.readline(LINE_LENGTH_MAX):
        if len(line) == LINE_LENGTH_MAX and line[-1] not in "\r\n":
            raise ValidationFailed(_UNREADABLE(file=name, reason=f"a line of {LINE_LENGTH_MAX} characters"))
        yield line


def write_mapped(
    path: Path, mapping: DraftMapping, edits: Edits, out: Path, skips: Skips | None = None
) -> None:
    """The bundle the draft stands for, as a folder, without the rows that are left out."""
    left_out = skips or {}
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    header = {
        "format_version": FORMAT_VERSION, "source": mapping.source, "as_of": mapping.as_of.isoformat()
    }  # fmt: skip
    (out / HEADER_FILE).write_text(json.dumps(header, ensure_ascii=False), encoding="utf-8")
    for name, one in mapping.files.items():
        target = out / FILES[one.file].file_name
        with target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(FILES[one.file].column_names)
            for line, cells in mapped_records(path, name, one, edits, mapping.as_of):
                if cells and (one.file, line) not in left_out:
                    writer.writerow(cells)
                else:
                    file.write("\n")
                if target.stat().st_size > FILE_BYTES_MAX and not line % 10_000:
                    raise ValidationFailed(_UNREADABLE(file=name, reason=f"more than {FILE_BYTES_MAX} bytes"))
