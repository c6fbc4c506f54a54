"""What was found in a bundle: file, line, column, value, expectation, and how much of it there was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

LISTED_PROBLEMS_MAX: Final = 1_000
OPEN_REFERENCES_MAX: Final = 10_000
SHOWN_VALUE_LENGTH_MAX: Final = 200


def shown(value: str) -> str:
    """A cell's text made safe to print: control characters escaped, cut at 200 characters."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value[: SHOWN_VALUE_LENGTH_MAX + 1])
    return text if len(text) <= SHOWN_VALUE_LENGTH_MAX else text[:SHOWN_VALUE_LENGTH_MAX] + "…"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is not as expected.

    ``line`` counts physical lines from 1 (the header row); 0 means the file or the bundle as a whole.
    ``column`` is None when the row or file is meant, ``value`` when there is nothing to show.
    ``row_key`` is the row's first cell, so that other rows may still refer to a row that was refused.
    """

    file: str
    line: int
    column: str | None
    value: str | None
    expectation: str
    row_key: str | None = None

    @property
    def message(self) -> str:
        """One sentence: where, what stood there, what was expected."""
        where = self.file if self.line == 0 else f"{self.file} line {self.line}"
        if self.column is not None:
            where += f", {self.column}"
        if self.value is not None:
            where += f' "{shown(self.value)}"' if self.value else " is empty"
        return f"{where}: {self.expectation}"

    def as_dict(self) -> dict[str, Any]:
        """File, line, column, value, expectation and the whole sentence, ready for JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "value": None if self.value is None else shown(self.value),
            "expectation": self.expectation,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class OpenReference:
    """A ``related_external_id`` that is not in this bundle: it must name a transaction already kept.

    For a REINVEST the importer also checks that it is a DIVIDEND of ``account_external_id`` and
    ``security_key`` whose amount is minus ``amount``.
    """

    line: int
    type: str
    related_external_id: str
    account_external_id: str
    security_key: str | None
    amount: str


@dataclass(slots=True)
class Report:
    """The verdict on a bundle. ``problems`` forbid the import, ``warnings`` do not.

    At most 1,000 of each are listed, in the order of the files; the counts are of all.
    """

    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    warnings: list[RowProblem] = field(default_factory=list)
    warning_count: int = 0
    row_counts: dict[str, int] = field(default_factory=dict)
    """Data rows read per file, refused ones included; keys as in ``format.FILES``."""
    open_references: list[OpenReference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the bundle may be imported."""
        return self.problem_count == 0

    def refuse(self, problem: RowProblem) -> None:
        """Count a problem, and list it while there is room."""
        self.problem_count += 1
        if len(self.problems) < LISTED_PROBLEMS_MAX:
            self.problems.append(problem)

    def warn(self, warning: RowProblem) -> None:
        """Count a warning, and list it while there is room."""
        self.warning_count += 1
        if len(self.warnings) < LISTED_PROBLEMS_MAX:
            self.warnings.append(warning)

    def lines(self) -> Iterator[str]:
        """The report as text, one finding per line, ending in the counts."""
        for problem in self.problems:
            yield problem.message
        if self.problem_count > len(self.problems):
            yield f"… and {self.problem_count - len(self.problems)} more problems that are not listed"
        for warning in self.warnings:
            yield f"warning: {warning.message}"
        if self.warning_count > len(self.warnings):
            yield f"… and {self.warning_count - len(self.warnings)} more warnings that are not listed"
        rows = ", ".join(f"{count} {name}" for name, count in self.row_counts.items() if count)
        yield f"{rows or 'no rows'}; {self.problem_count} problems, {self.warning_count} warnings"

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON (job results, findings)."""
        return {
            "ok": self.ok,
            "problemCount": self.problem_count,
            "problems": [problem.as_dict() for problem in self.problems],
            "warningCount": self.warning_count,
            "warnings": [warning.as_dict() for warning in self.warnings],
            "rowCounts": dict(self.row_counts),
        }
