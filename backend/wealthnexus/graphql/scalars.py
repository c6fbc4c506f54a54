"""The API's scalars. Every decimal travels as plain digits in a string; a float is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from wealthnexus.kit.money import is_currency

Currency = NewType("Currency", str)
BigInt = NewType("BigInt", int)
Json = NewType("Json", object)

_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,18})?")
_LONG_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_BIGINT_MAX = 2**63 - 1


def _plain(value: Decimal) -> str:
    return format(value, "f")


def parse_decimal(value: Any) -> Decimal:
    """A string of digits or an integer; anything else is refused with what was expected."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        try:
            return Decimal(value)
        except InvalidOperation:
            pass
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _BIGINT_MAX:
        return Decimal(value)
    if isinstance(value, str) and _LONG_DECIMAL.fullmatch(value):
        raise GraphQLError(
            f"{_shown(value)} is too long a Decimal; expected at most 20 digits before the point and 18 after"
        )
    raise GraphQLError(f'{_shown(value)} is not a Decimal; expected digits in a string such as "1250.75"')


def parse_date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError(f'{_shown(value)} is not a Date; expected the form "2021-03-31"')


def parse_instant(value: Any) -> datetime:
    if isinstance(value, str) and len(value) <= 40:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            instant = None
        if instant is not None and instant.tzinfo is not None:
            try:
                return instant.astimezone(UTC)
            except OverflowError:
                pass
    raise GraphQLError(
        f"{_shown(value)} is not a DateTime; expected an instant with its offset"
        ' such as "2021-03-31T17:00:00Z"'
    )


def parse_currency(value: Any) -> Currency:
    if isinstance(value, str) and is_currency(value):
        return Currency(value)
    raise GraphQLError(f'{_shown(value)} is not a Currency; expected an ISO 4217 code such as "USD"')


def parse_big_int(value: Any) -> BigInt:
    number: int | None = None
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        number = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    if number is None or abs(number) > _BIGINT_MAX:
        raise GraphQLError(f"{_shown(value)} is not a BigInt; expected a 64-bit integer")
    return BigInt(number)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _scalar(name: str, description: str, serialize: Any, parse: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse)


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: _scalar(
        "Decimal",
        "An exact decimal number as plain digits in a string, never a float.",
        _plain,
        parse_decimal,
    ),
    date: _scalar("Date", "A calendar day, ISO 8601: 2021-03-31.", date.isoformat, parse_date),
    datetime: _scalar(
        "DateTime",
        "An instant, ISO 8601 with its offset; answers are UTC.",
        datetime.isoformat,
        parse_instant,
    ),
    Currency: _scalar("Currency", "An ISO 4217 currency code.", str, parse_currency),
    BigInt: _scalar(
        "BigInt",
        "A 64-bit integer as digits in a string: JavaScript numbers end at 53 bits.",
        str,
        parse_big_int,
    ),
    Json: _scalar("JSON", "A JSON value whose shape depends on its kind.", lambda v: v, lambda v: v),
}
