"""Books of any size for benchmarks: ten thousand households, a million transactions, in one stream.

Every account follows the same simple life at real prices: a deposit, then rounds of purchases, dividends,
some of them reinvested, interest, fees, further deposits and sales. Cash and units are never negative. The
rows depend on ``seed`` alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from wealthnexus.domain.bundle import (
    AccountRow,
    BundleHeader,
    HouseholdRow,
    TransactionRow,
    write_bundle,
)

from .books import price_rows, security_rows
from .market import LAST_DAY, Market, load_market

HOUSEHOLDS_MAX: Final = 1_000_000
ACCOUNTS_PER_HOUSEHOLD: Final = (1, 2, 3, 3, 4, 5)
"""Three on average; households take them in turn."""
# None of these has split since 2012, so that no units have to follow a split.
_KEYS: Final = ("SPY", "IWM", "EEM", "QQQ", "IBM", "BAC", "WM", "AIG")
_KINDS: Final = (
    ("JOINT_WITH_SURVIVORSHIP", "TAXABLE", "Joint brokerage"),
    ("TRADITIONAL_IRA", "TAX_DEFERRED", "Traditional IRA"),
    ("ROTH_IRA", "TAX_FREE", "Roth IRA"),
    ("REVOCABLE_TRUST", "TAXABLE", "Family Trust"),
    ("PLAN_529", "TAX_FREE", "529 plan"),
)
# fmt: off
_SURNAMES: Final = (
    "Abel", "Alder", "Amari", "Anders", "Archer", "Asher", "Avery", "Banks", "Barlow", "Bauer", "Bell",
    "Bennet", "Birch", "Blake", "Boyd", "Brandt", "Briggs", "Brooks", "Burke", "Calloway", "Carver", "Chen",
    "Clarke", "Conrad", "Cooper", "Crane", "Cross", "Dale", "Dalton", "Davis", "Dean", "Diaz", "Drake",
    "Dunn", "Eaton", "Ellis", "Evans", "Farrow", "Finch", "Fisher", "Flores", "Forde", "Foster", "Frost",
    "Garner", "Gibbs", "Grant", "Gray", "Greer", "Hale", "Hansen", "Hayes", "Heath", "Hobbs", "Holt",
    "Hughes", "Irwin", "Jarvis", "Jensen", "Joyce", "Kaur", "Keller", "Kemp", "Khan", "Kirby", "Knox",
    "Lang", "Larsen", "Leary", "Lowe", "Lund", "Marsh", "Mason", "Mayer", "Mercer", "Meyer", "Miles",
    "Moss", "Nash", "Nolan", "Norris", "Olsen", "Ortiz", "Page", "Park", "Patel", "Payne", "Perry", "Pope",
    "Price", "Quinn", "Ramos", "Reed", "Rhodes", "Rivas", "Ross", "Rowe", "Ruiz", "Sharp", "Shaw", "Silva",
    "Singh", "Stone", "Tate", "Todd", "Vega", "Wade", "Walsh", "Ward", "Webb", "West", "Yates", "York",
    "Young",
)
# fmt: on
_FORMS: Final = ("Family", "Household", "Trust", "Partnership")
_CENT: Final = Decimal("0.01")
_UNIT: Final = Decimal("0.0001")
_ZERO: Final = Decimal(0)


def generate_households(n: int, transactions_per_account: int, out: Path, seed: int = 1) -> dict[str, int]:
    """Write a bundle of ``n`` households, three accounts each on average, to a folder or ``.zip``.

    Each account has exactly ``transactions_per_account`` transactions from 2012 to 31 March 2021. Returns
    the rows per file. ValueError when a number is out of range.
    """
    if not 1 <= n <= HOUSEHOLDS_MAX:
        raise ValueError(f"households: {n}; expected 1 to {HOUSEHOLDS_MAX}")
    if not 1 <= transactions_per_account <= 10_000:
        raise ValueError(f"transactions per account: {transactions_per_account}; expected 1 to 10000")
    market = load_market()
    used = set(_KEYS)
    return write_bundle(
        out,
        BundleHeader(source=f"Generated book, {n} households, seed {seed}", as_of=LAST_DAY),
        {
            "households": (HouseholdRow(0, f"H-{i:07d}", _household_name(i)) for i in range(1, n + 1)),
            "accounts": _accounts(n, seed),
            "securities": security_rows(used),
            "prices": price_rows(used, market),
            "transactions": _transactions(n, transactions_per_account, seed, market),
        },
    )


def _household_name(number: int) -> str:
    surname = _SURNAMES[number % len(_SURNAMES)]
    return f"{surname} {_FORMS[number // len(_SURNAMES) % len(_FORMS)]} {number}"


def _account_ids(n: int) -> Iterator[tuple[int, int, str]]:
    """(household number, position, account id) of every account."""
    for household in range(1, n + 1):
        for position in range(ACCOUNTS_PER_HOUSEHOLD[household % len(ACCOUNTS_PER_HOUSEHOLD)]):
            yield household, position, f"A-{household:07d}-{position + 1}"


def _accounts(n: int, seed: int) -> Iterator[AccountRow]:
    for household, position, account_id in _account_ids(n):
        account_type, tax_status, name = _KINDS[(household + position) % len(_KINDS)]
        yield AccountRow(
            0,
            account_id,
            f"H-{household:07d}",
            f"{(household * 5 + position) * 7919 % 10**8:08d}",
            name,
            account_type,
            tax_status,
            "Scale Custody",
            "USD",
            date(2012, 1, 3 + (household + seed) % 20),
            "FIFO",
        )


def _transactions(n: int, count: int, seed: int, market: Market) -> Iterator[TransactionRow]:
    for household, position, account_id in _account_ids(n):
        chance = random.Random(seed * 1_000_003 + household * 31 + position)  # noqa: S311
        yield from _AccountLife(account_id, market, chance).transactions(count)


class _AccountLife:
    """One generated account: which of a few steps comes next depends on its number in the account's row."""

    def __init__(self, account_id: str, market: Market, chance: random.Random) -> None:
        self.account_id = account_id
        self.market = market
        self.chance = chance
        self.cash = _ZERO
        self.units: dict[str, Decimal] = {}
        self.number = 0
        first = chance.randrange(len(_KEYS))
        self.keys = [_KEYS[(first + step) % len(_KEYS)] for step in range(4)]

    def transactions(self, count: int) -> Iterator[TransactionRow]:
        days = self.market.days
        # Trade dates spread evenly over the years after the twentieth day, so that accounts are open by then.
        span = len(days) - 24
        latest: TransactionRow | None = None
        for number in range(count):
            day = days[20 + number * span // count]
            latest = self._next(number, day, latest)
            yield latest

    def _next(self, number: int, day: date, before: TransactionRow | None) -> TransactionRow:
        if number == 0:
            return self._cash(
                "DEPOSIT", day, Decimal(self.chance.randrange(50, 5_000) * 1_000), "Opening deposit"
            )
        if before is not None and before.type == "DIVIDEND" and self.chance.random() < 0.4:
            return self._reinvest(day, before)
        key = self.keys[number % len(self.keys)]
        step = number % 8
        if step in (1, 2, 3):
            return self._buy(key, day)
        if step in (4, 5) and self.units.get(key, _ZERO) >= 1:
            rate = Decimal(self.chance.randrange(5, 140)).scaleb(-2)
            return self._cash("DIVIDEND", day, self._cents(self.units[key] * rate), f"Dividend {key}", key)
        if step == 6 and self.cash > 1_000:
            return self._cash("ADVISORY_FEE", day, -self._cents(self.cash * Decimal("0.01")), "Advisory fee")
        if step == 7 and self.units.get(key, _ZERO) >= 10:
            return self._sell(key, day)
        return self._cash("DEPOSIT", day, Decimal(self.chance.randrange(1, 80) * 250), "Electronic transfer")

    @staticmethod
    def _cents(amount: Decimal) -> Decimal:
        return amount.quantize(_CENT, rounding=ROUND_HALF_UP)

    def _row(  # noqa: PLR0917  the columns of a transaction, in their order
        self,
        kind: str,
        day: date,
        settles: date,
        key: str | None,
        quantity: Decimal | None,
        price: Decimal | None,
        amount: Decimal,
        text: str,
        related: str | None = None,
    ) -> TransactionRow:
        self.number += 1
        self.cash += amount
        return TransactionRow(
            0, f"{self.account_id}-{self.number:05d}", self.account_id, kind, day, settles, key, quantity,
            price, amount, _ZERO, "USD", None, related, None, text,
        )  # fmt: skip

    def _cash(
        self, kind: str, day: date, amount: Decimal, text: str, key: str | None = None
    ) -> TransactionRow:
        return self._row(kind, day, day, key, None, None, amount, text)

    def _buy(self, key: str, day: date) -> TransactionRow:
        price = self.market.close(key, day)
        shares = Decimal(int(self.cash * self.chance.randrange(5, 40) / 100 / price))
        if shares < 1:
            return self._cash("DEPOSIT", day, Decimal(5_000), "Electronic transfer")
        self.units[key] = self.units.get(key, _ZERO) + shares
        amount = -self._cents(shares * price)
        return self._row("BUY", day, self.market.settlement(day), key, shares, price, amount, f"Bought {key}")

    def _sell(self, key: str, day: date) -> TransactionRow:
        price = self.market.close(key, day)
        shares = Decimal(int(self.units[key] / 4)) or Decimal(1)
        self.units[key] -= shares
        amount = self._cents(shares * price)
        return self._row("SELL", day, self.market.settlement(day), key, shares, price, amount, f"Sold {key}")

    def _reinvest(self, day: date, dividend: TransactionRow) -> TransactionRow:
        key = dividend.security_key
        assert key is not None  # noqa: S101
        price = self.market.close(key, day)
        shares = (dividend.amount / price).quantize(_UNIT, rounding=ROUND_HALF_UP)
        if not shares:
            return self._cash("DEPOSIT", day, Decimal(250), "Electronic transfer")
        self.units[key] = self.units.get(key, _ZERO) + shares
        text = f"Reinvested dividend {key}"
        return self._row(
            "REINVEST", day, day, key, shares, price, -dividend.amount, text, dividend.external_id
        )
