"""The two demo firms' books: valid, the same every time, and worth what their screens say."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.demo.books import advisors, household_plans, write_demo_bundle
from wealthnexus.demo.market import load_market
from wealthnexus.demo.people import FIRMS, Firm
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.bundle import (
    KnownKeys,
    RowProblem,
    TransactionRow,
    open_bundle,
    signed_units,
    validate,
)

from tests.oracle.book import Book

pytestmark = pytest.mark.unit

D = Decimal
CLOCK = date(2021, 3, 31)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Firm, Path]:
    made: dict[Firm, Path] = {}
    for firm in FIRMS:
        made[firm] = tmp_path_factory.mktemp(firm) / "bundle"
        write_demo_bundle(firm, made[firm])
    return made


@pytest.fixture(scope="module")
def books(folders: dict[Firm, Path]) -> dict[Firm, Book]:
    return {firm: Book(folder) for firm, folder in folders.items()}


def transactions(folder: Path) -> Iterator[TransactionRow]:
    with open_bundle(folder) as bundle:
        for row in bundle.rows("transactions"):
            assert not isinstance(row, RowProblem), row.message
            yield row


@pytest.mark.parametrize("firm", FIRMS)
def test_the_bundle_has_no_problems_and_no_warnings(folders: dict[Firm, Path], firm: Firm) -> None:
    with open_bundle(folders[firm]) as bundle:
        report = validate(bundle, KnownKeys())
        assert bundle.header.as_of == CLOCK
    assert list(report.lines())[:-1] == []
    assert report.row_counts["households"] == {"summit": 40, "harbor": 30}[firm]
    assert 15_000 < report.row_counts["transactions"] < 30_000


@pytest.mark.parametrize("firm", FIRMS)
def test_the_same_bytes_every_time(folders: dict[Firm, Path], tmp_path: Path, firm: Firm) -> None:
    write_demo_bundle(firm, tmp_path / "again")
    for path in sorted(folders[firm].iterdir()):
        again = (tmp_path / "again" / path.name).read_bytes()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == hashlib.sha256(again).hexdigest(), path.name


@pytest.mark.parametrize("firm", FIRMS)
def test_households_are_worth_what_was_planned(books: dict[Firm, Book], firm: Firm) -> None:
    """By the independent reading, to the cent, all households of the firm."""
    for plan in household_plans(firm):
        assert books[firm].household(plan.external_id, CLOCK)["value"] == plan.value, plan.name


def test_the_whitfield_household(books: dict[Firm, Book]) -> None:
    """Five accounts that add up: 4,182,306.42 + 3,640,225.60 + 1,204,918.77 + 986,540.13 + 148,902.35."""
    book = books["summit"]
    figures = [book.account(account, CLOCK) for account in book.members["H-0001"]]
    assert [figure["value"] for figure in figures] == [
        D("4182306.42"), D("3640225.60"), D("1204918.77"), D("986540.13"), D("148902.35"),
    ]  # fmt: skip
    assert book.household("H-0001", CLOCK)["value"] == D("10162893.27")
    assert [book.accounts[a]["account_number"][-4:] for a in book.members["H-0001"]] == [
        "4471", "9034", "2210", "2211", "7718",
    ]  # fmt: skip
    # 3,100 x 396.33 = 1,228,623.00; 310 x 2,068.63 = 641,275.30; 5,200 x 122.15 = 635,180.00 (1,300 shares
    # before the 4-for-1 split); 1,450 x 294.53 = 427,068.50; 1,900 x 220.94 = 419,786.00;
    # 5,400 x 53.34 = 288,036.00; 1,790 x 133.26 = 238,535.40; 2,200 x 40.53 = 89,166.00.
    held: dict[str, dict[str, object]] = figures[0]["positions"]  # type: ignore[assignment]
    positions = {key: (position["units"], position["value"]) for key, position in held.items()}
    assert positions == {
        "SPY": (D(3100), D("1228623.00")), "GOOG": (D(310), D("641275.30")),
        "AAPL": (D(5200), D("635180.00")), "FB": (D(1450), D("427068.50")),
        "IWM": (D(1900), D("419786.00")), "EEM": (D(5400), D("288036.00")),
        "IBM": (D(1790), D("238535.40")), "USO": (D(2200), D("89166.00")),
    }  # fmt: skip


@pytest.mark.parametrize("firm", FIRMS)
def test_cash_and_units_are_never_negative(folders: dict[Firm, Path], firm: Firm) -> None:
    """At the end of every day, by trade date and by settlement date; units after every transaction."""
    traded: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    settled: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    units: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in transactions(folders[firm]):
        traded[row.account_external_id][row.trade_date] += row.amount
        settled[row.account_external_id][row.settlement_date or row.trade_date] += row.amount
        if row.security_key is not None:
            place = (row.account_external_id, row.security_key)
            units[place] += signed_units(row.type, row.quantity)
            assert units[place] >= 0, row
    for ledger in (traded, settled):
        for account, days in ledger.items():
            balance = D(0)
            for day in sorted(days):
                balance += days[day]
                assert balance >= 0, (account, day, balance)


@pytest.mark.parametrize("firm", FIRMS)
def test_trades_are_at_the_close_of_their_day(folders: dict[Firm, Path], firm: Firm) -> None:
    market = load_market()
    seen = Counter(row.type for row in transactions(folders[firm]))
    for row in transactions(folders[firm]):
        if row.type not in ("BUY", "SELL", "REINVEST"):
            continue
        assert row.security_key is not None
        assert row.quantity is not None
        close = market.close(row.security_key, row.trade_date)
        assert row.price == close
        dollars = row.quantity * close
        rate = market.dollars_per(row.currency, row.trade_date)
        paid = -row.amount - row.fees if row.type != "SELL" else row.amount + row.fees
        # Reinvested shares are rounded to 4 places, so that their value is within half a unit of the price.
        tolerance = close * D("0.00005") + D("0.005") if row.type == "REINVEST" else D("0.005")
        assert abs(paid - dollars / rate) <= tolerance, row
    assert {
        "BUY",
        "SELL",
        "REINVEST",
        "DIVIDEND",
        "INTEREST",
        "ADVISORY_FEE",
        "DEPOSIT",
        "WITHDRAWAL",
    } <= set(seen)
    assert {"TRANSFER_IN", "JOURNAL", "TAX"} <= set(seen)


def test_units_follow_every_split(books: dict[Firm, Book]) -> None:
    """Value does not jump where the raw price does: 600 + 700 Apple shares became 5,200 on 31 August 2020."""
    book = books["summit"]
    before, after = date(2020, 8, 28), date(2020, 8, 31)
    assert book.units("A-0001-1", before)["AAPL"] == D(1300)
    assert book.units("A-0001-1", after)["AAPL"] == D(5200)
    for firm in FIRMS:
        for account in books[firm].accounts:
            for key, (day, next_day, ratio) in {
                "USO": (date(2020, 4, 28), date(2020, 4, 29), D("0.125")),
                "AAPL": (date(2014, 6, 6), date(2014, 6, 9), D(7)),
            }.items():
                held = books[firm].units(account, day).get(key)
                if held:
                    moved = books[firm].units(account, next_day).get(key, D(0))
                    assert abs(moved - held * ratio) <= D("0.00005"), (firm, account, key)


def test_class_c_shares_were_distributed(books: dict[Firm, Book]) -> None:
    book = books["summit"]
    holders = [a for a in book.accounts if book.units(a, date(2014, 4, 2)).get("GOOGL")]
    assert holders
    for account in holders:
        units = book.units(account, date(2014, 4, 3))
        assert units["GOOG"] == units["GOOGL"] == book.units(account, date(2014, 4, 2))["GOOGL"]


def test_the_stories_are_told(books: dict[Firm, Book]) -> None:
    summit, harbor = books["summit"], books["harbor"]
    # A mark 182 days old is stale; one of 90 days, the last quarter's, is not.
    assert summit.household("H-0010", CLOCK)["stale"] == ["A-0010-1/MERIDIAN-VI"]
    assert harbor.household("H-0012", CLOCK)["stale"] == []
    # Never valued: the total is partial and says so.
    assert summit.household("H-0013", CLOCK)["unpriced"] == ["A-0013-1/ART-COLLECTION"]
    assert harbor.household("H-0011", CLOCK)["unpriced"] == ["A-0011-1/WATERFRONT-PARCEL"]
    # New: no account at all, and an account with nothing in it.
    assert summit.members["H-0040"] == []
    assert harbor.members["H-0030"] == ["A-0030-1"]
    assert harbor.account("A-0030-1", CLOCK)["value"] == 0
    # Other currencies.
    assert Counter(row["currency"] for row in summit.accounts.values()) == {"USD": 99, "NOK": 1}
    assert Counter(row["currency"] for row in harbor.accounts.values()) == {"USD": 60, "EUR": 2, "GBP": 2}
    assert harbor.account("A-0005-3", CLOCK)["value"] == D("1480000.00")
    # Two households, one account.
    assert "A-0011-3" in summit.members["H-0008"]
    assert "A-0011-3" in summit.members["H-0011"]
    assert "A-0008-3" in harbor.members["H-0004"]
    assert "A-0008-3" in harbor.members["H-0008"]
    # Two identical cheques on one day.
    cheques = [r for r in summit.transactions["A-0001-1"] if r["description"] == "Cheque deposit"]
    assert len(cheques) == 2
    assert {tuple(v for k, v in row.items() if k != "external_id") for row in cheques} == {
        tuple(list(cheques[0].values())[1:])
    }


def test_every_household_has_an_advisor_of_its_firm() -> None:
    for firm in FIRMS:
        assert len(advisors(firm)) == len(household_plans(firm))
        assert len({plan.name for plan in household_plans(firm)}) == len(household_plans(firm))


def test_account_numbers_are_unique(books: dict[Firm, Book]) -> None:
    for book in books.values():
        numbers = [row["account_number"] for row in book.accounts.values()]
        assert len(set(numbers)) == len(numbers)
        assert all(number.isdigit() and len(number) == 8 for number in numbers)


def test_generated_households_are_valid_and_counted(tmp_path: Path) -> None:
    counts = generate_households(60, 34, tmp_path / "a.zip", seed=7)
    assert counts["households"] == 60
    assert counts["accounts"] == 180
    assert counts["transactions"] == 180 * 34
    with open_bundle(tmp_path / "a.zip") as bundle:
        report = validate(bundle, KnownKeys())
    assert list(report.lines())[:-1] == []
    generate_households(60, 34, tmp_path / "b.zip", seed=7)
    generate_households(60, 34, tmp_path / "c.zip", seed=8)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.zip").read_bytes() != (tmp_path / "c.zip").read_bytes()


def test_generated_books_hold_what_they_sell(tmp_path: Path) -> None:
    generate_households(40, 60, tmp_path / "a")
    book = Book(tmp_path / "a")
    for account in book.accounts:
        assert book.cash(account, CLOCK) >= 0
        assert all(units > 0 for units in book.units(account, CLOCK).values())
        assert len(book.transactions[account]) == 60


@pytest.mark.parametrize(("n", "per_account"), [(0, 10), (1_000_001, 10), (1, 0), (1, 10_001)])
def test_generated_sizes_have_limits(tmp_path: Path, n: int, per_account: int) -> None:
    with pytest.raises(ValueError, match="; expected 1 to"):
        generate_households(n, per_account, tmp_path)
