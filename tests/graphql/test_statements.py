"""One SQL statement per level, whatever the number of parents; one transaction per answer."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from tests.graphql.conftest import House

pytestmark = pytest.mark.database

NESTED = """query($first: Int!) { households(first: $first) { nodes { id name marketValue { value quality }
  accounts(first: 5) { nodes { id name marketValue { value } households { id }
    positions(first: 12) { nodes { id quantity marketValue { value } security { id name identifiers { value } latestPrice { close } } } }
    transactions(first: 3) { nodes { id amount account { name } security { name } } } } } } } }"""


@contextlib.contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What the application's role is asked meanwhile: statements, and the beginnings of transactions."""
    seen: list[str] = []
    engine = house.platform.db.engine("app").sync_engine

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(" ".join(statement.split())[:80])

    def begun(_connection: Any) -> None:
        seen.append("BEGIN")

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "begin", begun)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "begin", begun)


async def asked(house: House, query: str, **variables: Any) -> list[str]:
    """The statements of the answer itself, after those that find out who asks."""
    await house.api("ADVISOR")("{ viewer { id } }")  # notes when the session was last used, once a minute
    with statements(house) as seen:
        answer = await house.api("ADVISOR")(query, **variables)
    assert answer.errors == []
    assert seen.count("BEGIN") == 2
    return seen[seen.index("BEGIN", 1) :]


async def test_each_level_is_one_statement(book: House) -> None:
    few = await asked(book, NESTED, first=1)
    many = await asked(book, NESTED, first=12)
    # the view; households; accounts; their households, positions and transactions; the securities of
    # positions and of transactions; the accounts of transactions; identifiers; prices
    assert len(many) - 1 == 11
    assert len(few) == len(many)


async def test_who_asks_and_what_the_firm_is_costs_nothing(book: House) -> None:
    await book.api("ADVISOR")("{ viewer { id } }")
    with statements(book) as seen:
        await book.api("ADVISOR")("{ viewer { name roles permissions } firm { name businessDate features } }")
    assert seen.count("BEGIN") == 1  # finding out who asks


async def test_totals_are_asked_only_when_selected(book: House) -> None:
    plain = await asked(book, "{ households(first: 2) { nodes { id name } pageInfo { endCursor } } }")
    with_totals = await asked(
        book, "{ households(first: 2) { totalCount totalValue { value } totalCash { value } nodes { id } } }"
    )
    assert len(with_totals) == len(plain) + 1


COUNTED = """query($first: Int!) { households(first: $first) { nodes { accounts(first: 5) { nodes {
  positions(first: 1) { totalCount nodes { id } } transactions(first: 1) { totalCount nodes { id } } } } } } }"""
UNCOUNTED = COUNTED.replace("totalCount", "")


async def test_lists_of_many_accounts_are_counted_in_one_statement_each(book: House) -> None:
    plain = await asked(book, UNCOUNTED, first=12)
    few, many = await asked(book, COUNTED, first=1), await asked(book, COUNTED, first=12)
    assert len(many) == len(few) == len(plain) + 2


async def test_counts_are_those_of_the_lists(book: House) -> None:
    api = book.api("ADVISOR")
    lists = """accounts(first: 60) { nodes { id positions(first: 200) { totalCount nodes { id } }
      transactions(first: 200) { totalCount nodes { id } } } }"""
    accounts = (await api(f"{{ {lists} }}")).data["accounts"]["nodes"]
    assert len(accounts) > 12
    for account in accounts:
        for name in ("positions", "transactions"):
            assert account[name]["totalCount"] == len(account[name]["nodes"]), (account["id"], name)
    assert sum(account["positions"]["totalCount"] for account in accounts) > len(accounts)
    household = (await api("{ households(first: 1) { nodes { id } } }")).data["households"]["nodes"][0]["id"]
    of_one = """query($id: ID!, $household: ID!) { a: positions(accountId: $id, first: 1) { totalCount }
      h: positions(householdId: $household, first: 200) { totalCount nodes { id } } }"""
    counted = (await api(of_one, id=accounts[0]["id"], household=household)).data
    assert counted["a"]["totalCount"] == accounts[0]["positions"]["totalCount"]
    assert counted["h"]["totalCount"] == len(counted["h"]["nodes"]) > 0


async def test_the_firms_figures_are_one_statement(book: House) -> None:
    seen = await asked(book, "{ firm { householdCount accountCount totalValue { value } } }")
    assert len(seen) - 2 == 1  # BEGIN, the view, the totals


async def test_an_answer_is_read_in_one_state_of_the_books(book: House) -> None:
    with statements(book):
        async with book.platform.db.reading(book_binding(book)) as reader:
            from sqlalchemy import text

            isolation = await reader.scalar(text("show transaction_isolation"))
            read_only = await reader.scalar(text("show transaction_read_only"))
    assert (isolation, read_only) == ("repeatable read", "on")


def book_binding(house: House) -> Any:
    from wealthnexus.kit.db.session import Binding

    return Binding(house.firm.id)
