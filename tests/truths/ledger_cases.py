"""Ledger cases of ``more_cases``: their entries, and what was found beside what is expected.

An entry is ``day kind units amount`` and then ``key=`` (the lot's name), ``acct=``, ``sec=``, ``lots=``,
``price=``, ``rate=``, ``order=``, ``accrued=``, ``deep=``. Expected is by lot name, or by
``=security`` the sum of its lots.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "more_cases"
LEDGER = ("lots", "wash_sales", "actions")
WORDS = frozenset({"term", "since"})
Case = dict[str, Any]


def cases_of(*names: str) -> list[Case]:
    return [case for name in names for case in json.loads((FOLDER / f"{name}.json").read_text())["cases"]]


@dataclass(frozen=True)
class Line:
    """An entry as a case writes it."""

    day: str
    kind: str
    units: Decimal | None
    amount: Decimal
    more: Mapping[str, str]

    @property
    def account(self) -> str:
        return self.more.get("acct", "A")

    @property
    def security(self) -> str:
        return self.more.get("sec", "X")


def lines_of(case: Case) -> list[Line]:
    found = []
    for entry in case["entries"]:
        day, kind, units, amount, *more = entry.split(" ")
        pairs = dict(each.split("=", 1) for each in more)
        found.append(Line(day, kind, None if units == "-" else Decimal(units), Decimal(amount), pairs))
    return found


def accounts_of(case: Case) -> dict[str, Mapping[str, Any]]:
    accounts: dict[str, Mapping[str, Any]] = case.get("accounts", {"A": {}})
    return accounts


@dataclass(frozen=True)
class Found:
    """A realised line or an open lot: figures by name; None is not known."""

    lot: str
    security: str
    figures: Mapping[str, Any]


def differences(case: Case, gains: Iterable[Found], lots: Iterable[Found]) -> list[str]:
    """What is not as expected, in words."""
    found = []
    for side, shown in (("gains", list(gains)), ("open", list(lots))):
        for name, text in case[side].items():
            its = [
                each for each in shown if (name[1:] == each.security if name[0] == "=" else name == each.lot)
            ]
            for pair in text.split(" "):
                figure, wanted = pair.split("=")
                values = [each.figures[figure] for each in its]
                if figure in WORDS:
                    is_right = bool(values) and {str(value) for value in values} == {wanted}
                elif wanted == "None":
                    is_right = bool(values) and None in values
                else:
                    is_right = bool(values) and None not in values and sum(values) == Decimal(wanted)
                if not is_right:
                    found.append(
                        f"{side} {name} {figure}: {[str(value) for value in values]}, expected {wanted}"
                    )
    return found
