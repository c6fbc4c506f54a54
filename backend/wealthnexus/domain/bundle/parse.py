"""Reading one file of the bundle as a stream of typed rows, or of problems that say what is wrong.

Nothing is held but the current line: lines are cut at 64 KiB, bytes that are not UTF-8 are found in the
cell that holds them, and a row is either whole and typed or refused with every reason at once.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from operator import itemgetter
from typing import IO, Any, Final, Generic
from zipfile import BadZipFile

from .format import FileFormat, R
from .report import RowProblem
from .rules import CHECKS
from .values import CellRefused

LINE_LENGTH_MAX: Final = 64 * 1024
RECORD_LINES_MAX: Final = 200
_READ_ERRORS: Final = (
    OSError,
    EOFError,
    BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
)

Picker = Callable[[list[str]], tuple[str, ...]]


class _Unreadable(Exception):
    """The file cannot be read on from here: a damaged archive, or a line or record that never ends."""


class _Counted(io.RawIOBase):
    """A byte stream that counts what has been read, for progress."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.count += len(chunk)
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class RowStream(Generic[R]):
    """The rows of one file, iterated once; ``rows_read`` and ``bytes_read`` tell the progress."""

    def __init__(
        self,
        file_format: FileFormat[R],
        as_of: date,
        opener: Callable[[], IO[bytes]] | None,
        bytes_total: int,
    ) -> None:
        self.file_format = file_format
        self.bytes_total = bytes_total
        self.rows_read = 0
        self._as_of = as_of
        self._opener = opener
        self._counted: _Counted | None = None

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the file so far (unpacked, when it is in a zip)."""
        return self._counted.count if self._counted is not None else 0

    def __iter__(self) -> Iterator[R | RowProblem]:
        if self._opener is None:
            return
        try:
            self._counted = _Counted(self._opener())
        except _READ_ERRORS as error:
            yield self._problem(0, None, None, f"cannot be read ({error})")
            return
        # surrogateescape lets the cell with the wrong byte be named instead of some byte offset.
        with io.TextIOWrapper(
            io.BufferedReader(self._counted, 1 << 18),
            encoding="utf-8-sig",
            errors="surrogateescape",
            newline="",
        ) as lines:
            yield from self._records(lines)

    def _problem(
        self, line: int, column: str | None, value: str | None, expectation: str, row_key: str | None = None
    ) -> RowProblem:
        return RowProblem(self.file_format.file_name, line, column, value, expectation, row_key)

    def _records(self, lines: io.TextIOWrapper) -> Iterator[R | RowProblem]:
        mark = [0]
        reader = csv.reader(_bounded_lines(lines, mark), strict=True)
        try:
            header = next(reader, None)
            problems, pick = self._judge_header(header)
            if pick is None:
                yield from problems
                return
            yield from self._rows(reader, mark, len(header or ()), pick)
        except csv.Error as error:
            # Only the header row gets here: errors of other rows are reported where they stand.
            yield self._problem(1, None, None, f"expected a CSV header row ({error})")
        except _Unreadable as error:
            yield self._problem(mark[0] + 1, None, None, f"{error}; the rest was not read")

    def _judge_header(self, header: list[str] | None) -> tuple[list[RowProblem], Picker | None]:
        """The problems of the header row, or how to put a record's cells into the order of the format."""
        if not header:
            return [self._problem(1, None, None, "expected a header row, the file has none")], None
        known = self.file_format.column_names
        problems = [
            self._problem(1, None, name, "unknown column; expected " + ", ".join(known))
            for name in dict.fromkeys(header)
            if name not in known
        ]
        problems += [
            self._problem(1, name, None, "expected the column once")
            for name in known
            if header.count(name) > 1
        ]
        problems += [
            self._problem(1, column.name, None, "expected the column, the header row does not have it")
            for column in self.file_format.columns
            if column.in_header and column.name not in header
        ]
        if problems:
            return problems, None
        # Optional columns at the end that the header leaves out have the row's defaults: nothing is read for
        # them. Another column the header leaves out is read as empty, from one cell added to the record.
        read = known[: max(known.index(name) for name in header) + 1]
        if tuple(header) == read:
            return [], tuple
        order = [header.index(name) if name in header else len(header) for name in read]
        take = itemgetter(*order)
        return [], lambda cells: take([*cells, ""])

    def _rows(self, reader: Any, mark: list[int], width: int, pick: Picker) -> Iterator[R | RowProblem]:
        """Every record as a row or as problems; ``mark`` holds the line at which the last record ended."""
        file_format, as_of = self.file_format, self._as_of
        converters = [column.convert for column in file_format.columns]
        make, check, rows_max = file_format.row_type, CHECKS[file_format.name], file_format.rows_max
        end = mark[0] = reader.line_num
        while True:
            try:
                for record in reader:
                    line = end + 1
                    end = mark[0] = reader.line_num
                    if not record:
                        continue
                    self.rows_read += 1
                    if self.rows_read > rows_max:
                        yield self._problem(
                            line, None, None, f"expected at most {rows_max} rows; the rest was not read"
                        )
                        return
                    if len(record) != width:
                        yield self._problem(
                            line, None, None, f"expected {width} cells, found {len(record)}", record[0]
                        )
                        continue
                    cells = pick(record)
                    try:
                        row = make(line, *[convert(c) for convert, c in zip(converters, cells)])  # noqa: B905
                    except CellRefused:
                        yield from self._refusals(line, cells)
                        continue
                    refused = check(row, as_of)
                    if not refused:
                        yield row
                        continue
                    names = file_format.column_names
                    for column, expectation in refused:
                        place = names.index(column)
                        cell = cells[place] if place < len(cells) else ""
                        shown = file_format.shown(column, cell)
                        yield self._problem(line, column, shown, expectation, cells[0])
                return
            except csv.Error as error:
                self.rows_read += 1
                yield self._problem(end + 1, None, None, f"expected a CSV record ({error})")
                end = mark[0] = reader.line_num

    def _refusals(self, line: int, cells: tuple[str, ...]) -> Iterator[RowProblem]:
        """Every cell of a refused row that is not as its column expects."""
        for column, cell in zip(self.file_format.columns, cells):  # noqa: B905 -- see _judge_header
            try:
                column.convert(cell)
            except CellRefused as error:
                shown = column.shown(cell) if column.shown is not None else cell
                yield self._problem(line, column.name, shown, str(error), cells[0])


def _bounded_lines(lines: io.TextIOWrapper, mark: list[int]) -> Iterator[str]:
    """The lines of the file; _Unreadable instead of a line or record that would not fit in memory."""
    number = 0
    while True:
        try:
            line = lines.readline(LINE_LENGTH_MAX)
        except _READ_ERRORS as error:
            raise _Unreadable(f"cannot be read further ({error})") from None
        if not line:
            return
        if len(line) == LINE_LENGTH_MAX and line[-1] not in "\r\n":
            raise _Unreadable(f"expected lines of less than {LINE_LENGTH_MAX} characters")
        number += 1
        if number - mark[0] > RECORD_LINES_MAX:
            raise _Unreadable(
                f"expected a record of at most {RECORD_LINES_MAX} lines (a quote is not closed?)"
            )
        yield line
