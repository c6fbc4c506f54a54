"""Securities, identifiers and latest prices by id."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.markets import repository as markets
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, view_of

pytestmark = pytest.mark.database


async def test_securities_with_identifiers_and_prices(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("AAPL", name="Apple Inc.", isin="US0378331005")
    await book.load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    wanted = [ids["ACME"], ids["AAPL"], new_id()]
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        earlier = await view_of(reader, firm, date(2021, 3, 30))
        before = reader.statement_count
        securities = await markets.securities_by_ids(reader, wanted)
        identifiers = await markets.identifiers_by_security_ids(reader, view, wanted)
        prices = await markets.latest_prices(reader, view, wanted)
        assert reader.statement_count - before == 3
        old = await markets.latest_prices(reader, earlier, wanted)
    assert {key: row.name for key, row in securities.items()} == {
        ids["ACME"]: "ACME Corp", ids["AAPL"]: "Apple Inc.",
    }  # fmt: skip
    assert [(i.scheme, i.value, i.exchange) for i in identifiers[ids["AAPL"]]] == [
        ("ISIN", "US0378331005", None),
        ("SYMBOL", "AAPL", "XNYS"),
    ]
    assert identifiers[wanted[2]] == []
    assert {key: (p.date, p.close, p.source) for key, p in prices.items()} == {
        ids["ACME"]: (LAST_DAY, Decimal(60), "Test custodian")
    }
    assert [(p.date, str(p.close)) for p in old.values()] == [(date(2021, 3, 1), "50")]


async def test_a_limited_person_sees_the_securities_of_the_granted_accounts(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().account("A2").security("OTHR").buy("OTHR", "1", "-1", account="A2")
    await book.price("OTHR", LAST_DAY, "1").load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    person = await make_user(platform, firm, roles=("CLIENT",), limited=True, accounts=("A1",))
    async with platform.db.reading(Binding(firm.id, person.id, "limited", "portal")) as reader:
        view = await view_of(reader, firm)
        assert set(await markets.securities_by_ids(reader, list(ids.values()))) == {ids["ACME"]}
        assert set(await markets.latest_prices(reader, view, list(ids.values()))) == {ids["ACME"]}
        identifiers = await markets.identifiers_by_security_ids(reader, view, list(ids.values()))
    assert {key for key, found in identifiers.items() if found} == {ids["ACME"]}


async def test_no_ids_no_rows(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await Book().household().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        assert await markets.securities_by_ids(reader, []) == {}
        assert await markets.latest_prices(reader, view, []) == {}
