"""Numbers and days as they travel: ASCII digits in one form, anything else refused with what was expected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from graphql import GraphQLError
from wealthnexus.graphql.scalars import parse_big_int, parse_date, parse_decimal


def test_what_is_read() -> None:
    assert parse_decimal("1250.75") == Decimal("1250.75")
    assert parse_decimal(5) == Decimal(5)
    assert parse_decimal("9" * 20 + "." + "1" * 18) == Decimal("9" * 20 + "." + "1" * 18)
    assert parse_date("2021-03-31") == date(2021, 3, 31)
    assert parse_big_int("-9223372036854775807") == -9223372036854775807


@pytest.mark.parametrize(
    "value", ["0.5\n", "٠.٥", "０.５", "1e3", "NaN", " 1", "1_0", ".5", "5.", "", 0.5, True]
)
def test_what_is_no_decimal(value: object) -> None:
    with pytest.raises(GraphQLError, match="is not a Decimal; expected digits in a string such as"):
        parse_decimal(value)


@pytest.mark.parametrize("value", ["1" * 21, "0." + "3" * 19, "-" + "9" * 5_000])
def test_digits_that_are_too_many_are_called_so(value: str) -> None:
    with pytest.raises(GraphQLError, match="at most 20 digits before the point and 18 after") as refused:
        parse_decimal(value)
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("value", ["2021-03-31\n", "٢٠٢١-٠٣-٣١", "20210331", "2021-02-30", "2021-W13-3"])
def test_what_is_no_day(value: str) -> None:
    with pytest.raises(GraphQLError, match="is not a Date"):
        parse_date(value)


@pytest.mark.parametrize("value", ["5\n", "٥", "1" * 20, 2**63, True])
def test_what_is_no_big_int(value: object) -> None:
    with pytest.raises(GraphQLError, match="is not a BigInt"):
        parse_big_int(value)
