"""What a column and a file of the bundle are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from . import values
from .values import Converter


class HasLine(Protocol):
    """A typed row: it knows where it stood."""

    @property
    def line(self) -> int: ...


R = TypeVar("R", bound=HasLine)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how a cell is read, whether the header row must have it.

    ``shown`` makes of a cell what a report may show of it: a personal number is never repeated. ``ruled``:
    the cell is read when it is empty, and a rule of the file refuses it then.
    """

    name: str
    convert: Converter
    in_header: bool = True
    shown: Callable[[str], str] | None = None
    ruled: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether no row can do without a value here."""
        if self.ruled:
            return True
        try:
            self.convert("")
        except values.CellRefused:
            return True
        return False


@dataclass(frozen=True, slots=True)
class FileFormat(Generic[R]):
    """One file: its name, its columns in order, the row type they make."""

    name: str
    columns: tuple[Column, ...]
    row_type: Callable[..., R]
    rows_max: int

    @property
    def file_name(self) -> str:
        """``households.csv`` and so on."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every column, in the order in which the product writes them."""
        return tuple(column.name for column in self.columns)

    def shown(self, column: str, cell: str) -> str:
        """What a report may show of a cell."""
        for one in self.columns:
            if one.name == column and one.shown is not None:
                return one.shown(cell)
        return cell


def term(column: str, allowed: dict[str, str], *, required: bool = True) -> Converter:
    """A code of a closed list; when it is not required an empty cell is null."""
    convert = values.one_of(column, allowed)
    return values.remembering(convert if required else values.optional(convert))


def optional_columns(*columns: tuple[str, Any]) -> tuple[Column, ...]:
    """Columns the header row may leave out."""
    return tuple(Column(name, convert, in_header=False) for name, convert in columns)
