"""Random ledgers: what is stored equals what is computed live, in SQL, in Python and by the oracle."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.accrual import BOND_TYPES, DAY_COUNTS
from wealthnexus.domain.ledger.facts import BondTerms
from wealthnexus.domain.ledger.rules import Quality, common_currencies, freshness
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction, post_transaction
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, ids_of, rows, view_of
from tests.ledger.reference import (
    Rate,
    ValuedPosition,
    account_total,
    converted,
    position_accrued,
    position_value,
    resolve_rate,
)
from tests.oracle.book import money, report

pytestmark = pytest.mark.database
D = Decimal
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")


def any_day(chance: random.Random) -> date:
    return LAST_DAY - timedelta(days=chance.randrange(0, 400))


def any_amount(chance: random.Random, places: int = 2) -> str:
    return format(D(chance.randrange(1, 10**7)).scaleb(-places), "f")


def any_terms(chance: random.Random, kind: str) -> dict[str, object]:
    """Of a bond: most have all terms, some lack one; a few mature soon."""
    if kind != "CORPORATE_BOND":
        return {}
    matures = any_day(chance) if chance.random() < 0.2 else LAST_DAY + timedelta(chance.randrange(4000))
    return {
        "coupon": None if chance.random() < 0.15 else D(chance.randrange(0, 9000)).scaleb(-3),
        "maturity": matures,
        "payments_per_year": chance.choice([1, 2, 4, 12, 0]),
        "day_count": chance.choice([*DAY_COUNTS, *DAY_COUNTS, None]),
        "exchange": chance.choice([None, "XNYS"]),
    }


def random_book(seed: int) -> Book:
    """Few households, every currency, holes in prices and rates, shorts, options and bonds."""
    chance = random.Random(seed)
    book = Book(source=f"Random {seed}")
    for n in range(4):
        book.household(f"H{n}")
    for n in range(8):
        book.account(f"A{n}", f"H{chance.randrange(4)}", currency=chance.choice(CURRENCIES))
    book.account("A0", "H3" if book.accounts[0].household_external_id != "H3" else "H2",
                 currency=book.accounts[0].currency)  # fmt: skip
    for n in range(8):
        kind, multiplier = chance.choice(
            [("COMMON_STOCK", "1"), ("CORPORATE_BOND", "0.01"), ("PRIVATE_FUND", "1"), ("ETF", "100")]
        )
        book.security(f"S{n}", currency=chance.choice(CURRENCIES), security_type=kind,
                      price_multiplier=D(multiplier), **any_terms(chance, kind))  # fmt: skip
        for on in {any_day(chance) for _ in range(chance.randrange(0, 6))}:
            book.price(f"S{n}", on, any_amount(chance, chance.choice([2, 4, 7])))
    for pair in (("EUR", "USD"), ("EUR", "GBP"), ("USD", "JPY")):
        for on in {any_day(chance) for _ in range(3)}:
            book.rate(*pair, on, any_amount(chance, 6))
    for _ in range(120):
        account = f"A{chance.randrange(8)}"
        security, on = f"S{chance.randrange(8)}", any_day(chance)
        quantity = any_amount(chance, chance.choice([0, 3, 6]))
        kind = chance.choice(["DEPOSIT", "BUY", "SELL", "SHORT", "COVER", "JOURNAL", "DIVIDEND", "TAX"])
        amount = any_amount(chance)
        match kind:
            case "DEPOSIT":
                book.deposit(amount, account=account, on=on)
            case "BUY" | "COVER":
                book.transaction(
                    kind, "-" + amount, account=account, on=on, security=security, quantity=quantity
                )
            case "SELL" | "SHORT":
                book.transaction(kind, amount, account=account, on=on, security=security, quantity=quantity)
            case "JOURNAL":
                signed = quantity if chance.random() < 0.5 else "-" + quantity
                book.transaction(kind, "0", account=account, on=on, security=security, quantity=signed)
            case "DIVIDEND":
                book.transaction(kind, amount, account=account, on=on, security=security)
            case _:
                book.transaction(kind, "-" + amount, account=account, on=on)
    return book


async def stored_equals_live(platform: Platform, firm: FirmInfo) -> None:
    """Every column of every stored valuation beside the live computation."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        assert view.is_stored
        live_view = replace(view, is_stored=False)
        request = page_request(200, None)
        stored = (await clients.accounts_page(reader, view, request)).rows
        live = (await clients.accounts_page(reader, live_view, request)).rows
        for kept, computed in zip(stored, live, strict=True):
            for name in ("market_value", "cash", "settled_cash", "accrued_interest"):
                a, b = getattr(kept, name), getattr(computed, name)
                assert (a.value, a.quality, a.reasons) == (b.value, b.quality, b.reasons), (kept.name, name)
        households = [(await clients.households_page(reader, v, request)).rows for v in (view, live_view)]
        for kept_row, live_row in zip(*households, strict=True):
            assert kept_row.market_value.value == live_row.market_value.value
            assert kept_row.cash.value == live_row.cash.value
            assert kept_row.accrued_interest.value == live_row.accrued_interest.value
            assert kept_row.market_value.quality is live_row.market_value.quality
        totals = [await clients.firm_totals(reader, v) for v in (view, live_view)]
        assert totals[0].total_value.value == totals[1].total_value.value
        assert totals[0].accrued_interest.value == totals[1].accrued_interest.value


