"""Reads of the custodian's evidence and of what differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.approvals.repository import requests_by_ids
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.custody import POLICY, desk, repository
from wealthnexus.domain.feeds.custody.causes import Cause
from wealthnexus.domain.feeds.custody.evidence import Both, both_sides
from wealthnexus.domain.feeds.custody.reconciling import sentence, worth_of
from wealthnexus.domain.feeds.custody.rules import ZERO, compare, lots_by_day, severity_of
from wealthnexus.domain.feeds.custody.surroundings import cause_sentence, likely_causes
from wealthnexus.domain.ledger.rules import sessions_since
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.ledger import account_ref
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import reconciliation as types
from wealthnexus.graphql.types.book import Account
from wealthnexus.graphql.types.enums import Severity
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import PageRequest
from wealthnexus.kit.texts import OUT_OF_RANGE

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


DAYS_DEFAULT: Final = 10
DAYS_MAX: Final = 31


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
                is_waiting=filter_.awaits_second_person,
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

    async def causes_of(self, one: types.ReconciliationBreak) -> list[types.BreakCause]:
        if one.state is not types.BreakState.OPEN:
            return []

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[types.BreakCause]]:
            rows = list((await repository.breaks_by_ids(self._all.reader, keys)).values())
            found = await likely_causes(self._all.reader, rows)
            securities = await self._all.markets.securities(
                (c.security_id for causes in found.values() for c in causes), await self._all.view()
            )
            by_id = {row.id: row for row in rows}
            return {
                key: [cause_of(each, securities, by_id[key]) for each in causes]
                for key, causes in found.items()
            }

        loader = self._all.batch("reconciliation.causes", load, list)
        return await loader.load(one.key)

    async def waiting_for(self, one: types.ReconciliationBreak) -> types.WaitingSignOff | None:
        async def load(keys: Sequence[UUID]) -> dict[UUID, types.WaitingSignOff]:
            found = await desk.waiting_requests(self._all.reader, keys)
            requests = await requests_by_ids(self._all.reader, list(found.values()))
            return {
                key: types.WaitingSignOff(
                    approval_id=to_global("Approval", request),
                    asked_by=requests[request].maker_name,
                    asked_at=requests[request].requested_at,
                    expires_at=requests[request].expires_at,
                )
                for key, request in found.items()
                if request in requests
            }

        loader = self._all.batch("reconciliation.waiting", load)
        waiting: types.WaitingSignOff | None = await loader.load(one.key)
        return waiting

    # -- accounts and days ---------------------------------------------------------------------------

    async def compared_days(self, days: int | None) -> list[date]:
        count = DAYS_DEFAULT if days is None else days
        if not 1 <= count <= DAYS_MAX:
            raise ValidationFailed(OUT_OF_RANGE(name="days", count=count, limit=DAYS_MAX), path=("days",))
        return await desk.compared_days(self._all.reader, count)

    async def accounts(
        self, page: PageRequest, filter_: types.ReconciledAccountFilter | None, days: int | None
    ) -> types.ReconciledAccountConnection:
        reader, wanted = self._all.reader, desk.AccountFilter()
        if filter_ is not None:
            wanted = desk.AccountFilter(filter_.custodian, filter_.has_evidence, filter_.matched_on)
        shown = await self.compared_days(days)
        found = await desk.accounts_page(reader, wanted, page)
        keys = [row.id for row in found.rows]
        states = await desk.states_of(reader, keys, shown)
        counts = await desk.open_counts(reader, keys)
        evidence = await repository.latest_evidence_days(
            reader, keys, self._all.context.caller.firm.business_date()
        )
        nodes = [
            types.ReconciledAccount(
                account=AccountRef(
                    id=to_global("Account", row.id), name=row.name, last4=row.account_number_last4
                ),
                custodian=row.custodian,
                reconciled_through=row.reconciled_through,
                last_evidence_on=evidence.get(row.id),
                open_break_count=counts.get(row.id, 0),
                days=[
                    types.ReconciledDay(
                        day=each.day,
                        state=types.ReconciliationState(each.state),
                        open_break_count=each.open_break_count,
                    )
                    for each in states.get(row.id, ())
                ],
            )
            for row in found.rows
        ]
        return connection(
            types.ReconciledAccountConnection, found, nodes, lambda: desk.count_accounts(reader, wanted)
        )

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
        custodians = await repository.custodians_of(self._all.reader, [row.account_id for row in rows])
        made = []
        for row in rows:
            security, account = securities.get(row.security_id), refs[row.account_id]
            worth, age = worth_of(row, worths), max(0, (today - row.opened_on).days)
            made.append(
                types.ReconciliationBreak(
                    id=to_global("ReconciliationBreak", row.id),
                    account=account,
                    custodian=custodians.get(row.account_id),
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
                    age_sessions=sessions_since(
                        security.exchange if security else None, row.opened_on, today
                    ),
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
    lots = _lots(both, securities)
    return types.CustodianEvidence(day=day, received_at=both.received_at, rows=rows, lots=lots)


def _lots(both: Both, securities: Any) -> list[types.CustodianLotRow]:
    """By security, then by day of purchase; a day that is not known comes last."""
    found = []
    keys = both.theirs.lots.keys()
    for key in sorted(keys, key=lambda k: (securities[k].name, str(k)) if k in securities else ("", str(k))):
        ours, theirs = lots_by_day(both.ours.lots.get(key, ())), lots_by_day(both.theirs.lots[key])
        for day in sorted(ours.keys() | theirs.keys(), key=lambda each: each or date.max):
            mine, their = ours.get(day), theirs.get(day)
            found.append(
                types.CustodianLotRow(
                    security=securities.get(key),
                    acquired_on=day,
                    ours=_digits(mine.quantity if mine else None),
                    theirs=_digits(their.quantity if their else None),
                    our_cost=_digits(mine.cost_basis if mine else None),
                    their_cost=_digits(their.cost_basis if their else None),
                )
            )
    return found


def cause_of(one: Cause, securities: Any, of: Row[Any]) -> types.BreakCause:
    security = securities.get(one.security_id)
    entry = one.entry
    return types.BreakCause(
        code=types.BreakCauseCode(one.code),
        message=cause_sentence(
            one, security.symbol or security.name if security else "", kind=of.kind, currency=of.currency
        ),
        entry=None if entry is None else types.SuggestedEntry(
            external_id=f"reconciliation-{of.id}-{of.day}-{one.code}",
            type=entry.type,
            trade_date=entry.trade_date,
            security=securities.get(entry.security_id),
            quantity=_digits(entry.quantity),
            price=_digits(entry.price),
            amount=entry.amount,
        ),
        transaction_ids=(
            [to_global("Transaction", key) for key in one.about]
            if one.code in ("SETTLEMENT", "DUPLICATE")
            else []
        ),
    )  # fmt: skip
