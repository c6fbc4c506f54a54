"""Who belongs to a scope: accounts with their shares over time, as a book version knew them."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.clients.rules.balance_sheet import seen_through
from wealthnexus.domain.clients.rules.ownership import direct_shares
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.rules.scopes import Membership
from wealthnexus.kit.db.session import Reader

ALWAYS: Final = date.min


class ScopeKind(StrEnum):
    ACCOUNT = "ACCOUNT"
    SLEEVE = "SLEEVE"
    HOUSEHOLD = "HOUSEHOLD"
    PARTY = "PARTY"
    GROUP = "GROUP"
    FIRM = "FIRM"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is reported. ``id`` is None for the firm."""

    kind: ScopeKind
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScopeMembers:
    """A scope by name, its own currency (None: the firm's), its accounts (of a sleeve the one it is of), the
    household it lies in."""

    scope: Scope
    name: str
    currency: str | None
    memberships: tuple[Membership, ...]
    names: Mapping[UUID, str]
    household_id: UUID | None = None


_BELIEVED: Final = (
    "{0}.tenant_id = :tenant and {0}.book_version <= :version"
    " and ({0}.superseded_version is null or {0}.superseded_version > :version)"
)
_ACCOUNT: Final = f"""
select a.name, a.currency, (
  select ha.household_id from account_homes ha
  where {_BELIEVED.format("ha")} and ha.account_id = a.id and ha.effective_from <= :as_of
    and (ha.effective_to is null or ha.effective_to > :as_of)
  order by ha.effective_from, ha.household_id limit 1) as household_id
from accounts a where a.tenant_id = :tenant and a.id = :id
"""
_SLEEVE: Final = """
select p.account_id, p.name from portfolios p where p.tenant_id = :tenant and p.id = :id
"""
_FIRM: Final = "select a.id, a.name from accounts a where a.tenant_id = :tenant order by a.id"
_HOUSEHOLD: Final = """
select h.name from households h where h.tenant_id = :tenant and h.id = :id
"""
_HOUSEHOLD_ACCOUNTS: Final = f"""
select a.id, a.name, ha.effective_from, ha.effective_to
from household_accounts ha
join accounts a on a.tenant_id = :tenant and a.id = ha.account_id
where {_BELIEVED.format("ha")} and ha.household_id = :id
order by a.id, ha.effective_from, ha.effective_to nulls last
"""
_PARTY: Final = "select p.name from parties p where p.tenant_id = :tenant and p.id = :id"
_OWNERS: Final = f"""
with recursive below as (
  select r as party_id from unnest(cast(:ids as uuid[])) r
  union
  select p.owned_id from below b join party_ownerships p on {_BELIEVED.format("p")}
    and p.owner_id = b.party_id
)
select o.account_id, a.name, o.party_id, o.role, o.share, o.effective_from, o.effective_to
from account_owners o
join accounts a on a.tenant_id = :tenant and a.id = o.account_id
where {_BELIEVED.format("o")} and o.account_id in (
  select x.account_id from account_owners x
  where {_BELIEVED.format("x")} and x.party_id in (select b.party_id from below b))
order by o.account_id, o.effective_from, o.id
"""
_OWNERSHIPS: Final = f"""
with recursive up as (
  select p.id, p.owner_id, p.owned_id, p.share, p.effective_from, p.effective_to from party_ownerships p
  where {_BELIEVED.format("p")} and p.owned_id = any(:ids)
  union
  select p.id, p.owner_id, p.owned_id, p.share, p.effective_from, p.effective_to from party_ownerships p
  join up on up.owner_id = p.owned_id
  where {_BELIEVED.format("p")}
)
select owner_id, owned_id, share, effective_from, effective_to from up
"""
_GROUP: Final = "select g.name from account_groups g where g.tenant_id = :tenant and g.id = :id"
_GROUP_ACCOUNTS: Final = f"""
select a.id, a.name, m.effective_from, m.effective_to from account_group_members m
join accounts a on a.tenant_id = :tenant and a.id = m.account_id
where {_BELIEVED.format("m")} and m.group_id = :id
order by a.id, m.effective_from, m.effective_to nulls last
"""


_GROUPS: Final = """
select g.id, g.name, count(distinct a.id) as account_count from account_groups g
left join account_group_members m on m.tenant_id = :tenant and m.group_id = g.id
  and m.superseded_version is null and m.effective_to is null
left join accounts a on a.tenant_id = :tenant and a.id = m.account_id
where g.tenant_id = :tenant group by g.id, g.name order by g.name, g.id limit 500
"""


async def groups_of(reader: Reader) -> list[tuple[UUID, str, int]]:
    """Groups with how many of their accounts the caller sees, by name."""
    rows = await reader.rows(prepared(_GROUPS), {"tenant": reader.tenant_id})
    return [(row.id, row.name, row.account_count) for row in rows]