@pytest.mark.parametrize("seed", range(6))
async def test_random_books(platform: Platform, firm: FirmInfo, tmp_path: Path, seed: int) -> None:
    book = random_book(seed)
    folder = book.write(tmp_path)
    report_ = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report_.ok, list(report_.lines())
    await stored_equals_live(platform, firm)
    for as_of in (
        LAST_DAY,
        LAST_DAY - timedelta(days=44),
        LAST_DAY - timedelta(days=37),
        LAST_DAY - timedelta(days=222),
    ):
        await equals_the_oracle(platform, firm, folder, as_of)
        await equals_the_rules(platform, firm, book, as_of)
    await history_equals_single_days(platform, firm)


async def equals_the_oracle(platform: Platform, firm: FirmInfo, folder: Path, as_of: date) -> None:
    """To the minor unit; where nothing has a value the product says null and the oracle the cash, 0."""
    expected = report(folder, as_of)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm, as_of)
        accounts = (await clients.accounts_page(reader, view, page_request(200, None))).rows
        for account in accounts:
            figures = expected["accounts"][account.external_id]  # type: ignore[index]
            assert account.cash.value == money(figures["cash"], account.currency), account.external_id
            assert account.settled_cash.value == money(figures["settled_cash"], account.currency)
            nothing = figures["cash"] == 0 and len(figures["unpriced"]) == len(figures["positions"]) > 0
            assert account.market_value.value == (None if nothing else figures["value"]), account.external_id
            missing = account.market_value.quality in {Quality.PARTIAL, Quality.UNAVAILABLE}
            assert missing == (figures["partial"] or nothing), account.external_id


