"""Writing the demo firms' bundles: the same bytes every time, from real prices and the firms' plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Final

from wealthnexus.domain.bundle import (
    AccountRow,
    BundleHeader,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    SecurityRow,
    write_bundle,
)

from . import account_book, actions, debts, evidence, harbor, parties, summit
from .account_book import AccountBook, cents
from .instruments import INSTRUMENTS, PRIVATE_HOLDINGS, SYNTHETIC
from .lots import LotKeeper
from .market import LAST_DAY, Market, load_market
from .people import Firm
from .plans import HouseholdPlan

JOINED: Final = {("summit", "A-0032-2"): date(2020, 7, 1)}
"""Accounts that became part of their household after they were opened."""
_SOURCES: Final = {"summit": "Summit Ridge Advisors demo book", "harbor": "Harbor & Pine demo book"}


@dataclass(frozen=True, slots=True)
class DemoBook:
    """A firm's plans with every account played to its end."""

    households: list[HouseholdPlan]
    accounts: list[AccountBook]


def household_plans(firm: Firm) -> list[HouseholdPlan]:
    """The households of a demo firm."""
    return summit.households() if firm == "summit" else harbor.households()


def advisors(firm: Firm) -> dict[str, str]:
    """Household external id: e-mail address of its advisor."""
    return {plan.external_id: plan.advisor for plan in household_plans(firm)}


def demo_book(firm: Firm) -> DemoBook:
    """Play every account of a firm so that the households add up to their values on the last day."""
    market = load_market()
    households = household_plans(firm)
    goals = account_goals(households, market)
    accounts = [
        account_book.solved(plan, market, goals[plan.external_id])
        for household in households
        for plan in household.accounts
    ]
    return DemoBook(households, accounts)


def account_goals(households: list[HouseholdPlan], market: Market) -> dict[str, Decimal]:
    """Each account's value on the last day in its own currency.

    A household's value less the accounts whose value is given, and less those it shares, is divided by
    weight; the last account takes the rest, so that the parts are the household to the cent.
    """
    goals: dict[str, Decimal] = {}
    in_dollars: dict[str, Decimal] = {}
    for plan in (plan for household in households for plan in household.accounts if plan.exact):
        goals[plan.external_id] = plan.weight
        in_dollars[plan.external_id] = cents(plan.weight * market.dollars_per(plan.currency, LAST_DAY))
    for household in households:
        given = [plan.external_id for plan in household.accounts if plan.exact]
        kept_apart = sum((in_dollars[key] for key in (*given, *household.shared_accounts)), Decimal(0))
        left = household.value - kept_apart
        weighted = [plan for plan in household.accounts if not plan.exact]
        total = sum((plan.weight for plan in weighted), Decimal(0))
        rest = left
        for plan in weighted[:-1]:
            part = (left * plan.weight / total).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
            goals[plan.external_id] = part
            rest -= part
        if weighted:
            goals[weighted[-1].external_id] = rest
    return goals


def write_demo_bundle(firm: Firm, out: Path) -> dict[str, int]:
    """Write the bundle of ``summit`` or ``harbor`` to a folder (or a ``.zip``); rows per file."""
    book, market = demo_book(firm), load_market()
    transactions = sorted(
        (row for account in book.accounts for row in account_book.rows(account)),
        key=lambda row: row.trade_date,
    )
    used = {row.security_key for row in transactions if row.security_key is not None}
    currencies = {account.plan.currency for account in book.accounts}
    keeper = LotKeeper(book.accounts)
    clients = parties.clients_of(firm, book.households)
    return write_bundle(
        out,
        BundleHeader(source=_SOURCES[firm], as_of=LAST_DAY),
        {
            "households": [
                HouseholdRow(0, plan.external_id, plan.name, plan.left_on) for plan in book.households
            ],
            "accounts": _account_rows(firm, book),
            "securities": security_rows(used),
            "prices": price_rows(used, market),
            "fx_rates": fx_rows(currencies, market),
            "transactions": transactions,
            "clients": clients.clients,
            "identifiers": actions.identifier_rows(used),
            "liabilities": debts.liability_rows(firm),
            "owners": [*clients.owners, *debts.debtor_rows(firm)],
            "relationships": clients.relationships,
            "lots": evidence.lot_rows(book.accounts, keeper),
            "corporate_actions": actions.corporate_action_rows(used, market),
            "custodian_positions": evidence.custodian_position_rows(firm, book.accounts, keeper),
            "custodian_lots": evidence.custodian_lot_rows(firm, book.accounts, keeper),
        },
    )


def _account_rows(firm: Firm, book: DemoBook) -> Iterator[AccountRow]:
    """One row for each household an account belongs to."""
    households = {plan.external_id: plan for plan in book.households}
    for account in book.accounts:
        plan = account.plan
        for household_id in plan.household_ids:
            yield AccountRow(
                line=0,
                external_id=plan.external_id,
                household_external_id=household_id,
                account_number=plan.number,
                name=plan.name,
                account_type=plan.registration.account_type,
                tax_status=plan.registration.tax_status,
                custodian=plan.custodian,
                currency=plan.currency,
                opened_on=plan.opened_on,
                lot_method=plan.registration.lot_method,
                has_margin=plan.external_id in debts.MARGIN_ACCOUNTS[firm],
                custodianship_ends_on=parties.custodianship_ends_on(
                    firm, households[plan.household_ids[0]], plan
                ),
                member_from=JOINED.get((firm, plan.external_id)),
            )


def security_rows(used: set[str]) -> list[SecurityRow]:
    """The instruments that occur, listed ones first."""
    listed = [i.row() for key, i in INSTRUMENTS.items() if key in used]
    return listed + [h.row() for key, h in PRIVATE_HOLDINGS.items() if key in used]


def price_rows(used: set[str], market: Market) -> Iterator[PriceRow]:
    """Raw daily prices of the listed instruments and the marks of the private ones."""
    for key, series in market.bars.items():
        if key not in used:
            continue
        for bar in series:
            yield PriceRow(0, key, bar.day, bar.open, bar.high, bar.low, bar.close, Decimal(bar.volume))
    for key, holding in PRIVATE_HOLDINGS.items():
        if key in used:
            for day, value in holding.marks:
                yield PriceRow(0, key, day, None, None, None, value, None, SYNTHETIC)


def fx_rows(currencies: set[str], market: Market) -> Iterator[FxRateRow]:
    """ECB rates: one euro in dollars, and in every other currency that has an account."""
    if currencies == {"USD"}:
        return
    for currency in sorted((currencies | {"USD"}) - {"EUR"}):
        for day, rate in market.euro_rates[currency].items():
            yield FxRateRow(0, "EUR", currency, day, rate)


def last_day() -> date:
    """The demo clock."""
    return LAST_DAY
