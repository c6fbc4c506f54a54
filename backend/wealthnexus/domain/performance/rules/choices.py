"""The conventions of a calculation policy as words: what is stored, shown and told by a person.

Each convention is a field of ``CalculationPolicy`` by its name; its value a word, a number or, for
expenses, what each kind reduces (``NET``, ``GROSS_AND_NET``, ``NEITHER``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from wealthnexus.domain.performance.rules.policy import (
    TOLD_APART,
    CalculationPolicy,
    ExpenseKind,
    ExpenseTreatment,
)

_REDUCES: Final = {
    "NET": ExpenseTreatment(reduces_gross=False, reduces_net=True),
    "GROSS_AND_NET": ExpenseTreatment(reduces_gross=True, reduces_net=True),
    "NEITHER": ExpenseTreatment(reduces_gross=False, reduces_net=False),
}
_CHARACTERS_MAX: Final = 40
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,12})?")
_DEFAULT: Final = CalculationPolicy()
CONVENTIONS: Final = tuple(each.name for each in fields(CalculationPolicy) if each.name != "version")


def read_choice(name: str, value: str) -> Any:
    """The value of a convention from its word. ValueError: no such convention, or no value of it."""
    if name not in CONVENTIONS:
        raise ValueError(
            f"a calculation policy has no {name[:_CHARACTERS_MAX]!r}; it has {', '.join(CONVENTIONS)}"
        )
    known = getattr(_DEFAULT, name)
    if name == "expenses":
        return _read_expenses(value)
    if isinstance(known, bool):
        return _one_of(name, value, {"True": True, "False": False})
    if isinstance(known, StrEnum):
        return _one_of(name, value, {each.value: each for each in type(known)})
    if not (_WHOLE if isinstance(known, int) else _NUMBER).fullmatch(value):
        raise ValueError(f"{name}: {value[:_CHARACTERS_MAX]!r} is no such number as 0.05")
    return int(value) if isinstance(known, int) else Decimal(value)


def _one_of(name: str, value: str, known: Mapping[str, Any]) -> Any:
    if value not in known:
        raise ValueError(f"{name}: {value[:_CHARACTERS_MAX]!r}, expected one of {', '.join(known)}")
    return known[value]


def _read_expenses(value: str) -> Mapping[ExpenseKind, ExpenseTreatment]:
    found = dict(_DEFAULT.expenses)
    for part in value.split(";"):
        kind, _, word = part.strip().partition("=")
        found[_one_of("expenses", kind.strip(), {each.value: each for each in TOLD_APART})] = _one_of(
            "expenses", word.strip(), _REDUCES
        )
    return MappingProxyType(found)


def read_changes(changes: Mapping[str, str]) -> dict[str, Any]:
    """``read_choice`` for every convention of a level."""
    return {name: read_choice(name, value) for name, value in changes.items()}
