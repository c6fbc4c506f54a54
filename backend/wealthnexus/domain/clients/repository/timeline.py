"""What happened around a household, a party or an account, latest first: one statement for all kinds.

Each kind is a branch that is read in its own order from its own index and cut before they are merged, so
that a page costs by its length and not by the history. Row security says which rows a reader may see; which
kinds are asked for is decided by who asks.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor

LARGE: Final = Decimal(10_000)
"""From which amount on, in the account's currency, an entry of the ledger is part of the timeline."""


class TimelineKind(StrEnum):
    NOTE = "NOTE"
    TRANSACTION = "TRANSACTION"
    IMPORT = "IMPORT"
    GRANT = "GRANT"
    OWNERSHIP = "OWNERSHIP"
    KYC = "KYC"
    RECONCILIATION = "RECONCILIATION"
    APPROVAL = "APPROVAL"
    CHANGE = "CHANGE"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """``code`` says what happened within the kind; ``text``: a note, a sentence or a reason as written;
    ``name``: who or what else it is about; ``is_day``: only the day of ``at`` is known."""

    id: UUID
    kind: TimelineKind
    code: str
    at: datetime
    is_day: bool
    subject_id: UUID
    text: str | None
    name: str | None
    actor_id: UUID | None
    actor_name: str | None
    amount: Decimal | None
    currency: str | None


_BELIEVED: Final = "{0}.tenant_id = :tenant and {0}.superseded_version is null"
# Whatever the day: what was of the household for a while belongs to its story.
_ABOUT: Final = f"""
about as materialized (
  select cast(:id as uuid) as id
  union select ha.account_id from household_accounts ha
    where {_BELIEVED.format("ha")} and ha.household_id = :id
  union select hm.party_id from household_members hm
    where {_BELIEVED.format("hm")} and hm.household_id = :id
  union select l.id from liabilities l where l.tenant_id = :tenant and l.household_id = :id
  union select o.account_id from account_owners o where {_BELIEVED.format("o")} and o.party_id = :id
)"""
_OURS: Final = "= any(array(select b.id from about b))"

OWNERSHIP_ACTIONS: Final = (
    "clients.account.joined", "clients.account.left", "clients.beneficiaries.changed",
    "clients.liability.owners_changed", "clients.membership.created", "clients.membership.ended",
    "clients.owners.changed", "clients.ownership.changed", "clients.party_owners.changed",
    "clients.relationship.created", "clients.relationship.ended",
)  # fmt: skip
CHANGE_ACTIONS: Final = (
    "clients.account.changed", "clients.account.closed", "clients.account.opened", "clients.contacts.changed",
    "clients.household.created", "clients.household.renamed", "clients.liability.balance_recorded",
    "clients.liability.changed", "clients.liability.created", "clients.party.changed",
    "clients.party.created", "clients.sleeve.changed", "clients.sleeve.closed", "clients.sleeve.opened",
    "ledger.sleeves.journaled",
)  # fmt: skip
_IDENTITY: Final = (
    "array['kyc_state', 'kyc_verified_on', 'kyc_refresh_due', 'risk_profile', 'risk_assessed_on']"
)
# Its summary has places where the names of actor and subject stood, and names of people stand there sealed.
_AUDIT: Final = """
  select e.id, '{kind}' as kind, e.action as code, e.occurred_at as at, false as is_day, e.subject_id,
    e.summary as text, null as name, e.actor_id,
    case when e.actor_kind <> 'user' then e.actor_name end as actor_name, null::numeric as amount,
    null as currency
  from audit_events e
  where e.tenant_id = :tenant and e.subject_id {ours} and e.action in ({actions}) {more}"""


def _audited(kind: TimelineKind, actions: Sequence[str], more: str = "") -> str:
    listed = ", ".join(f"'{action}'" for action in actions)
    return _AUDIT.format(kind=kind.value, ours=_OURS, actions=listed, more=more)


