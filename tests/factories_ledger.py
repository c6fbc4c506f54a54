"""Books for tests: a small book is written down row by row and brought in by the product's own import."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from wealthnexus.domain.bundle import (
    AccountRow,
    BundleHeader,
    CorporateActionRow,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    SecurityRow,
    TransactionRow,
    write_bundle,
)
from wealthnexus.domain.feeds.importer import ImportReport, import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import BookView, book_view
from wealthnexus.domain.ledger.service import Posted, TransactionCommand, post_transaction
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.runtime import Platform

LAST_DAY = date(2021, 3, 31)  # a Wednesday
_folders = itertools.count(1)


def day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def number(value: str | int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@dataclass
class Book:
    """Rows of a bundle; ``load`` imports them. The defaults make a sound book of the shortest calls."""

    source: str = "Test custodian"
    as_of: date = LAST_DAY
    households: list[HouseholdRow] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)
    securities: list[SecurityRow] = field(default_factory=list)
    prices: list[PriceRow] = field(default_factory=list)
    fx_rates: list[FxRateRow] = field(default_factory=list)
    transactions: list[TransactionRow] = field(default_factory=list)
    actions: list[CorporateActionRow] = field(default_factory=list)

    def household(self, key: str = "H1", name: str | None = None) -> Book:
        self.households.append(HouseholdRow(0, key, name or f"Household {key}"))
        return self

    def account(
        self, key: str = "A1", household: str = "H1", *, currency: str = "USD", **values: Any
    ) -> Book:
        row = {
            "account_number": None,
            "name": f"Account {key}",
            "account_type": "INDIVIDUAL",
            "tax_status": "TAXABLE",
            "custodian": "Cascade Custody",
            "opened_on": None,
            "lot_method": "FIFO",
            **values,
        }
        self.accounts.append(
            AccountRow(line=0, external_id=key, household_external_id=household, currency=currency, **row)
        )
        return self

    def security(self, key: str = "ACME", *, currency: str = "USD", **values: Any) -> Book:
        row = {
            "symbol": key,
            "exchange": "XNYS",
            "cusip": None,
            "isin": None,
            "sedol": None,
            "figi": None,
            "name": f"{key} Corp",
            "security_type": "COMMON_STOCK",
            "asset_class": "EQUITY",
            "sub_asset_class": None,
            **values,
        }
        self.securities.append(SecurityRow(line=0, security_key=key, currency=currency, **row))
        return self

    def price(self, key: str, on: str | date, close: str) -> Book:
        self.prices.append(PriceRow(0, key, day(on), None, None, None, Decimal(close), None))
        return self

    def rate(self, base: str, quote: str, on: str | date, rate: str) -> Book:
        self.fx_rates.append(FxRateRow(0, base, quote, day(on), Decimal(rate)))
        return self

    def transaction(
        self,
        kind: str,
        amount: str = "0",
        *,
        account: str = "A1",
        on: str | date = "2021-03-01",
        key: str | None = None,
        security: str | None = None,
        quantity: str | None = None,
        **values: Any,
    ) -> Book:
        currency = next((a.currency for a in self.accounts if a.external_id == account), "USD")
        row = {
            "settlement_date": None,
            "price": None,
            "fees": Decimal(0),
            "currency": currency,
            "lot_selection": None,
            "related_external_id": None,
            "accrued_interest": None,
            "description": None,
            **values,
        }
        self.transactions.append(
            TransactionRow(
                line=0,
                external_id=key or f"T{len(self.transactions) + 1}",
                account_external_id=account,
                type=kind,
                trade_date=day(on),
                security_key=security,
                quantity=number(quantity),
                amount=Decimal(amount),
                **row,
            )
        )
        return self

    def action(
        self, kind: str, on: str | date, *, security: str = "ACME", key: str = "X1", **values: Any
    ) -> Book:
        """What an issuer does, ``on`` the ex-date."""
        self.actions.append(CorporateActionRow(0, key, security, kind, day(on), **values))
        return self

    def deposit(self, amount: str, **values: Any) -> Book:
        return self.transaction("DEPOSIT", amount, **values)

    def buy(self, security: str, quantity: str, amount: str, **values: Any) -> Book:
        return self.transaction("BUY", amount, security=security, quantity=quantity, **values)

    def sell(self, security: str, quantity: str, amount: str, **values: Any) -> Book:
        return self.transaction("SELL", amount, security=security, quantity=quantity, **values)

    def write(self, folder: Path) -> Path:
        """The bundle as a folder of its own below ``folder``."""
        out = folder / f"bundle-{next(_folders)}"
        write_bundle(
            out,
            BundleHeader(self.source, self.as_of),
            {
                "households": self.households,
                "accounts": self.accounts,
                "securities": self.securities,
                "prices": self.prices,
                "fx_rates": self.fx_rates,
                "transactions": self.transactions,
                "corporate_actions": self.actions,
            },
        )
        return out

    async def load(
        self,
        platform: Platform,
        firm: FirmInfo,
        folder: Path,
        *,
        dry_run: bool = False,
        actor: Actor = SYSTEM,
    ) -> ImportReport:
        return await import_bundle(platform, firm, self.write(folder), actor=actor, dry_run=dry_run)


def acme_book() -> Book:
    """One household, one account: 10,000 in, 100 ACME bought for 5,000 on 1 March, last close 60.00."""
    return (
        Book()
        .household()
        .account()
        .security()
        .price("ACME", "2021-03-01", "50")
        .price("ACME", LAST_DAY, "60")
        .deposit("10000", on="2021-02-26")
        .buy("ACME", "100", "-5000")
    )


@dataclass(frozen=True)
class Ids:
    """Ids by the source's own keys."""

    households: dict[str, UUID]
    accounts: dict[str, UUID]
    securities: dict[str, UUID]
    transactions: dict[str, UUID]


async def ids_of(platform: Platform, firm: FirmInfo) -> Ids:
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = []
        for table, key in (
            ("households", "external_id"),
            ("accounts", "external_id"),
            ("securities", "security_key"),
        ):
            rows = await reader.rows(
                text(f"select {key}, id from {table} where tenant_id = :t"), {"t": firm.id}
            )
            found.append({row[0]: row[1] for row in map(tuple, rows)})
        rows = await reader.rows(
            text(
                "select source_id, id from transactions where tenant_id = :t and entry_kind <> 'REVERSAL'"
                " order by revision"
            ),
            {"t": firm.id},
        )
        found.append({row[0]: row[1] for row in map(tuple, rows)})
    return Ids(*found)


async def view_of(
    reader: Reader, firm: FirmInfo, as_of: date | None = None, known_version: int | None = None
) -> BookView:
    """The view of a day; ``known_version`` reads the books as that version knows them."""
    view = await book_view(reader, firm, as_of)
    if known_version is None:
        return view
    return BookView(view.as_of, known_version, view.currency, is_stored=False, computed_at=view.computed_at)


async def post(
    platform: Platform, firm: FirmInfo, command: TransactionCommand, *, dry_run: bool = False
) -> Posted:
    """Post by hand, as the system, in a unit of work of its own."""
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        return await post_transaction(uow, firm, command, dry_run=dry_run)


async def scalar(platform: Platform, firm: FirmInfo, sql: str, **values: Any) -> Any:
    """One value of the firm's tables; the statement names the tenant as ``:t``."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        return await reader.scalar(text(sql), {"t": firm.id, **values})


async def rows(platform: Platform, firm: FirmInfo, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of the firm's tables as tuples."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        return [tuple(row) for row in await reader.rows(text(sql), {"t": firm.id, **values})]
