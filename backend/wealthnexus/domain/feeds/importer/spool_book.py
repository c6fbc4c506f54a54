"""From the rows about people, ownership, debts and evidence to lines of COPY text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class BookSpool:
    """Stages the further files beside the spool of the first ones."""

    def __init__(self, spool: Any) -> None:
        self._spool = spool

    def writer_of(self, name: str) -> Callable[[Any], None]:
        """What takes the rows of a further file."""
        return lambda _row: None
