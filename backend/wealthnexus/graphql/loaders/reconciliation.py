"""Reads of the custodian's evidence and of what differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.custody import POLICY, repository
from wealthnexus.domain.feeds.custody.evidence import Both, both_sides
from wealthnexus.domain.feeds.custody.reconciling import sentence, worth_of
from wealthnexus.domain.feeds.custody.rules import ZERO, compare, severity_of
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.ledger import account_ref
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import reconciliation as types
from wealthnexus.graphql.types.book import Account
from wealthnexus.graphql.types.enums import Severity
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class ReconciliationReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def breaks(
        self, page: PageRequest, filter_: types.ReconciliationBreakFilter | None
    ) -> types.ReconciliationBreakConnection:
        wanted = repository.BreakFilter()
        if filter_ is not None:
            today, age = self._all.context.caller.firm.business_date(), filter_.min_age_days
            wanted = repository.BreakFilter(
                states=[state.value for state in filter_.states or ()],
                kinds=[kind.value for kind in filter_.kinds or ()],
                custodian=filter_.custodian,
                account_id=_key(filter_.account_id, "Account", "accountId"),
                owner_id=_key(filter_.owner_id, "User", "ownerId"),
                opened_by=None if age is None else today - timedelta(days=min(max(age, 0), 36_500)),
            )
        found = await repository.breaks_page(self._all.reader, wanted, page)
        return connection(
            types.ReconciliationBreakConnection,
            found,
            await self._made(found.rows),
            lambda: repository.count_breaks(self._all.reader, wanted),
        )

    async def one(self, global_id: str) -> types.ReconciliationBreak:
        key = from_global(global_id, "ReconciliationBreak")
        rows = await repository.breaks_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("ReconciliationBreak")
        return (await self._made([rows[key]]))[0]

    async def days(
        self, page: PageRequest, filter_: types.ReconciliationFilter | None
    ) -> types.ReconciliationConnection:
        wanted = repository.ReconciliationFilter()
        if filter_ is not None:
            wanted = repository.ReconciliationFilter(
                states=[state.value for state in filter_.states or ()],
                custodian=filter_.custodian,
                account_id=_key(filter_.account_id, "Account", "accountId"),
                day_from=filter_.day_from,
                day_to=filter_.day_to,
            )
        found = await repository.reconciliations_page(self._all.reader, wanted, page)
        refs = await self._accounts(row.account_id for row in found.rows)
        nodes = [
            types.Reconciliation(
                account=refs[row.account_id],
                day=row.day,
                state=types.ReconciliationState(row.state),
                compared_count=row.compared_count,
                open_break_count=row.open_break_count,
                book_version=BigInt(row.book_version),
                checked_at=row.checked_at,
                account_key=row.account_id,
            )
            for row in found.rows
        ]
        return connection(
            types.ReconciliationConnection,
            found,
            nodes,
            lambda: repository.count_reconciliations(self._all.reader, wanted),
        )

    async def breaks_of_day(self, day: types.Reconciliation) -> list[types.ReconciliationBreak]:
        async def load(keys: Sequence[tuple[UUID, date]]) -> dict[Any, list[types.ReconciliationBreak]]:
            rows = await repository.breaks_of_days(self._all.reader, keys)
            made = {each.key: each for each in await self._made(list({r.id: r for _, r in rows}.values()))}
            found: dict[Any, list[types.ReconciliationBreak]] = {}
            for key, row in rows:
                found.setdefault(key, []).append(made[row.id])
            return found

        loader = self._all.batch("reconciliation.breaks", load, list)
        return await loader.load((day.account_key, day.day))

    # -- the evidence of accounts --------------------------------------------------------------------

    async def evidence_of(self, account: Account, as_of: date | None) -> types.CustodianEvidence | None:
        view = await self._all.view(as_of) if as_of is not None else account.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, types.CustodianEvidence]:
            days = await repository.latest_evidence_days(self._all.reader, keys, view.as_of)
            sides: dict[UUID, tuple[date, Both]] = {}
            # Custodians speak of the same days: nearly always this is one round.
            for day in sorted(set(days.values())):
                on_day = [key for key in keys if days.get(key) == day]
                moment = await self._all.view(day, view.known_at)
                found = await both_sides(self._all.reader, moment, on_day)
                sides |= {key: (day, both) for key, both in found.items()}
            wanted = {
                k for _, both in sides.values() for k in both.ours.held.keys() | both.theirs.held.keys()
            }
            securities = await self._all.markets.securities(wanted, view)
            return {key: _evidence(day, both, securities) for key, (day, both) in sides.items()}

        loader = self._all.batch(("account.custodian", view), load)
        found: types.CustodianEvidence | None = await loader.load(account.key)
        return found

    # -- made ----------------------------------------------------------------------------------------

    async def _accounts(self, keys: Iterable[UUID]) -> dict[UUID, AccountRef]:
        wanted = list(set(keys))
        if not wanted:
            return {}
        rows = await clients.accounts_by_ids(self._all.reader, await self._all.view(), wanted)
        return {key: account_ref(row) for key, row in rows.items()}

    async def _made(self, rows: Sequence[Row[Any]]) -> list[types.ReconciliationBreak]:
        """Accounts, securities, people and prices of a whole page, one statement each."""
        if not rows:
            return []
        view = await self._all.view()
        refs = await self._accounts(row.account_id for row in rows)
        securities = await self._all.markets.securities((row.security_id for row in rows), view)
        people = await self._all.people.refs(key for row in rows for key in (row.owner_id, row.decided_by))
        worths = await repository.unit_worths(self._all.reader, rows)
        today = self._all.context.caller.firm.business_date()
        made = []
        for row in rows:
            security, account = securities.get(row.security_id), refs[row.account_id]
            worth, age = worth_of(row, worths), max(0, (today - row.opened_on).days)
            made.append(
                types.ReconciliationBreak(
                    id=to_global("ReconciliationBreak", row.id),
                    account=account,
                    kind=types.BreakKind(row.kind),
                    security=security,
                    currency=Currency(row.currency),
                    ours=_digits(row.ours),
                    theirs=_digits(row.theirs),
                    difference=_shown(row.difference),
                    tolerance=_shown(row.tolerance),
                    worth=_digits(worth),
                    severity=Severity(severity_of(worth, age)),
                    message=sentence(row, account.name, security.name if security else None),
                    state=types.BreakState(row.state),
                    opened_on=row.opened_on,
                    day=row.day,
                    age_days=age,
                    owner=people.get(row.owner_id),
                    reason_code=types.BreakReasonCode(row.reason_code) if row.reason_code else None,
                    reason=row.reason,
                    decided_at=row.decided_at,
                    decided_by=people.get(row.decided_by),
                    needs_second_person=worth is None or worth > POLICY.two_persons_above,
                    version=row.version,
                    key=row.id,
                )
            )
        return made


def _shown(value: Decimal) -> Decimal:
    """Without trailing zeros, and never as a power of ten."""
    return Decimal(format(value.normalize(), "f"))


def _digits(value: Decimal | None) -> Decimal | None:
    return None if value is None else _shown(value)


def _key(text: str | None, kind: str, field: str) -> UUID | None:
    return None if text is None else from_global(text, kind, path=("filter", field))


def _evidence(day: date, both: Both, securities: Any) -> types.CustodianEvidence:
    """Cash first, then securities by name; what differs is said at its row."""
    differing: dict[tuple[UUID | None, str], list[types.BreakKind]] = {}
    for one in compare(both.ours, both.theirs).breaks:
        about = (one.key.security_id, one.key.currency if one.key.security_id is None else "")
        differing.setdefault(about, []).append(types.BreakKind(one.key.kind))
    rows = []
    for currency in sorted(both.ours.cash.keys() | both.theirs.cash.keys()):
        ours, theirs = both.ours.cash.get(currency), both.theirs.cash.get(currency)
        rows.append(
            types.CustodianRow(
                security=None,
                custodian_key=None,
                currency=Currency(currency),
                ours=_digits(ours),
                theirs=_digits(theirs),
                difference=_shown((theirs or ZERO) - (ours or ZERO)),
                our_price=None,
                their_price=None,
                our_value=_digits(ours),
                their_value=_digits(theirs),
                breaks=differing.get((None, currency), []),
            )
        )
    keys = both.ours.held.keys() | both.theirs.held.keys()
    for key in sorted(keys, key=lambda k: (securities[k].name, str(k)) if k in securities else ("", str(k))):
        mine, their = both.ours.held.get(key), both.theirs.held.get(key)
        known = mine or their
        if known is None:
            continue
        rows.append(
            types.CustodianRow(
                security=securities.get(key),
                custodian_key=both.custodian_keys.get(key),
                currency=Currency(known.currency),
                ours=_digits(mine.quantity if mine else None),
                theirs=_digits(their.quantity if their else None),
                difference=_shown((their.quantity if their else ZERO) - (mine.quantity if mine else ZERO)),
                our_price=_digits(mine.price if mine else None),
                their_price=_digits(their.price if their else None),
                our_value=_digits(mine.market_value if mine else None),
                their_value=_digits(their.market_value if their else None),
                breaks=differing.get((key, ""), []),
            )
        )
    return types.CustodianEvidence(day=day, received_at=both.received_at, rows=rows)
