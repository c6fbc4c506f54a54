"""What the judges of the files share: what the firm has already, the walk over a file, the report."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from .archive import Bundle
from .format import FILES, FileFormat, R
from .report import Report, RowProblem

Progress = Callable[[str, int, int, int], None]
"""(file, rows read, bytes read, bytes of the file), every few thousand rows and at the end of each file."""

PROGRESS_EVERY_ROWS: Final = 5_000


class KnownOwnership(NamedTuple):
    """A party's share of another as the book has it, by the source's own keys."""

    owner: str
    owned: str
    share: Decimal
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What the firm already has, by the source's own keys, so that a bundle may refer to it.

    ``accounts`` gives each account's currency, ``account_types`` its registration, ``clients`` each party's
    kind. ``transactions`` None means that the ledger is too big to pass: references to it come back as
    ``Report.open_references`` for the importer to resolve.
    """

    households: Container[str] = frozenset()
    accounts: Mapping[str, str] = field(default_factory=dict)
    securities: Container[str] = frozenset()
    transactions: Container[str] | None = frozenset()
    account_types: Mapping[str, str] = field(default_factory=dict)
    clients: Mapping[str, str] = field(default_factory=dict)
    liabilities: Container[str] = frozenset()
    ownerships: Sequence[KnownOwnership] = ()


class Walker:
    """Reads files of the bundle and reports what is refused, telling how far it is."""

    def __init__(self, bundle: Bundle, known: KnownKeys, progress: Progress) -> None:
        self.bundle = bundle
        self.known = known
        self.progress = progress
        self.report = Report()

    def walk(
        self,
        file_format: FileFormat[R],
        judge: Callable[[R], None],
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Every row of a file to ``judge``; refused rows are reported and their key given to ``refused``."""
        name = file_format.name
        stream = self.bundle.stream(file_format)
        countdown = PROGRESS_EVERY_ROWS
        for item in stream:
            if isinstance(item, RowProblem):
                self.report.refuse(item)
                if refused is not None and item.row_key:
                    refused(item.row_key)
            else:
                judge(item)
            countdown -= 1
            if not countdown:
                countdown = PROGRESS_EVERY_ROWS
                self.progress(name, stream.rows_read, stream.bytes_read, stream.bytes_total)
        self.report.row_counts[name] = stream.rows_read
        self.progress(name, stream.rows_read, stream.bytes_read, stream.bytes_total)

    def refuse(self, name: str, line: int, column: str | None, value: str | None, expectation: str) -> None:
        """One problem of a row of the file ``name``."""
        self.report.refuse(RowProblem(FILES[name].file_name, line, column, value, expectation))

    def repeated(self, name: str, line: int, column: str, value: str, first_line: int) -> None:
        """A key that stands on an earlier line already."""
        self.refuse(name, line, column, value, f"expected once, it also stands on line {first_line}")
