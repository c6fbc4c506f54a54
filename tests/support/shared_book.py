"""A naive firm of ``tests.oracle.access`` written into the database as rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from wealthnexus.domain.clients.models import (
    account_assignments,
    account_owners,
    accounts,
    books,
    household_accounts,
    household_members,
    households,
    liabilities,
    liability_owners,
    parties,
    party_ownerships,
)
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.ids import new_id

from tests.oracle.access import Book, Tie


async def write(uow: UnitOfWork, book: Book) -> None:
    now, tenant = clock.now(), uow.tenant_id

    async def put(table: Any, **values: Any) -> None:
        await uow.execute(insert(table).values(tenant_id=tenant, **values))

    async def tie_up(table: Any, ties: list[Tie], upper: str, lower: str, **more: Any) -> None:
        for tie in ties:
            start, end = tie.dates
            given = {name: value(tie) for name, value in more.items()}
            await put(table, id=new_id(), **{upper: tie.upper, lower: tie.lower}, **given,
                      effective_from=start, effective_to=end, book_version=1,
                      superseded_version=2 if tie.is_superseded else None)  # fmt: skip

    for key, kind in book.kinds.items():
        await register_subject(uow, key, kind, f"{kind} {key}")
    for key, kind in sorted(book.kinds.items(), key=lambda item: item[1] == "liability"):
        named = {"id": key, "source": "test", "external_id": str(key), "name": kind, "name_normalised": kind,
                 "created_at": now, "version": 1}  # fmt: skip
        if kind == "account":
            await put(accounts, **named, account_type="INDIVIDUAL", tax_status="TAXABLE", currency="USD",
                      lot_method="FIFO", custodianship_ends_on=book.comes_of_age.get(key))  # fmt: skip
        elif kind == "household":
            await put(households, **named)
        elif kind == "party":
            await put(parties, **named, kind="person", status="active", kyc_state="not_started")
        elif kind == "liability":
            await put(liabilities, **named, household_id=book.debts[key], kind="mortgage", currency="USD")
    for key in book.of("book"):
        await put(books, id=key, kind="team", parent_id=book.parents.get(key), code=str(key), name="Book",
                  created_at=now)  # fmt: skip
    await tie_up(household_accounts, book.memberships, "household_id", "account_id")
    await tie_up(household_members, book.members, "household_id", "party_id",
                 relationship=lambda tie: tie.role)  # fmt: skip
    await tie_up(account_owners, book.owners, "party_id", "account_id", role=lambda tie: tie.role)
    await tie_up(liability_owners, book.debtors, "party_id", "liability_id")
    await tie_up(party_ownerships, book.holdings, "owner_id", "owned_id", share=lambda tie: tie.share)
    await tie_up(account_assignments, book.assignments, "book_id", "account_id",
                 split=lambda _tie: Decimal(1))  # fmt: skip