async def equals_the_rules(platform: Platform, firm: FirmInfo, book: Book, as_of: date) -> None:
    """Each position and each total from the pure functions, with the prices and rates of the bundle."""
    quotes: dict[tuple[str, str], Rate] = {}
    for row in sorted(book.fx_rates, key=lambda r: r.date):
        if row.date <= as_of:
            quotes[row.base, row.quote] = Rate(row.rate, row.date, book.source)
    prices = {p.security_key: p for p in sorted(book.prices, key=lambda p: p.date) if p.date <= as_of}
    securities = {s.security_key: s for s in book.securities}
    ids = await ids_of(platform, firm)
    keys = {id_: key for key, id_ in ids.securities.items()}
    fresh = freshness(as_of)
    common = common_currencies("USD")
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm, as_of)
        accounts = (await clients.accounts_page(reader, view, page_request(200, None))).rows
        pages = await ledger.positions_by_account(
            reader, view, [a.id for a in accounts], page_request(200, None)
        )
        (household_total,) = [await clients.firm_totals(reader, view)]
    firm_value = D(0)
    for account in accounts:
        valued = []
        for position in pages[account.id].rows:
            security = securities[keys[position.security_id]]
            price = prices.get(security.security_key)
            same = security.currency == account.currency
            rate = Rate(D(1), as_of, "") if same else resolve_rate(
                security.currency, account.currency, quotes, common
            )  # fmt: skip
            value = position_value(
                position.quantity,
                price.close if price else None,
                security.price_multiplier,
                rate.rate if rate else None,
                account.currency,
            )
            assert position.market_value.value == value
            is_stale = price is not None and price.date < fresh.since(
                security.security_type, security.exchange
            )
            is_stale = is_stale or (rate is not None and rate.day < fresh.unlisted)
            terms = BondTerms(
                security.currency, security.price_multiplier, security.exchange, security.coupon,
                security.maturity, security.payments_per_year, security.day_count,
            )  # fmt: skip
            bears = security.coupon or (security.coupon is None and security.security_type in BOND_TYPES)
            accrued: D | None = D(0)
            if bears and value is not None:
                accrued = position_accrued(
                    position.quantity, terms, rate.rate if rate else None, account.currency, as_of
                )
                shown = position.accrued_interest
                assert shown is not None
                assert (shown.value, shown.quality is Quality.COMPLETE) == (accrued, accrued is not None)
            valued.append(ValuedPosition(value, is_stale, accrued))
        cash = account.cash.value
        assert cash is not None
        total = account_total(cash, valued)
        assert (account.market_value.value, account.market_value.quality) == (total.value, total.quality)
        into = Rate(D(1), as_of, "") if account.currency == "USD" else resolve_rate(
            account.currency, "USD", quotes, common
        )  # fmt: skip
        firm_value += converted(total.value, into.rate if into else None, "USD") or D(0)
    assert (household_total.total_value.value or D(0)) == firm_value


async def history_equals_single_days(platform: Platform, firm: FirmInfo) -> None:
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        ids = [row.id for row in (await clients.households_page(reader, view, page_request(50, None))).rows]
        history = await clients.value_history(reader, view, ids, 40)
        for place in (0, 13, 39):
            on = history[ids[0]][place].date
            single = await clients.households_by_ids(reader, await view_of(reader, firm, on), ids)
            for id_ in ids:
                point = history[id_][place]
                figure = single[id_].market_value
                assert (point.date, point.value, point.quality) == (on, figure.value, figure.quality)
        for by_month in (False, True):
            points = await clients.firm_value_history(reader, view, 14, by_month=by_month)
            assert len({point.date for point in points}) == 14
            for point in points:
                total = (
                    await clients.firm_totals(reader, await view_of(reader, firm, point.date))
                ).total_value
                assert (point.value, point.quality) == (total.value, total.quality), point.date


async def test_after_random_postings_and_corrections(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = random_book(99)
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    chance = random.Random(7)
    currencies = {a.external_id: a.currency for a in book.accounts}
    places = {"JPY": 0, "KWD": 3}
    for step in range(30):
        key = f"A{chance.randrange(8)}"
        whole = places.get(currencies[key], 2)
        command = TransactionCommand(
            account_id=ids.accounts[key],
            type="BUY",
            trade_date=any_day(chance),
            security_id=ids.securities[f"S{chance.randrange(8)}"],
            quantity=D(any_amount(chance, 3)),
            amount=-D(any_amount(chance, whole)),
        )
        standing = await rows(
            platform, firm, "select t.id from transactions t where t.tenant_id = :t"
            " and t.entry_kind <> 'REVERSAL' and not exists (select 1 from transactions r"
            " where r.tenant_id = :t and r.reverses_id = t.id) order by t.id"
        )  # fmt: skip
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            if step % 3 == 0:
                await post_transaction(uow, firm, command)
            else:
                (old,) = chance.choice(standing)
                await correct_transaction(uow, firm, old, command if step % 3 == 1 else None, f"step {step}")
        if step % 10 == 9:
            await stored_equals_live(platform, firm)
    # every reversed pair sums to nothing
    left = await rows(
        platform, firm, "select t.units + r.units, t.amount + r.amount, t.fees + r.fees from transactions t"
        " join transactions r on r.tenant_id = t.tenant_id and r.reverses_id = t.id where t.tenant_id = :t"
    )  # fmt: skip
    assert len(left) == 20
    assert {value for row in left for value in row} == {D(0)}
