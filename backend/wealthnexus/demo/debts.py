"""The debts of the demo households, with a balance for every month end: invented lenders, real arithmetic.

A loan is repaid by equal monthly payments; a line is drawn and repaid as its steps say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from wealthnexus.domain.bundle import LiabilityRow, OwnerRow

from .market import LAST_DAY
from .people import Firm

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Debt:
    """What a household owes; ``debtors`` owe equally, or as ``shares`` say."""

    external_id: str
    household: str
    name: str
    kind: str
    lender: str
    original: str
    rate: str
    opened: str
    matures: str
    debtors: tuple[str, ...]
    shares: tuple[str, ...] = ()
    currency: str = "USD"
    secured_by: str | None = None
    steps: tuple[tuple[str, str], ...] = ()
    """(day, balance) of a line; empty for a loan repaid monthly."""


DEBTS: Final[dict[Firm, tuple[Debt, ...]]] = {
    "summit": (
        Debt("L-0003-1", "H-0003", "Home, 18 Juniper Lane", "MORTGAGE", "Front Range Savings", "640000.00",
             "0.0285", "2020-09-15", "2050-09-15", ("C-0003-1", "C-0003-2")),
        Debt("L-0006-1", "H-0006", "Home at Grand Lake", "MORTGAGE", "Front Range Savings", "1150000.00",
             "0.0375", "2014-11-03", "2044-11-03", ("C-0006-1", "C-0006-2")),
        Debt("L-0009-1", "H-0009", "Margin loan, Samir brokerage", "MARGIN", "Cascade Custody", "400000.00",
             "0.0475", "2019-02-04", "", ("C-0009-1",), secured_by="A-0009-1",
             steps=(("2019-02-28", "400000.00"), ("2019-12-31", "415250.00"), ("2020-03-31", "298400.00"),
                    ("2020-12-31", "356120.44"), ("2021-02-26", "372905.18"), ("2021-03-31", "381477.62"))),
        Debt("L-0010-1", "H-0010", "Estate tax, second instalment", "TAX", "Internal Revenue Service",
             "2350000.00", "0.03", "2018-10-09", "2022-10-09", ("E-0010-1",),
             steps=(("2018-10-31", "2350000.00"), ("2019-12-31", "2420500.00"), ("2020-12-31", "2493115.00"),
                    ("2021-02-10", "593115.00"), ("2021-03-31", "595503.72"))),
        Debt("L-0012-1", "H-0012", "Line against the joint account", "SECURITIES_BACKED",
             "Granite Trust Company", "3000000.00", "0.0245", "2018-05-21", "", ("C-0012-1", "C-0012-2"),
             secured_by="A-0012-1",
             steps=(("2018-05-31", "1200000.00"), ("2019-06-28", "2150000.00"), ("2020-06-30", "1750000.00"),
                    ("2021-01-29", "1805330.50"), ("2021-03-31", "1812946.17"))),
        Debt("L-0014-1", "H-0014", "Student loan", "STUDENT", "Alpine Education Lending", "86000.00",
             "0.0531", "2013-09-02", "2028-09-02", ("C-0014-1",)),
        Debt("L-0026-1", "H-0026", "Home, first mortgage", "MORTGAGE", "Mesa Mutual", "512000.00", "0.0399",
             "2018-07-16", "2048-07-16", ("C-0026-1", "C-0026-2"), ("0.5", "0.5")),
        Debt("L-0026-2", "H-0026", "Electric car", "VEHICLE", "Mesa Mutual", "41800.00", "0.0219",
             "2020-10-05", "2025-10-05", ("C-0026-1",)),
        Debt("L-0030-1", "H-0030", "Home equity line", "HOME_EQUITY", "Sloan Valley Bank", "250000.00",
             "0.0425", "2017-04-10", "", ("C-0030-1", "C-0030-2"),
             steps=(("2017-04-28", "60000.00"), ("2019-04-30", "142000.00"), ("2020-10-30", "137250.85"))),
        Debt("L-0033-1", "H-0033", "Working capital of the holding company", "BUSINESS", "Sloan Valley Bank",
             "500000.00", "0.0515", "2018-03-12", "2028-03-12", ("E-0033-2",)),
    ),
    "harbor": (
        Debt("L-0002-1", "H-0002", "Home on Alder Court", "MORTGAGE", "Casco Savings", "585000.00", "0.0349",
             "2016-05-02", "2046-05-02", ("C-0002-1", "C-0002-2")),
        Debt("L-0005-1", "H-0005", "Apartment in Lyon", "MORTGAGE", "Banque des Deux Rives", "720000.00",
             "0.0135", "2017-09-04", "2037-09-04", ("C-0005-1",), currency="EUR"),
        Debt("L-0007-1", "H-0007", "House in Bath", "MORTGAGE", "Avon & Wye Building Society", "410000.00",
             "0.0189", "2018-11-12", "2038-11-12", ("C-0007-1", "C-0007-2"), ("0.7", "0.3"), currency="GBP"),
        Debt("L-0012-1", "H-0012", "Loan for the boatyard", "BUSINESS", "Casco Savings", "1400000.00",
             "0.0485", "2017-02-06", "2032-02-06", ("E-0012-1",)),
        Debt("L-0024-1", "H-0024", "Student loan", "STUDENT", "Downeast Education Credit", "64000.00",
             "0.0504", "2012-09-03", "2027-09-03", ("C-0024-1",)),
        Debt("L-0026-1", "H-0026", "Margin loan, joint brokerage", "MARGIN", "Saltmarsh Clearing",
             "150000.00", "0.0525", "2019-08-05", "", ("C-0026-1", "C-0026-2"), secured_by="A-0026-1",
             steps=(("2019-08-30", "90000.00"), ("2020-03-31", "148220.00"), ("2020-12-31", "121874.09"),
                    ("2021-03-31", "126318.55"))),
    ),
}  # fmt: skip
MARGIN_ACCOUNTS: Final[dict[Firm, frozenset[str]]] = {
    firm: frozenset(debt.secured_by for debt in debts if debt.kind == "MARGIN" and debt.secured_by)
    for firm, debts in DEBTS.items()
}


def liability_rows(firm: Firm) -> Iterator[LiabilityRow]:
    """A row for each balance, oldest first."""
    for debt in DEBTS[firm]:
        for day, balance in _balances(debt):
            yield LiabilityRow(
                0, debt.external_id, debt.household, debt.name, debt.kind, debt.lender, debt.currency,
                Decimal(debt.original), Decimal(debt.rate), date.fromisoformat(debt.opened),
                date.fromisoformat(debt.matures) if debt.matures else None, None, debt.secured_by, None,
                day, balance,
            )  # fmt: skip


def debtor_rows(firm: Firm) -> Iterator[OwnerRow]:
    """Who owes what."""
    for debt in DEBTS[firm]:
        for position, client in enumerate(debt.debtors):
            share = Decimal(debt.shares[position]) if debt.shares else None
            since = date.fromisoformat(debt.opened)
            yield OwnerRow(0, None, debt.external_id, client, "OWNER", share, effective_from=since)


def _month_ends(opened: date) -> Iterator[date]:
    year, month = opened.year, opened.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = date(year, month, 1) - timedelta(days=1)
        if day > LAST_DAY:
            return
        yield day


def _balances(debt: Debt) -> Iterator[tuple[date, Decimal]]:
    if debt.steps:
        yield from ((date.fromisoformat(day), Decimal(owed)) for day, owed in debt.steps)
        return
    opened, matures = date.fromisoformat(debt.opened), date.fromisoformat(debt.matures)
    months = (matures.year - opened.year) * 12 + matures.month - opened.month
    rate = Decimal(debt.rate) / 12
    growth = (1 + rate) ** months
    balance = Decimal(debt.original)
    payment = (balance * rate * growth / (growth - 1)).quantize(_CENT, rounding=ROUND_HALF_UP)
    for number, day in enumerate(_month_ends(opened)):
        if number:
            interest = (balance * rate).quantize(_CENT, rounding=ROUND_HALF_UP)
            balance = max(balance + interest - payment, Decimal("0.00"))
        yield day, balance
