"""Tax lots from the books of a firm: loaded in few statements, played together with what belongs to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.lot_books import LotBooks, load_apart, load_lot_books
from wealthnexus.domain.ledger.lots import View, changes
from wealthnexus.domain.ledger.service import correct_transaction, next_book_version
from wealthnexus.domain.ledger.service.commands import TransactionCommand
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, ids_of, view_of

pytestmark = pytest.mark.database
D = Decimal


async def loaded(
    platform: Platform,
    firm: FirmInfo,
    *keys: str,
    as_of: date | None = None,
    version: int | None = None,
    principal: UUID | None = None,
) -> LotBooks:
    ids = await ids_of(platform, firm)
    binding = Binding(firm.id) if principal is None else Binding(firm.id, principal, "limited")
    async with platform.db.reading(binding) as reader:
        view = await view_of(reader, firm, as_of, version)
        return await load_lot_books(reader, view, [ids.accounts[key] for key in keys])


def shown(books: LotBooks) -> list[tuple[str, str, Decimal, Decimal | None]]:
    """(account, security, units, cost) of every open lot, by name."""
    return sorted(
        (books.accounts[lot.account].name, books.securities[lot.security].symbol, lot.units, lot.cost)
        for book in books.books
        for lot in book.played.open_lots()
    )


def bought_twice() -> Book:
    return (
        Book()
        .household()
        .account()
        .security()
        .price("ACME", "2021-03-31", "60")
        .deposit("20000", on="2021-01-04")
        .buy("ACME", "100", "-5000.00", on="2021-01-05", key="B1")
        .buy("ACME", "50", "-3000.00", on="2021-02-05", key="B2")
        .sell("ACME", "120", "7200.00", on="2021-03-05", key="S1")
    )


async def test_lots_of_one_account(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    """120 of 100 + 50 leave first in, first out: 30 of the second remain for 3,000 x 30 / 50."""
    assert (await bought_twice().load(platform, firm, tmp_path)).ok
    books = await loaded(platform, firm, "A1")
    assert shown(books) == [("Account A1", "ACME", D(30), D("1800.00"))]
    (book,) = books.books
    lines = book.played.realised()
    assert [(line.units, line.proceeds, line.cost) for line in lines] == [
        (D(100), D("6000.00"), D("5000.00")),
        (D(20), D("1200.00"), D("1200.00")),
    ]
    assert {books.sources[line.entry].source_id for line in lines} == {"S1"}
    on_the_eve = book.play(before=date(2021, 3, 5))
    assert [lot.units for lot in on_the_eve.open_lots()] == [100, 50]
    without = book.play(entries=[one for one in book.entries if one.type != "SELL"])
    assert changes(book.played, without).gain[book.accounts[0]] == D("-1000.00")


async def test_as_of_and_as_known(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    """A correction changes what is known now; a day before the sale and a version before it do not move."""
    assert (await bought_twice().load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    before = await loaded(platform, firm, "A1")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        command = TransactionCommand(
            account_id=ids.accounts["A1"], type="BUY", trade_date=date(2021, 1, 5),
            security_id=ids.securities["ACME"], quantity=D(90), amount=D("-4500.00"), external_id="B1",
        )  # fmt: skip
        await correct_transaction(uow, firm, ids.transactions["B1"], command, reason="the ticket said 90")
    after = await loaded(platform, firm, "A1")
    assert shown(after) == [("Account A1", "ACME", D(20), D("1200.00"))]
    then = await loaded(platform, firm, "A1", version=before.view.book_version)
    assert shown(then) == shown(before) == [("Account A1", "ACME", D(30), D("1800.00"))]
    in_february = await loaded(platform, firm, "A1", as_of=date(2021, 2, 28))
    assert [(units, cost) for _a, _s, units, cost in shown(in_february)] == [
        (D(50), D("3000.00")),
        (D(90), D("4500.00")),
    ]


async def test_the_number_of_statements_does_not_grow(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = (
        Book().household().security().security("BETA", currency="EUR").rate("EUR", "USD", "2021-01-01", "1.2")
    )
    for number in range(12):
        key = f"A{number}"
        book.account(key).deposit("9000", account=key, on="2021-01-04")
        for security in ("ACME", "BETA"):
            book.buy(security, "10", "-500", account=key, on="2021-01-05")
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    counts = set()
    for keys in (["A0"], [f"A{number}" for number in range(12)]):
        async with platform.db.reading(Binding(firm.id)) as reader:
            view = await view_of(reader, firm)
            started = reader.statement_count
            books = await load_lot_books(reader, view, [ids.accounts[key] for key in keys])
            counts.add(reader.statement_count - started)
            assert len(shown(books)) == 2 * len(keys)
    assert len(counts) == 1
    assert counts.pop() <= 12


async def test_lots_travel_between_accounts_of_a_household(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """What arrives in the second account keeps its day and basis, whichever of the two is asked for."""
    book = (
        bought_twice()
        .account("A2")
        .transaction("TRANSFER_OUT", on="2021-03-10", security="ACME", quantity="30", key="OUT")
        .transaction("TRANSFER_IN", on="2021-03-12", security="ACME", quantity="30", account="A2", key="IN")
    )
    assert (await book.load(platform, firm, tmp_path)).ok
    for asked in ("A1", "A2"):
        books = await loaded(platform, firm, asked)
        (together,) = books.books
        assert len(together.accounts) == 2
        (lot,) = together.played.open_lots()
        assert (books.accounts[lot.account].name, lot.acquired_on) == ("Account A2", date(2021, 2, 5))
        assert lot.cost == D("1800.00")
        assert not together.played.findings()


async def test_accounts_of_strangers_are_not_played_together(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = bought_twice().household("H2").account("A2", "H2").deposit("900", account="A2", on="2021-01-04")
    book.buy("ACME", "10", "-500", account="A2", on="2021-03-06")
    assert (await book.load(platform, firm, tmp_path)).ok
    books = await loaded(platform, firm, "A1", "A2")
    assert [len(one.accounts) for one in books.books] == [1, 1]
    assert books.book_of("no such account") is None


async def test_hidden_accounts_are_in_no_book(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    """Somebody who was given nothing gets no lots of an account, only that they see a part."""
    assert (await bought_twice().load(platform, firm, tmp_path)).ok
    books = await loaded(platform, firm, "A1", principal=new_id())
    assert books.books == ()
    assert books.is_partial


async def test_a_judgement_of_the_firm_counts(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    """BETA bought in the window replaces the loss of ACME from the day somebody says so."""
    book = (
        Book()
        .household()
        .account()
        .security()
        .security("BETA")
        .deposit("20000", on="2021-01-04")
        .buy("ACME", "100", "-5000.00", on="2021-01-05")
        .sell("ACME", "100", "4000.00", on="2021-02-05")
        .buy("BETA", "100", "-4100.00", on="2021-02-10")
    )
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    assert [one.played.wash_sales() for one in (await loaded(platform, firm, "A1")).books] == [()]
    one, other = sorted((ids.securities["ACME"], ids.securities["BETA"]))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text(
                "insert into identical_securities (tenant_id, id, security_id, other_security_id, treatment,"
                " author_name, reason, effective_from, book_version, recorded_at) values"
                " (:t, :id, :one, :other, 'FIRM_TREATS_AS_IDENTICAL', 'Ann', 'same index', '2020-01-01', 1,"
                " now())"
            ),
            {"t": firm.id, "id": new_id(), "one": one, "other": other},
        )
    (together,) = (await loaded(platform, firm, "A1")).books
    (match,) = together.played.wash_sales(View.ECONOMIC)
    assert (match.disallowed, match.judged_by) == (D("1000.00"), "Ann: same index")
    assert together.played.wash_sales(View.CUSTODIAN) == ()


async def test_too_many_entries_are_refused(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await bought_twice().load(platform, firm, tmp_path)).ok
    monkeypatch.setattr("wealthnexus.domain.ledger.lot_books.load.ENTRIES_MAX", 2)
    with pytest.raises(LimitExceeded, match="the 1 accounts that belong together have more than 2 entries"):
        await loaded(platform, firm, "A1")


async def _party(platform: Platform, firm: FirmInfo, name: str, account: UUID) -> UUID:
    """Somebody who has owned the account always."""
    key = new_id()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for sql in (
            "insert into subjects (tenant_id, id, kind, label, created_at)"
            " values (:t, :p, 'party', :n, now())",
            "insert into parties (tenant_id, id, kind, status, name, name_normalised, kyc_state, source,"
            " external_id, created_at, version) values (:t, :p, 'person', 'active', :n, :n, 'not_started',"
            " 'test', :n, now(), 1)",
            "insert into account_owners (tenant_id, id, account_id, party_id, role, effective_from,"
            " book_version) values (:t, :id, :a, :p, 'owner', '2000-01-01', 1)",
        ):
            given = {"t": firm.id, "p": key, "n": name, "id": new_id(), "a": account}
            await uow.execute(text(sql), {k: v for k, v in given.items() if f":{k}" in sql})
    return key


@pytest.mark.parametrize(("married", "lost"), [("2021-03-15", "400.00"), ("2021-03-16", "0")])
async def test_his_loss_and_her_ira(
    platform: Platform, firm: FirmInfo, tmp_path: Path, married: str, lost: str
) -> None:
    """100 sold at a loss of 1,000 on 8 March, 40 bought in her IRA on the 15th: washed if they were married
    by then, and only as far as somebody knew of it. Of two households: the marriage joins the books."""
    book = (
        Book()
        .household()
        .household("H2")
        .account("HIS")
        .account("HERS", "H2", account_type="ROTH_IRA", tax_status="TAX_FREE")
        .security()
        .deposit("20000", account="HIS", on="2020-01-02")
        .deposit("9000", account="HERS", on="2020-01-02")
        .buy("ACME", "100", "-5000.00", account="HIS", on="2021-01-05")
        .sell("ACME", "100", "4000.00", account="HIS", on="2021-03-08")
        .buy("ACME", "40", "-1640.00", account="HERS", on="2021-03-15")
    )
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    him = await _party(platform, firm, "him", ids.accounts["HIS"])
    her = await _party(platform, firm, "her", ids.accounts["HERS"])
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await next_book_version(uow, "relationship")
        await uow.execute(
            text(
                "insert into party_relationships (tenant_id, id, party_id, kind, related_id, effective_from,"
                " book_version) values (:t, :id, :him, 'spouse', :her, :day, :v)"
            ),
            {
                "t": firm.id,
                "id": new_id(),
                "him": him,
                "her": her,
                "day": date.fromisoformat(married),
                "v": version,
            },
        )
    for asked in ("HIS", "HERS"):
        (together,) = (await loaded(platform, firm, asked)).books
        assert len(together.accounts) == 2
        (line,) = together.played.realised()
        assert (line.economic.disallowed, line.economic.lost) == (D(lost), D(lost))
        assert line.custodian.disallowed == 0
    (alone,) = (await loaded(platform, firm, "HIS", version=version - 1)).books
    assert len(alone.accounts) == 1
    assert [one.economic.lost for one in alone.played.realised()] == [0]


async def test_what_is_too_large_by_itself_leaves_what_is_asked_for_beside_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three entries of one account are too many, two of each of four others are not."""
    book = Book().security()
    for number in range(5):
        key = f"A{number}"
        book.household(f"H{number}").account(key, f"H{number}").deposit("9000", account=key, on="2021-01-04")
        for day in ("2021-01-05", "2021-01-06", "2021-01-07")[: 3 if number == 2 else 2]:
            book.buy("ACME", "10", "-500", account=key, on=day)
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    monkeypatch.setattr("wealthnexus.domain.ledger.lot_books.load.ENTRIES_MAX", 2)
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await load_apart(reader, await view_of(reader, firm), list(ids.accounts.values()))
    refused = [key for key, account in ids.accounts.items() if isinstance(found[account], LimitExceeded)]
    assert refused == ["A2"]
    for key in ("A0", "A1", "A3", "A4"):
        its = found[ids.accounts[key]]
        assert isinstance(its, LotBooks)
        assert its.book_of(ids.accounts[key]) is not None


async def test_more_than_can_be_reached_is_refused_not_cut(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await bought_twice().load(platform, firm, tmp_path)).ok
    monkeypatch.setattr("wealthnexus.domain.ledger.lot_books.reach.REACHED_MAX", 1)
    with pytest.raises(LimitExceeded, match="more than 1 accounts, households and people hang together"):
        await loaded(platform, firm, "A1")
