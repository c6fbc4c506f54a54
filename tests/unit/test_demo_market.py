"""The demo's market data: whose prices they are, which splits they show, what the ECB said."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.demo.instruments import INSTRUMENTS, PRIVATE_HOLDINGS
from wealthnexus.demo.market import DISTRIBUTIONS, FIRST_DAY, LAST_DAY, load_market, ticker_periods
from wealthnexus.domain.bundle.identifiers import is_cusip, is_isin

pytestmark = pytest.mark.unit

D = Decimal
MARKET = load_market()


@pytest.mark.parametrize(
    ("key", "periods"),
    [
        ("FB", [("fb", "2012-05-18", "2050-12-31")]),
        ("WM", [("uw", "1998-01-02", "1998-07-16"), ("wmi", "1998-07-17", "2009-08-04"),
                ("wm", "2009-08-05", "2050-12-31")]),
        ("BAC", [("nb", "1998-01-02", "1998-09-30"), ("bac", "1998-10-01", "2050-12-31")]),
        ("QQQ", [("qqq", "1999-03-10", "2004-11-30"), ("qqqq", "2004-12-01", "2011-03-22"),
                 ("qqq", "2011-03-23", "2050-12-31")]),
        ("GOOGL", [("goog", "2004-08-19", "2014-04-02"), ("googl", "2014-04-03", "2050-12-31")]),
        ("GOOG", [("goocv", "2014-03-27", "2014-04-02"), ("goog", "2014-04-03", "2050-12-31")]),
        ("EEM", [("eem", "2003-04-11", "2050-12-31")]),
        ("USO", [("uso", "2006-04-10", "2050-12-31")]),
        ("BNO", [("bno", "2010-06-02", "2050-12-31")]),
    ],
)  # fmt: skip
def test_a_ticker_belongs_to_a_company_for_a_time(key: str, periods: list[tuple[str, str, str]]) -> None:
    assert [(ticker, str(first), str(last)) for ticker, first, last in ticker_periods(key)] == periods


def test_prices_are_the_closes_of_the_exchanges() -> None:
    # The closes of 31 March 2021 as published that evening.
    closes = {
        "AAPL": "122.15",
        "SPY": "396.33",
        "GOOG": "2068.63",
        "FB": "294.53",
        "IBM": "133.26",
        "QQQ": "319.13",
    }
    assert {key: MARKET.close(key, LAST_DAY) for key in closes} == {
        key: D(close) for key, close in closes.items()
    }
    # The last close before and the first after Apple's 7-for-1 split, raw.
    assert MARKET.close("AAPL", date(2014, 6, 6)) == D("645.57")
    assert MARKET.close("AAPL", date(2014, 6, 9)) == D("93.70")


def test_every_series_is_whole_from_its_first_day() -> None:
    assert (MARKET.days[0], MARKET.days[-1], len(MARKET.days)) == (FIRST_DAY, LAST_DAY, 2326)
    begins = {"FB": date(2012, 5, 18), "GOOG": date(2014, 4, 3)}
    for key, bars in MARKET.bars.items():
        first = begins.get(key, FIRST_DAY)
        assert [bar.day for bar in bars] == [day for day in MARKET.days if day >= first], key
        assert all(
            bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars
        ), key
        assert all(bar.low > 0 for bar in bars), key


def test_every_jump_is_a_split_or_the_oil_crash() -> None:
    """A raw close that moves by a quarter in a day is a corporate action that the books must follow."""
    jumps = {
        (key, after.day): (after.close / before.close)
        for key, bars in MARKET.bars.items()
        for before, after in itertools.pairwise(bars)
        if not D("0.75") < after.close / before.close < D("1.33")
    }
    splits = {(key, split.ex_date): split.ratio for key, found in MARKET.splits.items() for split in found}
    distributed = {(d.key, d.ex_date): 1 + d.ratio for d in DISTRIBUTIONS}
    crashes = {("USO", date(2020, 3, 9)), ("USO", date(2020, 4, 21))}
    assert set(jumps) - crashes == {
        ("AAPL", date(2014, 6, 9)), ("AAPL", date(2020, 8, 31)), ("BNO", date(2013, 8, 29)),
        ("USO", date(2020, 4, 29)), ("GOOGL", date(2014, 4, 3)),
    }  # fmt: skip
    for place, move in jumps.items():
        if place not in crashes:
            ratio = {**splits, **distributed}[place]
            assert D("0.90") < move * ratio < D("1.10"), place


def test_splits_by_day() -> None:
    listed = {
        key: [(str(s.ex_date), s.ratio, s.text) for s in found]
        for key, found in MARKET.splits.items()
        if found
    }
    assert listed == {
        "AAPL": [("2014-06-09", 7, "7-for-1 split"), ("2020-08-31", 4, "4-for-1 split")],
        "BNO": [("2013-08-29", 2, "2-for-1 split")],
        "GOOG": [("2015-04-27", D("1.0027"), "Class C settlement, 0.0027 share for each")],
        "USO": [("2020-04-29", D("0.125"), "1-for-8 reverse split")],
    }


def test_dividends_are_to_a_tenth_of_a_cent_and_paid_on_trading_days() -> None:
    apple = [(str(d.ex_date), d.per_share) for d in MARKET.dividends["AAPL"]]
    assert apple[0] == ("2012-08-09", D("2.650"))
    assert apple[-1] == ("2021-02-05", D("0.205"))
    assert MARKET.dividends["FB"] == MARKET.dividends["GOOG"] == MARKET.dividends["USO"] == ()
    for key, dividends in MARKET.dividends.items():
        for dividend in dividends:
            assert dividend.payable_on in MARKET.closes[key]
            assert 21 < (dividend.payable_on - dividend.ex_date).days < 28


@pytest.mark.parametrize(
    ("trade_date", "settles"),
    [
        ("2017-09-01", "2017-09-07"),  # T+3 over Labor Day, the last trade date of three days
        ("2017-09-05", "2017-09-07"),  # T+2 from here on
        ("2020-10-08", "2020-10-13"),  # Columbus Day is no settlement day
        ("2020-11-10", "2020-11-13"),  # nor Veterans Day
        ("2021-03-30", "2021-04-01"),
        ("2021-03-31", "2021-04-05"),  # Good Friday
    ],
)
def test_settlement(trade_date: str, settles: str) -> None:
    assert MARKET.settlement(date.fromisoformat(trade_date)) == date.fromisoformat(settles)


def test_ecb_rates_are_those_published_last() -> None:
    # ECB reference rates: 16 January 2015 EUR/USD 1.1588; 31 March 2021 EUR/USD 1.1725, EUR/GBP 0.85209.
    assert MARKET.dollars_per("EUR", date(2015, 1, 16)) == D("1.1588")
    assert MARKET.dollars_per("EUR", date(2015, 1, 18)) == D("1.1588")
    assert MARKET.dollars_per("USD", date(2015, 1, 16)) == 1
    # 1.1725 / 0.85209 = 1.3760283...
    assert MARKET.dollars_per("GBP", LAST_DAY).quantize(D("0.0000001")) == D("1.3760284")


def test_identifiers_hold_and_agree() -> None:
    for instrument in INSTRUMENTS.values():
        assert is_cusip(instrument.cusip), instrument.key
        assert is_isin(instrument.isin), instrument.key
        assert instrument.isin[2:11] == instrument.cusip


def test_private_holdings_are_stale_or_have_never_been_valued() -> None:
    assert PRIVATE_HOLDINGS["MERIDIAN-VI"].marks[-1][0] == date(2020, 9, 30)
    assert PRIVATE_HOLDINGS["LANTERN-BAY-II"].marks[-1][0] == date(2020, 12, 31)
    assert PRIVATE_HOLDINGS["ART-COLLECTION"].marks == PRIVATE_HOLDINGS["WATERFRONT-PARCEL"].marks == ()