async def members_of(reader: Reader, view: BookView, scope: Scope) -> ScopeMembers | None:
    """The scope as the caller may see it; None when there is no such thing for them."""
    given: dict[str, Any] = {"tenant": reader.tenant_id}
    dated = {**given, "version": view.book_version}
    if scope.kind is ScopeKind.FIRM:
        rows = await reader.rows(prepared(_FIRM), given)
        return _whole(scope, "", rows)
    if scope.kind is ScopeKind.ACCOUNT:
        row = await reader.one_or_none(prepared(_ACCOUNT), {**dated, "id": scope.id, "as_of": view.as_of})
        if row is None or scope.id is None:
            return None
        only = (Membership(scope.id, ALWAYS),)
        return ScopeMembers(scope, row.name, row.currency, only, {scope.id: row.name}, row.household_id)
    if scope.kind is ScopeKind.SLEEVE:
        sleeve = await reader.one_or_none(prepared(_SLEEVE), {**given, "id": scope.id})
        if sleeve is None:
            return None
        account = await members_of(reader, view, Scope(ScopeKind.ACCOUNT, sleeve.account_id))
        return (
            None if account is None else replace(account, scope=scope, name=f"{account.name}, {sleeve.name}")
        )
    named = {
        ScopeKind.HOUSEHOLD: _HOUSEHOLD, ScopeKind.PARTY: _PARTY, ScopeKind.GROUP: _GROUP,
    }[scope.kind]  # fmt: skip
    name = await reader.one_or_none(prepared(named), {**given, "id": scope.id})
    if name is None or scope.id is None:
        return None
    if scope.kind is ScopeKind.GROUP:
        rows = await reader.rows(prepared(_GROUP_ACCOUNTS), {**dated, "id": scope.id})
        if not rows:  # it was not known then, or nothing of it may be seen
            return None
        names = {row.id: row.name for row in rows}
        return ScopeMembers(scope, name[0], None, tuple(_stays(rows)), names)
    if scope.kind is ScopeKind.HOUSEHOLD:
        rows = await reader.rows(prepared(_HOUSEHOLD_ACCOUNTS), {**dated, "id": scope.id})
        names = {row.id: row.name for row in rows}
        return ScopeMembers(scope, name[0], None, tuple(_stays(rows)), names, scope.id)
    memberships, names = await _owned(reader, dated, scope.id)
    return ScopeMembers(scope, name[0], None, memberships, names)


def _whole(scope: Scope, name: str, rows: Sequence[Any]) -> ScopeMembers:
    """Accounts that belong to the scope wholly and on all days."""
    everyone = tuple(Membership(row.id, ALWAYS) for row in rows)
    return ScopeMembers(scope, name, None, everyone, {row.id: row.name for row in rows})


def _stays(rows: Iterable[Any]) -> Iterable[Membership]:
    """Stays of an account that follow or cover each other are one."""
    last: Membership | None = None
    for row in rows:
        if (
            last is not None
            and last.account == row.id
            and (last.end is None or row.effective_from <= last.end)
        ):
            ends = None if last.end is None or row.effective_to is None else max(last.end, row.effective_to)
            last = Membership(row.id, last.first_day, ends)
            continue
        if last is not None:
            yield last
        last = Membership(row.id, row.effective_from, row.effective_to)
    if last is not None:
        yield last


# -- by ownership ------------------------------------------------------------------------------------------


async def _owned(
    reader: Reader, dated: Mapping[str, Any], party_id: UUID
) -> tuple[tuple[Membership, ...], dict[UUID, str]]:
    """What a party owns of each account, through everything it owns: one membership per change of a share.

    OwnershipCycleError when parties own each other in a circle (writers refuse that).
    """
    owners = await reader.rows(prepared(_OWNERS), {**dated, "ids": [party_id]})
    parties = list({row.party_id for row in owners})
    above = await reader.rows(prepared(_OWNERSHIPS), {**dated, "ids": parties}) if parties else []
    by_account: dict[UUID, list[Any]] = {}
    for row in owners:
        by_account.setdefault(row.account_id, []).append(row)
    found: list[Membership] = []
    for account, rows in by_account.items():
        turns = sorted(
            {day for row in (*rows, *above) for day in (row.effective_from, row.effective_to) if day}
        )
        for at, first in enumerate(turns):
            end = turns[at + 1] if at + 1 < len(turns) else None
            direct = direct_shares((r.party_id, r.role, r.share) for r in rows if _holds(r, first))
            share = seen_through(direct, _shares(above, first), up_to=party_id).get(party_id, Fraction(0))
            last = found[-1] if found else None
            if last is not None and last.account == account and last.end == first and last.share == share:
                found[-1] = Membership(account, last.first_day, end, share)
            elif share:
                found.append(Membership(account, first, end, share))
    held = {each.account for each in found}
    return tuple(found), {row.account_id: row.name for row in owners if row.account_id in held}


def _holds(row: Any, day: date) -> bool:
    return bool(row.effective_from <= day and (row.effective_to is None or row.effective_to > day))


def _shares(rows: Sequence[Any], day: date) -> dict[UUID, dict[UUID, Fraction]]:
    found: dict[UUID, dict[UUID, Fraction]] = {}
    for row in rows:
        if _holds(row, day):
            its = found.setdefault(row.owned_id, {})
            its[row.owner_id] = its.get(row.owner_id, Fraction(0)) + Fraction(row.share)
    return found
