"""Which security a symbol meant on which day: one per market at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from .format import SecurityRow
from .format_book import IdentifierRow

_EVER: Final = (date.min, date.max)


class _Use(NamedTuple):
    begin: date
    end: date
    security: str
    line: int


class SpokenFor:
    """The uses of symbols in a bundle; symbols without a market are not compared."""

    def __init__(self) -> None:
        self._uses: dict[tuple[str, str], list[_Use]] = {}
        self._dated: set[str] = set()
        """Securities whose symbols stand in identifiers.csv: what securities.csv says is replaced."""

    def add(self, row: IdentifierRow) -> None:
        """A symbol with its days."""
        self._dated.add(row.security_key)
        if row.exchange is not None:
            use = _Use(
                row.effective_from or date.min, row.effective_to or date.max, row.security_key, row.line
            )
            self._uses.setdefault((row.value, row.exchange), []).append(use)

    def add_current(self, row: SecurityRow) -> None:
        """The symbol of securities.csv, which holds for ever when identifiers.csv does not speak of it."""
        if row.symbol is None or row.exchange is None or row.security_key in self._dated:
            return
        uses = self._uses.get((row.symbol, row.exchange))
        if uses is not None:
            uses.append(_Use(*_EVER, row.security_key, 0))

    def clashes(self) -> Iterator[tuple[int, str, str]]:
        """(line, symbol, expectation) of every use that begins while another security has the symbol."""
        found: list[tuple[int, str, str]] = []
        for (symbol, exchange), uses in self._uses.items():
            uses.sort()
            for position, use in enumerate(uses):
                other = next(
                    (o for o in uses[:position] if o.security != use.security and o.end > use.begin), None
                )
                if other is None:
                    continue
                blamed, kept = (use, other) if use.line else (other, use)
                day = max(use.begin, other.begin)
                when = f"on {day}" if day > date.min else "every day"
                expectation = (
                    f"{kept.security} has this symbol on {exchange} {when};"
                    " expected one security of a symbol and market on a day"
                )
                found.append((blamed.line, symbol, expectation))
        return iter(sorted(found))
