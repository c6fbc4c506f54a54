"""SQL texts as statements: every parameter has a fixed type, every text is parsed once.

The valuation is written as SQL text because it is one long chain of common table expressions; all its
pieces are constants of this code, values come in as bound parameters only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from babel.numbers import list_currencies
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    TextClause,
    Uuid,
    bindparam,
    text,
)
from sqlalchemy.types import TypeEngine

from wealthnexus.kit.money import minor_units

_TYPES: Final[dict[str, TypeEngine[Any]]] = {
    name: type_
    for type_, names in (
        (Uuid(), "tenant account_id household_id security_id portfolio_id advisor_id batch_id book_id id"),
        (Uuid(), "after_id after_id_2 after_id_3 principal"),
        (ARRAY(Uuid()), "account_ids household_ids security_ids grant_ids viewer_ids ids behind picked"),
        (Date(), "as_of day fresh_unlisted fresh_appraised day_from day_to after_day traded_from traded_to"),
        (ARRAY(Date()), "days odd_days odd_limits fresh_days fresh_weekdays closed_days closed_since"),
        (BigInteger(), "version after_version"),
        (ARRAY(Integer()), "first_places last_places fresh_places"),
        (Integer(), "row_limit count_limit firm_minor scope_minor day_count place_from place_to"),
        (Numeric(), "min_value max_value min_share after_number"),
        (ARRAY(Numeric()), "numbers"),
        (Boolean(), "has_open_items carried_out"),
        (DateTime(timezone=True), "known_at computed_at instant"),
        (
            Text(),
            "firm_currency scope_currency name_part custodian account_type tag after_text source source_id"
            " kind report word_1 word_2 word_3 word_4 word_5 word_6 end_1 end_2 end_3 end_4 end_5 end_6",
        ),
        (
            ARRAY(Text()),
            "common appraised_types odd_markets closed_markets fresh_kinds types qualities kinds words"
            " schemes values",
        ),
    )
    for name in names.split()
}
_NAME: Final = re.compile(r"(?<![:\w]):([a-z_0-9]+)(?!:)")


@lru_cache(maxsize=512)
def prepared(sql: str) -> TextClause:
    """The text as a statement. KeyError names a parameter without a declared type."""
    names = dict.fromkeys(_NAME.findall(sql))
    return text(sql).bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names))


def used(sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """The ``values`` that the text names."""
    return {name: values[name] for name in dict.fromkeys(_NAME.findall(sql))}


def _minor_unit_cases() -> dict[int, list[str]]:
    cases: dict[int, list[str]] = {}
    for code in sorted(list_currencies(locale="en")):
        places = minor_units(code)
        if places != 2:
            cases.setdefault(places, []).append(code)
    return cases


_CASES: Final = " ".join(
    "when {} in ({}) then {}".format("{column}", ", ".join(repr(code) for code in codes), places)
    for places, codes in sorted(_minor_unit_cases().items())
)


def minor_units_of(column: str) -> str:
    """SQL for the decimal places of the currency in ``column``, from the same table as ``kit.money``."""
    return f"(case {_CASES.replace('{column}', column)} else 2 end)"


def not_withdrawn(table: str, alias: str, *key: str, version: str | None = None) -> str:
    """SQL for "no later row of the same key took it back", as known at ``version`` (a parameter; None: now).

    For facts that are only ever added and carry ``is_withdrawn``; the withdrawing row does not stand either.
    """
    same = " and ".join(f"gone.{column} = {alias}.{column}" for column in key)
    known = "" if version is None else f" and gone.book_version <= {version}"
    return (
        f"not exists (select 1 from {table} gone where gone.tenant_id = {alias}.tenant_id and {same}"  # noqa: S608
        f" and gone.is_withdrawn and gone.book_version >= {alias}.book_version{known})"
    )


def keyset(columns: Sequence[str], parameters: Sequence[str], *, descending: bool, backward: bool) -> str:
    """Rows strictly after (or before) the parameters in the order of the columns."""
    sign = "<" if descending != backward else ">"
    return f"({', '.join(columns)}) {sign} ({', '.join(':' + name for name in parameters)})"


def ordering(columns: Sequence[str], *, descending: bool, backward: bool) -> str:
    """The ``order by`` list that goes with ``keyset``."""
    direction = "desc" if descending != backward else "asc"
    return ", ".join(f"{column} {direction}" for column in columns)
