"""A draft's rows with the verdict on each, a page at a time; and the rows that have one value in a column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts.mapping import DraftMapping, Edits, Skips, mapped_records

ROWS_MAX: Final = 200
REFUSED: Final = "REFUSED"
SKIPPED: Final = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the last check said of a row: NEW, CHANGED or UNCHANGED; ``before``: what the books say."""

    verdict: str
    before: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """``cells``: by our columns, as they would be read; ``problems``: column, value, expectation, message."""

    line: int
    cells: dict[str, str]
    problems: list[dict[str, Any]]
    edited: frozenset[str] = frozenset()
    skip_reason: str | None = None


def problems_by_line(report: Mapping[str, Any] | None, file: str) -> dict[int, list[dict[str, Any]]]:
    """The last check's problems of a file of the bundle."""
    by_line: dict[int, list[dict[str, Any]]] = {}
    for problem in (report or {}).get("problemList", []):
        if problem["file"] == FILES[file].file_name:
            by_line.setdefault(problem["line"], []).append(problem)
    return by_line


def draft_rows(
    path: Path,
    mapping: DraftMapping,
    edits: Edits,
    report: dict[str, Any] | None,
    *,
    file: str,
    after_line: int = 0,
    first: int = 50,
    only_problems: bool = False,
    skips: Skips | None = None,
    lines: Collection[int] | None = None,
) -> list[DraftRow]:
    """Rows of a file of the bundle after a line; ``lines``: of these alone. KeyError for a file nothing is
    mapped to."""
    by_line = problems_by_line(report, file)
    left_out = skips or {}
    edited: dict[int, set[str]] = {}
    for edited_file, line, column in edits:
        if edited_file == file:
            edited.setdefault(line, set()).add(column)
    found: list[DraftRow] = []
    for line, cells in _rows_of(path, mapping, edits, file):
        if line <= after_line or not cells or (only_problems and line not in by_line):
            continue
        if lines is not None and line not in lines:
            continue
        named = dict(zip(FILES[file].column_names, map(shown, cells), strict=True))
        found.append(
            DraftRow(
                line,
                named,
                by_line.get(line, []),
                frozenset(edited.get(line, ())),
                left_out.get((file, line)),
            )
        )
        if len(found) >= min(first, ROWS_MAX):
            break
    return found


def shown(cell: str) -> str:
    """The cell as it can be shown: a replacement character for every byte that is not UTF-8."""
    return cell if cell.isascii() else cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def lines_with(
    path: Path, mapping: DraftMapping, edits: Edits, *, file: str, column: str, value: str, limit: int
) -> list[int]:
    """The lines whose cell of ``column`` is ``value``, at most ``limit`` and one."""
    place = FILES[file].column_names.index(column)
    found: list[int] = []
    for line, cells in _rows_of(path, mapping, edits, file):
        if cells and shown(cells[place]) == value:
            found.append(line)
            if len(found) > limit:
                break
    return found


def _rows_of(path: Path, mapping: DraftMapping, edits: Edits, file: str) -> Iterator[tuple[int, list[str]]]:
    for name, one in mapping.files.items():
        if one.file == file:
            yield from mapped_records(path, name, one, edits, mapping.as_of)
            return
    raise KeyError(file)
