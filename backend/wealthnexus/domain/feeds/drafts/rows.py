"""A draft's rows with the verdict on each, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts.mapping import DraftMapping, Edits, mapped_records

ROWS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class DraftRow:
    """``cells``: by our columns, as they would be read; ``problems``: column, value, expectation, message."""

    line: int
    cells: dict[str, str]
    problems: list[dict[str, Any]]


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
) -> list[DraftRow]:
    """Rows of a file of the bundle after a line. KeyError for a file nothing is mapped to."""
    by_line: dict[int, list[dict[str, Any]]] = {}
    for problem in (report or {}).get("problemList", []):
        if problem["file"] == FILES[file].file_name:
            by_line.setdefault(problem["line"], []).append(problem)
    found: list[DraftRow] = []
    for line, cells in _rows_of(path, mapping, edits, file):
        if line <= after_line or not cells or (only_problems and line not in by_line):
            continue
        named = dict(zip(FILES[file].column_names, cells, strict=True))
        found.append(DraftRow(line, named, by_line.get(line, [])))
        if len(found) >= min(first, ROWS_MAX):
            break
    return found


def _rows_of(path: Path, mapping: DraftMapping, edits: Edits, file: str) -> Iterator[tuple[int, list[str]]]:
    for name, one in mapping.files.items():
        if one.file == file:
            yield from mapped_records(path, name, one, edits)
            return
    raise KeyError(file)