# Of each branch: id, kind, code, at, is_day, subject_id, text, name, actor_id, actor_name, amount, currency.
_BRANCHES: Final[dict[TimelineKind, tuple[str, ...]]] = {
    TimelineKind.NOTE: (
        f"""
  select n.id, 'NOTE' as kind, 'WRITTEN' as code, n.created_at as at, false as is_day, n.subject_id,
    n.body as text, null as name, n.created_by as actor_id, u.name as actor_name, null::numeric as amount,
    null as currency
  from notes n left join users u on u.tenant_id = :tenant and u.id = n.created_by
  where n.tenant_id = :tenant and n.subject_id {_OURS} and n.removed_at is null""",
    ),
    TimelineKind.TRANSACTION: (
        f"""
  select t.id, 'TRANSACTION' as kind, t.type as code, t.trade_date::timestamp at time zone 'UTC' as at,
    true as is_day, t.account_id as subject_id, t.description as text, s.name, null::uuid as actor_id,
    null as actor_name, t.amount, t.currency
  from transactions t left join securities s on s.tenant_id = :tenant and s.id = t.security_id
  where t.tenant_id = :tenant and t.account_id {_OURS} and abs(t.amount) >= :min_value
    and t.reverses_id is null and not exists (
      select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)""",
    ),
    TimelineKind.IMPORT: (
        f"""
  select i.id, 'IMPORT' as kind, 'IMPORTED' as code, i.created_at as at, false as is_day,
    cast(:id as uuid) as subject_id, null as text, i.source as name, i.created_by as actor_id,
    u.name as actor_name, null::numeric as amount, null as currency
  from import_batches i left join users u on u.tenant_id = :tenant and u.id = i.created_by
  where i.tenant_id = :tenant and i.id in (
    select a.batch_id from accounts a where a.tenant_id = :tenant and a.id {_OURS}
    union select p.batch_id from parties p where p.tenant_id = :tenant and p.id {_OURS}
    union select h.batch_id from households h where h.tenant_id = :tenant and h.id {_OURS}
    union select l.batch_id from liabilities l where l.tenant_id = :tenant and l.id {_OURS})""",
    ),
    TimelineKind.GRANT: tuple(
        f"""
  select g.id, 'GRANT' as kind, '{code}' as code, g.{at} as at, false as is_day, g.subject_id,
    g.reason as text, u.name, g.{by} as actor_id, w.name as actor_name, null::numeric as amount,
    null as currency
  from access_grants g
  join users u on u.tenant_id = :tenant and u.id = g.principal_id
  left join users w on w.tenant_id = :tenant and w.id = g.{by}
  where g.tenant_id = :tenant and g.subject_id {_OURS} and g.{at} is not null"""
        for code, at, by in (("GRANTED", "created_at", "created_by"), ("REVOKED", "revoked_at", "revoked_by"))
    ),
    TimelineKind.OWNERSHIP: (_audited(TimelineKind.OWNERSHIP, OWNERSHIP_ACTIONS),),
    TimelineKind.KYC: (
        _audited(TimelineKind.KYC, ("clients.party.changed",), f"and e.details -> 'fields' ?| {_IDENTITY}"),
        f"""
  select p.id, 'KYC' as kind, 'VERIFIED' as code, p.kyc_verified_on::timestamp at time zone 'UTC' as at,
    true as is_day, p.id as subject_id, null as text, null as name, null::uuid as actor_id,
    null as actor_name, null::numeric as amount, null as currency
  from parties p where p.tenant_id = :tenant and p.id {_OURS} and p.kyc_verified_on is not null""",
    ),
    TimelineKind.RECONCILIATION: tuple(
        f"""
  select k.id, 'RECONCILIATION' as kind, '{code}' as code, k.{at} as at, false as is_day,
    k.account_id as subject_id, {text} as text, s.name, {by} as actor_id, u.name as actor_name,
    null::numeric as amount, null as currency
  from reconciliation_breaks k
  left join securities s on s.tenant_id = :tenant and s.id = k.security_id
  left join users u on u.tenant_id = :tenant and u.id = {by}
  where k.tenant_id = :tenant and k.account_id {_OURS} and k.{at} is not null {more}"""
        for code, at, by, text, more in (
            ("BREAK_OPENED", "created_at", "null::uuid", "k.kind", ""),
            ("BREAK_SIGNED_OFF", "decided_at", "k.decided_by", "k.reason", "and k.state = 'SIGNED_OFF'"),
        )
    ),
    TimelineKind.APPROVAL: tuple(
        f"""
  select q.id, 'APPROVAL' as kind, {code} as code, q.{at} as at, false as is_day, q.subject_id,
    q.summary as text, q.title as name, q.maker_id as actor_id, q.maker_name as actor_name,
    null::numeric as amount, null as currency
  from approval_requests q
  where q.tenant_id = :tenant and q.subject_id {_OURS} and q.{at} is not null"""
        for code, at in (("'REQUESTED'", "requested_at"), ("q.state", "closed_at"))
    ),
    TimelineKind.CHANGE: (
        _audited(
            TimelineKind.CHANGE,
            CHANGE_ACTIONS,
            f"and not coalesce(e.details -> 'fields' ?| {_IDENTITY}, false)",
        ),
    ),
}


