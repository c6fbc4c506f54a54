#!/usr/bin/env python3
"""Reads a firm's whole book over the public API and compares every sum with plain SQL.

Imports nothing of the platform: http.client for the API, psycopg for the database. Signs in with
the bearer that `wealthnexus token` prints.

    python tests/independent/reconcile.py --port 8000 --host summit.localhost --slug summit \
        --dsn "host=/path/to/socket port=5432 user=wn_boot dbname=wealthnexus" \
        --token "$(wealthnexus token --firm summit)" --as-of 2015-06-30 2019-12-31 2021-03-31

Exit code 1 and one line per difference; else the counts and sums it compared.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg

Fields = dict[str, Any]
PAGE = 200

FIGURE = "{ value currency quality }"
HOUSEHOLDS = """query H($after: String, $asOf: Date) { households(first: 100, after: $after, asOf: $asOf,
  orderBy: {field: NAME, direction: ASC}) { edges { node { id name marketValue %s cash %s accountCount } }
  pageInfo { hasNextPage endCursor } } }""" % (FIGURE, FIGURE)  # noqa: UP031
ACCOUNTS = """query A($after: String, $asOf: Date) { accounts(first: 100, after: $after, asOf: $asOf) {
  edges { node { id externalId currency marketValue %s cash %s households { id } } }
  pageInfo { hasNextPage endCursor } } }""" % (FIGURE, FIGURE)  # noqa: UP031
POSITIONS = """query P($account: ID!, $after: String, $asOf: Date) {
  positions(accountId: $account, first: 200, after: $after, asOf: $asOf) {
    edges { node { quantity marketValue { value currency quality } security { name symbol } } }
    pageInfo { hasNextPage endCursor } } }"""
TRANSACTIONS = """query T($after: String) { transactions(first: 200, after: $after,
  filter: {includeReversed: true}, orderBy: {field: TRADE_DATE, direction: ASC}) {
  edges { node { externalId type tradeDate amount currency quantity status account { id } } }
  pageInfo { hasNextPage endCursor } } }"""


class Api:
    """One keep-alive connection; waits when the rate limit says so."""

    def __init__(self, port: int, host: str, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Host": host, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.requests = 0

    def run(self, query: str, variables: Fields) -> Fields:
        body = json.dumps({"query": query, "variables": variables})
        for _ in range(20):
            self._connection.request("POST", "/graphql", body, self._headers)
            response = self._connection.getresponse()
            raw = response.read()
            self.requests += 1
            if response.status != 429:
                break
            time.sleep(float(response.headers.get("Retry-After", "1")))
        answer = json.loads(raw)
        if "errors" in answer or response.status != 200:
            raise SystemExit(f"the API answered {response.status}: {raw[:600]!r}")
        data: Fields = answer["data"]
        return data

    def pages(self, query: str, field: str, **variables: Any) -> Iterator[Fields]:
        after = None
        while True:
            connection = self.run(query, {**variables, "after": after})[field]
            for edge in connection["edges"]:
                yield edge["node"]
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]


def decimal(value: Any) -> Decimal:
    return Decimal(str(value)) if value is not None else Decimal(0)


def sql_cash(db: psycopg.Connection[Any], slug: str, as_of: str) -> dict[str, Decimal]:
    rows = db.execute(
        "select a.external_id, coalesce(sum(t.amount), 0) from accounts a"
        " join firms f on f.id = a.tenant_id and f.slug = %s"
        " left join transactions t on t.tenant_id = a.tenant_id and t.account_id = a.id"
        " and t.trade_date <= %s"
        " group by 1",
        [slug, as_of],
    )
    return dict(rows.fetchall())


def sql_units(db: psycopg.Connection[Any], slug: str, as_of: str) -> dict[tuple[str, str], Decimal]:
    rows = db.execute(
        "select a.external_id, s.name, sum(t.units) from transactions t"
        " join firms f on f.id = t.tenant_id and f.slug = %s"
        " join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id"
        " join securities s on s.tenant_id = t.tenant_id and s.id = t.security_id"
        " where t.trade_date <= %s group by 1, 2 having sum(t.units) <> 0",
        [slug, as_of],
    )
    return {(external, name): units for external, name, units in rows}


def sql_values(db: psycopg.Connection[Any], slug: str, as_of: str) -> dict[tuple[str, str], Decimal | None]:
    """Same-currency positions only: units x latest close x multiplier, half-up to the cent."""
    rows = db.execute(
        "select a.external_id, s.name, round(u.units * p.close * s.price_multiplier, 2) from ("
        "  select t.tenant_id, t.account_id, t.security_id, sum(t.units) units from transactions t"
        "  where t.trade_date <= %(day)s group by 1, 2, 3 having sum(t.units) <> 0) u"
        " join firms f on f.id = u.tenant_id and f.slug = %(slug)s"
        " join accounts a on a.tenant_id = u.tenant_id and a.id = u.account_id"
        " join securities s on s.tenant_id = u.tenant_id and s.id = u.security_id and s.currency = a.currency"
        " left join lateral (select close from security_prices p where p.tenant_id = u.tenant_id"
        "   and p.security_id = u.security_id and p.day <= %(day)s"
        "   order by p.day desc, p.book_version desc limit 1) p on true",
        {"day": as_of, "slug": slug},
    )
    return {(external, name): value for external, name, value in rows}


class Comparison:
    """Counts what was compared and keeps what differed."""

    def __init__(self) -> None:
        self.compared = 0
        self.differences: list[str] = []

    def equal(self, what: str, api: Any, sql: Any) -> None:
        self.compared += 1
        if api != sql:
            self.differences.append(f"{what}: the API says {api}, SQL says {sql}")


def compare_day(api: Api, db: psycopg.Connection[Any], slug: str, day: str, found: Comparison) -> str:
    cash, units, values = sql_cash(db, slug, day), sql_units(db, slug, day), sql_values(db, slug, day)
    accounts = list(api.pages(ACCOUNTS, "accounts", asOf=day))
    found.equal(f"{day} number of accounts", len(accounts), len(cash))
    by_household: dict[str, Decimal] = defaultdict(Decimal)
    seen_units: dict[tuple[str, str], Decimal] = {}
    position_count = 0
    for account in accounts:
        external = account["externalId"]
        found.equal(f"{day} cash of {external}", decimal(account["cash"]["value"]), cash.get(external))
        total = Decimal(0)
        for position in api.pages(POSITIONS, "positions", account=account["id"], asOf=day):
            key = (external, position["security"]["name"])
            seen_units[key] = seen_units.get(key, Decimal(0)) + decimal(position["quantity"])
            position_count += 1
            value = position["marketValue"]["value"]
            if key in values:
                sql_value = values[key]
                found.equal(f"{day} value of {key}", None if value is None else decimal(value), sql_value)
            total += decimal(value)
        shown = account["marketValue"]["value"]
        if shown is not None:
            expected = total + decimal(account["cash"]["value"]).quantize(Decimal("0.01"))
            found.equal(f"{day} total of {external}", decimal(shown), expected)
        for household in account["households"]:
            by_household[household["id"]] += decimal(shown)
    found.equal(f"{day} units held", seen_units, units)
    firm_currency_only = {h["id"] for h in api.pages(HOUSEHOLDS, "households", asOf=day)}
    households = {h["id"]: h for h in api.pages(HOUSEHOLDS, "households", asOf=day)}
    foreign = {h["id"] for a in accounts if a["currency"] != "USD" for h in a["households"]}
    for household_id in firm_currency_only - foreign:
        household = households[household_id]
        value = household["marketValue"]["value"]
        if value is not None:
            found.equal(f"{day} household {household['name']}", decimal(value), by_household[household_id])
    return f"{day}: {len(households)} households, {len(accounts)} accounts, {position_count} positions"


def compare_transactions(api: Api, db: psycopg.Connection[Any], slug: str, found: Comparison) -> str:
    api_sum: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for transaction in api.pages(TRANSACTIONS, "transactions"):
        api_sum[transaction["currency"]] += decimal(transaction["amount"])
        count += 1
    rows = db.execute(
        "select t.currency, count(*), sum(t.amount) from transactions t"
        " join firms f on f.id = t.tenant_id and f.slug = %s group by 1",
        [slug],
    ).fetchall()
    found.equal("number of transactions", count, sum(row[1] for row in rows))
    found.equal("sum of amounts by currency", dict(api_sum), {row[0]: row[2] for row in rows})
    return f"{count} transactions"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("port", "host", "slug", "dsn", "token"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--as-of", nargs="+", required=True)
    options = parser.parse_args()
    api, found = Api(int(options.port), options.host, options.token.strip()), Comparison()
    with psycopg.connect(options.dsn) as db:
        lines = [compare_day(api, db, options.slug, day, found) for day in options.as_of]
        lines.append(compare_transactions(api, db, options.slug, found))
    print("\n".join(lines))
    print(f"{found.compared} figures compared over {api.requests} requests, {len(found.differences)} differ")
    print("\n".join(found.differences[:50]))
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
