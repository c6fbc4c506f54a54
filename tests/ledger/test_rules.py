"""The arithmetic of a book, by tables; the figures are worked out beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.ledger.figures import as_money, reason, reasons_from, trimmed
from wealthnexus.domain.ledger.rules import (
    Quality,
    common_currencies,
    freshness,
    last_weekdays,
    odd_freshness,
    quality_of,
    sessions_since,
    settlement_date,
    share,
    weekdays_between,
)

from tests.ledger.reference import (
    Rate,
    ValuedPosition,
    account_total,
    converted,
    position_value,
    resolve_rate,
)

pytestmark = pytest.mark.unit
D = Decimal


@pytest.mark.parametrize(
    ("units", "close", "multiplier", "rate", "currency", "expected"),
    [
        ("100", "60", "1", "1", "USD", "6000.00"),
        # 0.1517 x 122.15 = 18.530155
        ("0.1517", "122.15", "1", "1", "USD", "18.53"),
        # half of a cent goes away from zero, long and short alike: 3 x 0.335 = 1.005
        ("3", "0.335", "1", "1", "USD", "1.01"),
        ("-3", "0.335", "1", "1", "USD", "-1.01"),
        # a bond: 50,000 face at 98.375 per 100
        ("50000", "98.375", "0.01", "1", "USD", "49187.50"),
        # an option: 2 contracts of 100 at 4.35
        ("2", "4.35", "100", "1", "USD", "870.00"),
        # into yen, which has no minor unit: 10 x 12.34 x 110.715 = 13662.231
        ("10", "12.34", "1", "110.715", "JPY", "13662"),
        # into Kuwaiti dinars, three places: 10 x 12.34 x 0.3021 = 37.27914
        ("10", "12.34", "1", "0.3021", "KWD", "37.279"),
        # rounded once, after the rate: 1 x 1.004 x 1.1725 = 1.17719; rounding first would give 1.17
        ("1", "1.004", "1", "1.1725", "USD", "1.18"),
        ("0", "60", "1", "1", "USD", "0.00"),
    ],
)
def test_a_position_is_rounded_once(
    units: str, close: str, multiplier: str, rate: str, currency: str, expected: str
) -> None:
    value = position_value(D(units), D(close), D(multiplier), D(rate), currency)
    assert str(value) == expected


def test_a_position_without_price_or_rate_has_no_value() -> None:
    assert position_value(D(1), None, D(1), D(1), "USD") is None
    assert position_value(D(1), D(1), D(1), None, "USD") is None
    assert converted(None, D(1), "USD") is None
    assert converted(D(1), None, "USD") is None


EUR_USD = Rate(D("1.1725"), date(2021, 3, 31), "feed")
GBP_EUR = Rate(D("1.1739"), date(2021, 3, 30), "feed")


@pytest.mark.parametrize(
    ("base", "quote", "quotes", "expected", "day"),
    [
        ("EUR", "USD", {("EUR", "USD"): EUR_USD}, "1.1725", date(2021, 3, 31)),
        # 1 / 1.1725 = 0.852878464818763...
        ("USD", "EUR", {("EUR", "USD"): EUR_USD}, "0.852878464818763326226013", date(2021, 3, 31)),
        # the pair itself is used before its inverse
        (
            "USD",
            "EUR",
            {("EUR", "USD"): EUR_USD, ("USD", "EUR"): Rate(D("0.85"), date(2021, 1, 4), "feed")},
            "0.85",
            date(2021, 1, 4),
        ),
        # over EUR: 1.1739 x 1.1725 = 1.37639775; of the older day
        ("GBP", "USD", {("EUR", "USD"): EUR_USD, ("GBP", "EUR"): GBP_EUR}, "1.376397750000000000000000",
         date(2021, 3, 30)),
        # over EUR, both legs inverted: 1 / 1.1725 x 1 / 1.1739
        ("USD", "GBP", {("EUR", "USD"): EUR_USD, ("GBP", "EUR"): GBP_EUR}, "0.726534172262342044659692",
         date(2021, 3, 30)),
    ],
)  # fmt: skip
def test_rates_direct_inverse_cross(
    base: str, quote: str, quotes: dict[tuple[str, str], Rate], expected: str, day: date
) -> None:
    found = resolve_rate(base, quote, quotes, common_currencies("USD"))
    assert found is not None
    assert (str(found.rate), found.day) == (expected, day)


def test_no_rate_is_none_and_not_one() -> None:
    assert resolve_rate("GBP", "JPY", {("EUR", "USD"): EUR_USD}, common_currencies("USD")) is None


def test_the_firms_currency_is_the_first_bridge() -> None:
    assert common_currencies("CHF") == ("CHF", "USD", "EUR", "GBP")
    assert common_currencies("EUR") == ("EUR", "USD", "GBP")


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2021-03-31", "2021-03-31", 0),
        ("2021-03-30", "2021-03-31", 1),
        ("2021-03-26", "2021-03-29", 1),  # Friday to Monday
        ("2021-03-27", "2021-03-28", 0),  # Saturday to Sunday
        ("2021-03-24", "2021-03-31", 5),
        ("2021-03-23", "2021-03-31", 6),
        ("2021-03-31", "2021-03-01", 0),
        ("2020-03-31", "2021-03-31", 261),
    ],
)
def test_weekdays_between(earlier: str, later: str, expected: int) -> None:
    assert weekdays_between(date.fromisoformat(earlier), date.fromisoformat(later)) == expected


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_weekdays_between_counts_like_a_finger_on_a_calendar(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    counted = sum(
        date.fromordinal(n).weekday() < 5 for n in range(start.toordinal() + 1, end.toordinal() + 1)
    )
    assert weekdays_between(start, end) == counted


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_a_price_without_a_calendar_is_stale_after_five_weekdays(as_of: date) -> None:
    edge = freshness(as_of).unlisted
    assert weekdays_between(edge, as_of) <= 5
    assert weekdays_between(date.fromordinal(edge.toordinal() - 1), as_of) == 6 or edge.weekday() >= 5


def test_freshness_by_security_type() -> None:
    fresh = freshness(date(2021, 3, 31))
    assert fresh.since("COMMON_STOCK") == date(2021, 3, 24)
    assert fresh.since("PRIVATE_FUND") == date(2020, 12, 29)  # 92 days before


@pytest.mark.parametrize(
    ("exchange", "as_of", "since"),
    [
        ("XNYS", "2021-02-17", "2021-02-09"),  # Presidents' Day, the 15th, is no session
        ("XNAS", "2021-02-17", "2021-02-09"),
        (None, "2021-02-17", "2021-02-10"),
        ("XLON", "2021-02-17", "2021-02-10"),
        ("XNYS", "2021-03-31", "2021-03-24"),
        ("XXXX", "2021-02-17", "2021-02-10"),  # a market whose sessions are not known
    ],
)
def test_freshness_counts_the_sessions_of_the_market(exchange: str | None, as_of: str, since: str) -> None:
    day = date.fromisoformat(as_of)
    assert freshness(day).since("COMMON_STOCK", exchange) == date.fromisoformat(since)
    odd = {(market, each): limit for market, each, limit in odd_freshness((day,))}
    expected = date.fromisoformat(since)
    assert odd.get((exchange or "", day), freshness(day).unlisted) == expected
    assert sessions_since(exchange, expected, day) == 5


def test_last_weekdays_are_oldest_first() -> None:
    assert last_weekdays(date(2021, 3, 28), 3) == [date(2021, 3, 24), date(2021, 3, 25), date(2021, 3, 26)]


@pytest.mark.parametrize(
    ("traded", "kind", "currency", "expected"),
    [
        ("2017-09-01", "BUY", "USD", "2017-09-07"),  # Friday, T+3: Tue, Wed, Thu, for Monday is Labor Day
        ("2017-09-05", "BUY", "USD", "2017-09-07"),  # the first day of T+2
        ("2021-03-31", "SELL", "USD", "2021-04-05"),  # Good Friday is not counted
        ("2024-05-24", "SELL", "USD", "2024-05-29"),  # Friday, T+2 over Memorial Day
        ("2024-05-28", "BUY", "USD", "2024-05-29"),  # the first day of T+1
        ("2021-03-31", "DIVIDEND", "USD", "2021-03-31"),
        ("2021-03-31", "BUY", "EUR", "2021-03-31"),
    ],
)
def test_settlement_by_the_cycle_of_the_day(traded: str, kind: str, currency: str, expected: str) -> None:
    assert settlement_date(date.fromisoformat(traded), kind, currency) == date.fromisoformat(expected)


FRESH, STALE, GONE = (
    ValuedPosition(D("60.00"), False),
    ValuedPosition(D("40.00"), True),
    ValuedPosition(None, False),
)


@pytest.mark.parametrize(
    ("cash", "positions", "value", "quality"),
    [
        ("100", [FRESH], "160.00", Quality.COMPLETE),
        ("100", [FRESH, STALE], "200.00", Quality.STALE),
        ("100", [FRESH, STALE, GONE], "200.00", Quality.PARTIAL),
        ("0", [GONE], None, Quality.UNAVAILABLE),
        ("0", [GONE, GONE], None, Quality.UNAVAILABLE),
        ("5", [GONE], "5", Quality.PARTIAL),
        ("0", [], "0", Quality.COMPLETE),
        ("-20", [FRESH], "40.00", Quality.COMPLETE),
    ],
)
def test_totals_name_what_is_missing(
    cash: str, positions: list[ValuedPosition], value: str | None, quality: Quality
) -> None:
    total = account_total(D(cash), positions)
    assert (total.value, total.quality) == (None if value is None else D(value), quality)


def test_quality_prefers_the_graver_word() -> None:
    assert quality_of(None, 1, 1) is Quality.UNAVAILABLE
    assert quality_of(D(1), 1, 1) is Quality.PARTIAL
    assert quality_of(D(1), 0, 1) is Quality.STALE
    assert quality_of(D(1), 0, 0) is Quality.COMPLETE


def test_shares_have_eight_places_and_no_zero_denominator() -> None:
    assert share(D(1), D(3)) == D("0.33333333")
    assert share(D(1), D(0)) is None
    assert share(None, D(1)) is None
    assert share(D(1), None) is None


def test_reasons_name_twenty_and_count_the_rest() -> None:
    records = [{"code": "UNPRICED", "label": f"Fund {n}", "day": None} for n in range(20)]
    found = reasons_from(records, 23)
    assert len(found) == 21
    assert found[0].message == "Fund 0 has no price on or before the date"
    assert (found[-1].code, found[-1].message) == ("MORE", "and 3 more positions")
    assert reasons_from(records[:1], 1)[0].code == "UNPRICED"
    stale = reason("STALE_PRICE", "Acme", date(2021, 3, 1))
    assert stale.message == "the latest price of Acme is of 1 Mar 2021"


def test_amounts_are_shown_with_the_places_of_their_currency() -> None:
    assert str(as_money(D("355806289.81000000"), "USD")) == "355806289.81"
    assert str(as_money(D("100"), "USD")) == "100.00"
    assert str(as_money(D("100.00"), "JPY")) == "100"
    assert str(as_money(D("0.00120000"), "USD")) == "0.0012"
    assert format(trimmed(D("1200.0000")), "f") == "1200"
    assert str(trimmed(D("0E-10"))) == "0"


def test_a_reason_is_put_into_words_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[date] = []

    def counted(day: date, _pattern: str, locale: str) -> str:
        written.append(day)
        return day.isoformat()

    monkeypatch.setattr("wealthnexus.kit.text.format_date", counted)
    records = [{"code": "STALE_PRICE", "label": f"Fund {n}", "day": "2021-03-22"} for n in range(20)]
    found = reasons_from(records, 20)
    assert written == []
    assert found[7].message == "the latest price of Fund 7 is of 2021-03-22"
    assert written == [date(2021, 3, 22)]
    assert found[7] == reason("STALE_PRICE", "Fund 7", date(2021, 3, 22))