# Of the rows of a page alone: what the audit log says of clients gets the names back that are theirs now.
_NAMED: Final = """
select y.id, y.kind, y.code, y.at, y.is_day, y.subject_id,
  case when y.code ^@ 'clients.'
    then replace(replace(y.text, '{subject}', coalesce(s.label, '')), '{actor}', coalesce(u.name, ''))
    else y.text end as text,
  y.name, y.actor_id, coalesce(y.actor_name, u.name) as actor_name, y.amount, y.currency
from page y
left join subjects s on s.tenant_id = :tenant and s.id = y.subject_id
left join users u on u.tenant_id = :tenant and u.id = y.actor_id
order by y.at desc, y.id desc, y.code desc"""


@functools.lru_cache(maxsize=256)
def _text(kinds: tuple[TimelineKind, ...], *, is_after: bool) -> str:
    # What happened to it comes last: one id may stand twice at one instant.
    after = "and (x.at, x.id, x.code) < (:instant, :after_id, :after_text)" if is_after else ""
    branches = [
        f"(select * from ({branch}) x where true {after}"
        " order by x.at desc, x.id desc, x.code desc limit :row_limit)"
        for kind in kinds
        for branch in _BRANCHES[kind]
    ]
    return (
        f"with {_ABOUT}, page as (select * from ({' union all '.join(branches)}) y"
        f" order by y.at desc, y.id desc, y.code desc limit :row_limit) {_NAMED}"
    )


async def timeline_page(
    reader: Reader,
    subject_id: UUID,
    kinds: Sequence[TimelineKind],
    request: PageRequest,
    *,
    large: Decimal = LARGE,
) -> Page[TimelineRow]:
    """Latest first, of the kinds asked for, around the subject: itself, and of a household its accounts,
    members and debts, of a party the accounts it owns or acts for."""
    wanted = tuple(kind for kind in TimelineKind if kind in kinds)
    if not wanted:
        return Page([], [], has_next=False, has_previous=False)
    values: dict[str, object] = {"min_value": large} if TimelineKind.TRANSACTION in wanted else {}
    if request.after is not None:
        instant, after_id, code = decode_cursor(request.after, "tus")
        values |= {"instant": instant, "after_id": after_id, "after_text": code}
    rows = await reader.rows(
        prepared(_text(wanted, is_after=request.after is not None)),
        {"tenant": reader.tenant_id, "id": subject_id, **values, "row_limit": request.first + 1},
    )
    found = [
        TimelineRow(
            row.id, TimelineKind(row.kind), row.code, row.at, row.is_day, row.subject_id, row.text, row.name,
            row.actor_id, row.actor_name, row.amount, row.currency,
        )
        for row in rows
    ]  # fmt: skip
    return cut_page(found, [encode_cursor([row.at, row.id, row.code]) for row in found], request)
