"""The independent reading itself, against arithmetic done by hand."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.oracle.book import Book
from tests.support.bundles import SOUND, TRANSACTION_COLUMNS, write_folder

pytestmark = pytest.mark.unit

D = Decimal


def book(folder: Path, *transactions: str, **files: str) -> Book:
    rows = "".join(row + "\n" for row in transactions)
    changes: dict[str, str | bytes | None] = {"transactions.csv": f"{TRANSACTION_COLUMNS}\n{rows}"}
    changes |= {f"{name}.csv": content for name, content in files.items()}
    return Book(write_folder(folder, changes))


LIFE = (
    "T1,A1,DEPOSIT,2021-01-04,,,,,100000.00,,USD,,,,",
    "T2,A1,BUY,2021-01-05,2021-01-07,AAPL,100,131.01,-13105.95,4.95,USD,,,,",
    "T3,A1,DIVIDEND,2021-02-11,2021-02-11,AAPL,,,20.50,0,USD,,,,",
    "T4,A1,REINVEST,2021-02-11,2021-02-11,AAPL,0.1517,135.13,-20.50,0,USD,,T3,,",
    "T5,A1,SELL,2021-03-30,2021-04-01,AAPL,40,119.90,4796.00,0,USD,,,,",
    "T6,A1,JOURNAL,2021-03-30,2021-03-30,SPY,7,,0,0,USD,,,,Journal from another account",
)


def test_cash_by_trade_date_and_by_settlement(tmp_path: Path) -> None:
    read = book(tmp_path, *LIFE)
    assert read.cash("A1", date(2021, 1, 3)) == 0
    assert read.cash("A1", date(2021, 1, 4)) == D("100000.00")
    # 100,000.00 - 13,105.95 = 86,894.05, of which the purchase settles on the 7th.
    assert read.cash("A1", date(2021, 1, 5)) == D("86894.05")
    assert read.settled_cash("A1", date(2021, 1, 6)) == D("100000.00")
    assert read.settled_cash("A1", date(2021, 1, 7)) == D("86894.05")
    # + 20.50 - 20.50 + 4,796.00 = 91,690.05; the sale settles in April.
    assert read.cash("A1", date(2021, 3, 31)) == D("91690.05")
    assert read.settled_cash("A1", date(2021, 3, 31)) == D("86894.05")
    assert read.cash("A2", date(2021, 3, 31)) == 0


def test_units_and_values_as_of(tmp_path: Path) -> None:
    read = book(tmp_path, *LIFE)
    assert read.units("A1", date(2021, 1, 5)) == {"AAPL": D(100)}
    assert read.units("A1", date(2021, 2, 11)) == {"AAPL": D("100.1517")}
    assert read.units("A1", date(2021, 3, 31)) == {"AAPL": D("60.1517"), "SPY": D(7)}
    # On 30 March: 60.1517 x 119.90 = 7,212.18883 -> 7,212.19; SPY has its first price on the 31st.
    eve = read.account("A1", date(2021, 3, 30))
    assert eve["value"] == D("91690.05") + D("7212.19") == D("98902.24")
    assert (eve["partial"], eve["unpriced"], eve["stale"]) == (True, ["SPY"], [])
    # On 31 March: 60.1517 x 122.15 = 7,347.530155 -> 7,347.53; 7 x 396.33 = 2,774.31.
    last = read.account("A1", date(2021, 3, 31))
    assert last["value"] == D("91690.05") + D("7347.53") + D("2774.31") == D("101811.89")
    assert (last["partial"], last["unpriced"], last["stale"]) == (False, [], [])
    # A week later five sessions have not passed (2 April is Good Friday), a day later they have.
    assert read.account("A1", date(2021, 4, 8))["stale"] == []
    assert read.account("A1", date(2021, 4, 9))["stale"] == ["AAPL", "SPY"]
    assert read.household("H1", date(2021, 3, 31))["value"] == D("101811.89")


def test_half_a_cent_is_rounded_up_once_per_position(tmp_path: Path) -> None:
    prices = (
        "security_key,date,open,high,low,close,volume\nAAPL,2021-03-31,,,,0.335,\nSPY,2021-03-31,,,,0.335,\n"
    )
    read = book(
        tmp_path,
        "T1,A1,TRANSFER_IN,2021-03-01,,AAPL,1,,0,,USD,,,,",
        "T2,A1,TRANSFER_IN,2021-03-01,,SPY,1,,0,,USD,,,,",
        prices=prices,
    )
    # 0.335 -> 0.34 each, 0.68 together; the unrounded sum would be 0.67.
    assert read.account("A1", date(2021, 3, 31))["value"] == D("0.68")


def test_rates_direct_inverse_and_across(tmp_path: Path) -> None:
    rates = (
        "base,quote,date,rate\nEUR,USD,2021-03-30,1.1741\nEUR,USD,2021-03-31,1.1725\nEUR,GBP,2021-03-31,0.85209\n"
        "USD,JPY,2021-03-31,110.50\nUSD,CHF,2021-03-31,0.94\n"
    )
    read = book(tmp_path, fx_rates=rates)
    day = date(2021, 3, 31)
    assert read.rate("USD", "USD", day) == 1
    assert read.rate("EUR", "USD", day) == D("1.1725")
    assert read.rate("EUR", "USD", date(2021, 3, 30)) == D("1.1741")
    assert read.rate("EUR", "USD", date(2021, 3, 29)) is None
    # 1 / 1.1725 = 0.852878464818763326226012|7931..., half-up to 24 places.
    assert read.rate("USD", "EUR", day) == D("0.852878464818763326226013")
    # Through the euro: 1.1725 / 0.85209 = 1.37602835...
    assert read.rate("GBP", "USD", day).quantize(D("0.00000001")) == D("1.37602835")  # type: ignore[union-attr]
    # Through the dollar: 110.50 / 0.94 = 117.5531914...
    assert read.rate("CHF", "JPY", day).quantize(D("0.0000001")) == D("117.5531915")  # type: ignore[union-attr]
    assert read.rate("NOK", "USD", day) is None


def test_an_account_in_euros(tmp_path: Path) -> None:
    read = book(
        tmp_path,
        "T1,A2,DEPOSIT,2021-03-01,,,,,5000.00,,EUR,,,,",
        "T2,A2,BUY,2021-03-31,2021-04-02,AAPL,10,122.15,-1041.79,0,EUR,,,,",
    )
    figures = read.account("A2", date(2021, 3, 31))
    # 10 x 122.15 = 1,221.50 USD / 1.1725 = 1,041.7910... EUR -> 1,041.79; cash 3,958.21.
    assert figures["positions"]["AAPL"]["value"] == D("1041.79")  # type: ignore[index]
    assert (figures["currency"], figures["cash"], figures["value"]) == ("EUR", D("3958.21"), D("5000.00"))
    # 5,000.00 EUR x 1.1725 = 5,862.50 USD.
    assert read.household("H2", date(2021, 3, 31))["value"] == D("5862.50")
    # The day before there was no rate: the position and the account cannot be converted.
    early = read.household("H2", date(2021, 3, 30))
    assert (early["value"], early["partial"], early["unpriced"]) == (0, True, ["A2"])


def test_every_type_moves_units_its_way(tmp_path: Path) -> None:
    read = book(
        tmp_path,
        "T1,A1,TRANSFER_IN,2021-01-04,,SPY,50,,0,,USD,,,,",
        "T2,A1,TRANSFER_OUT,2021-01-05,,SPY,20,,0,,USD,,,,",
        "T3,A1,SHORT,2021-01-05,,AAPL,5,,650,,USD,,,,",
        "T4,A1,COVER,2021-01-06,,AAPL,2,,-260,,USD,,,,",
        "T5,A1,ASSIGNMENT,2021-01-07,,AAPL,1,,0,,USD,,,,",
        "T6,A1,EXPIRATION,2021-01-08,,AAPL,2,,0,,USD,,,,",
        "T7,A1,EXPIRATION,2021-01-08,,SPY,10,,0,,USD,,,,",
        "T8,A1,EXERCISE,2021-01-11,,SPY,5,,0,,USD,,,,",
        "T9,A1,JOURNAL,2021-01-11,,SPY,-5,,0,,USD,,,,",
        "T10,A1,DIVIDEND,2021-01-12,,SPY,10,,14.00,,USD,,,,",
    )
    assert read.units("A1", date(2021, 1, 6)) == {"SPY": D(30), "AAPL": D(-3)}
    assert read.units("A1", date(2021, 1, 7)) == {"SPY": D(30), "AAPL": D(-2)}
    # -2 + 2 = 0 is no longer held; 30 - 10 - 5 - 5 = 10.
    assert read.units("A1", date(2021, 1, 12)) == {"SPY": D(10)}


def test_what_corporate_actions_post_is_signed(tmp_path: Path) -> None:
    read = book(
        tmp_path,
        "T1,A1,TRANSFER_IN,2021-01-04,,SPY,100,,0,,USD,,,,",
        "T2,A1,SPLIT,2021-01-05,,SPY,-88,,20,,USD,,,,",
        "T3,A1,STOCK_DIVIDEND,2021-01-06,,SPY,1,,0,,USD,,,,",
        "T4,A1,SPIN_OFF,2021-01-07,,AAPL,6.5,,0,,USD,,,,",
        "T5,A1,CASH_IN_LIEU,2021-01-08,,AAPL,-0.5,,60,,USD,,,,",
        "T6,A1,MERGER,2021-01-11,,SPY,-13,,130,,USD,,,,",
        "T7,A1,SYMBOL_CHANGE,2021-01-12,,AAPL,-6,,0,,USD,,,,",
    )
    assert read.units("A1", date(2021, 1, 8)) == {"SPY": D(13), "AAPL": D(6)}
    assert read.units("A1", date(2021, 1, 12)) == {}
    assert read.cash("A1", date(2021, 1, 12)) == D(210)


def test_the_multiplier_scales_the_price(tmp_path: Path) -> None:
    securities = SOUND["securities.csv"] + "C130,,,,,,,AAPL call,OTHER,DERIVATIVE,,USD,100\n"
    prices = SOUND["prices.csv"] + "C130,2021-03-31,,,,2.45,\n"
    read = book(
        tmp_path, "T1,A1,SHORT,2021-03-31,,C130,3,2.45,735,,USD,,,,", securities=securities, prices=prices
    )
    # -3 x 2.45 x 100 = -735.00, against 735.00 of cash.
    assert read.account("A1", date(2021, 3, 31))["value"] == 0


def test_an_account_of_two_households_counts_in_both(tmp_path: Path) -> None:
    accounts = SOUND["accounts.csv"] + SOUND["accounts.csv"].split("\n")[1].replace("A1,H1", "A1,H2") + "\n"
    read = book(tmp_path, "T1,A1,DEPOSIT,2021-03-01,,,,,10.00,,USD,,,,", accounts=accounts)
    day = date(2021, 3, 31)
    assert read.household("H1", day)["value"] == read.household("H2", day)["value"] == D("10.00")


def test_the_command_prints_json(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b")
    script = Path(__file__).with_name("book.py")
    command = [sys.executable, "-I", str(script), str(folder), "--as-of", "2021-03-31"]
    printed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert printed["as_of"] == "2021-03-31"
    # 100,000.00 - 13,105.95 + 20.50 - 20.50 = 86,894.05; 100.1517 x 122.15 = 12,233.530155 -> 12,233.53.
    assert printed["accounts"]["A1"]["cash"] == "86894.05"
    assert printed["accounts"]["A1"]["positions"]["AAPL"] == {
        "units": "100.1517", "price": "122.15", "price_date": "2021-03-31", "accrued": "0.00",
        "value": "12233.53",
    }  # fmt: skip
    assert printed["households"]["H1"]["value"] == "99127.58"
    missing = subprocess.run(
        [sys.executable, "-I", str(script), str(tmp_path), "--as-of", "2021-03-31"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert missing.returncode == 2
    assert missing.stderr == f"{tmp_path} has no bundle.json; expected the folder of a bundle\n"


def test_it_imports_the_standard_library_alone() -> None:
    tree = ast.parse(Path(__file__).with_name("book.py").read_text())
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or "."] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert "csv" in imported
    assert imported - set(sys.stdlib_module_names) == set()
