"""Who owns accounts and debts, who inherits accounts, and who owns the owners. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, case, literal, select

from wealthnexus.domain.clients.models import (
    account_beneficiaries,
    account_owners,
    liability_owners,
    parties,
)
from wealthnexus.domain.clients.repository.force import in_force, in_force_sql, parameters
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES, Holding, direct_shares
from wealthnexus.domain.clients.rules.registration import ROLES
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

SHARE_PLACES: Final = 12
_ROLE_ORDER: Final = case(
    {role: place for place, role in enumerate(ROLES)}, value=account_owners.c.role, else_=99
)


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An owner of an account or debt whom the caller may see; ``share`` None: equally with the others."""

    party_id: UUID
    role: str
    share: Decimal | None
    effective_from: date
    effective_to: date | None
    name: str
    kind: str


def _grouped(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    of: dict[UUID, list[Row[Any]]] = {key: [] for key in ids}
    for row in rows:
        of[row.owned_id].append(row)
    return of


def _known(of: Mapping[UUID, Sequence[Row[Any]]]) -> dict[UUID, list[OwnerRow]]:
    """Those with a name. A caller sees that an account has further owners, not who: where there are such
    strangers, an equal share is told as a number, because the caller could not divide by all of them."""
    found: dict[UUID, list[OwnerRow]] = {}
    for key, its in of.items():
        known = [row for row in its if row.name is not None]
        equal: dict[UUID, Fraction] = {}
        if len(known) < len(its):
            equal = direct_shares((row.party_id, row.role, row.share) for row in its)
        found[key] = [
            OwnerRow(
                row.party_id,
                row.role,
                _told(row, equal),
                row.effective_from,
                row.effective_to,
                row.name,
                row.kind,
            )
            for row in known
        ]
    return found


def _told(row: Row[Any], equal: Mapping[UUID, Fraction]) -> Decimal | None:
    if row.share is not None or row.role not in OWNING_ROLES or row.party_id not in equal:
        share: Decimal | None = row.share
        return share
    part = equal[row.party_id]
    return round(Decimal(part.numerator) / Decimal(part.denominator), SHARE_PLACES)


async def owners_by_account_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[OwnerRow]]:
    """Party, role, share (None: equally) and dates of each account's owners on the day."""
    return _known(await owner_rows_of_accounts(reader, view, ids))


async def owner_rows_of_accounts(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Every owner of each account on the day; without a name where the caller may not see who it is."""
    o = account_owners
    rows = await reader.rows(
        select(
            o.c.account_id.label("owned_id"),
            o.c.party_id,
            o.c.role,
            o.c.share,
            o.c.effective_from,
            o.c.effective_to,
            parties.c.name,
            parties.c.kind,
        )
        .outerjoin(parties, (parties.c.tenant_id == o.c.tenant_id) & (parties.c.id == o.c.party_id))
        .where(in_force(o, reader, view), o.c.account_id.in_(list(ids)))
        .order_by(_ROLE_ORDER, parties.c.name_normalised, o.c.party_id)
    )
    return _grouped(ids, rows)


async def beneficiaries_by_account_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Tier, share, name (and party) of each account's beneficiaries on the day; none for clients."""
    found: dict[UUID, list[Row[Any]]] = {key: [] for key in ids}
    if reader.binding.role == "portal":
        return found
    b = account_beneficiaries
    rows = await reader.rows(
        select(b)
        .where(in_force(b, reader, view), b.c.account_id.in_(list(ids)))
        .order_by(b.c.tier.desc(), b.c.share.desc(), b.c.name, b.c.id)
    )
    for row in rows:
        found[row.account_id].append(row)
    return found


async def owners_by_liability_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[OwnerRow]]:
    """Party and share (None: equally) of those who owe each debt on the day."""
    return _known(await owner_rows_of_debts(reader, view, ids))


async def owner_rows_of_debts(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Everybody who owes each debt on the day; without a name where the caller may not see who it is."""
    o = liability_owners
    rows = await reader.rows(
        select(
            o.c.liability_id.label("owned_id"),
            o.c.party_id,
            literal("owner").label("role"),
            o.c.share,
            o.c.effective_from,
            o.c.effective_to,
            parties.c.name,
            parties.c.kind,
        )
        .outerjoin(parties, (parties.c.tenant_id == o.c.tenant_id) & (parties.c.id == o.c.party_id))
        .where(in_force(o, reader, view), o.c.liability_id.in_(list(ids)))
        .order_by(parties.c.name_normalised, o.c.party_id)
    )
    return _grouped(ids, rows)


# The row's id keeps two shares of the same size apart; ``union`` ends a circle that a source brought in.
_UP: Final = f"""
with recursive up as (
  select p.id, p.owner_id, p.owned_id, p.share from party_ownerships p
  where {in_force_sql("p")} and p.owned_id = any(:ids)
  union
  select p.id, p.owner_id, p.owned_id, p.share from party_ownerships p
  join up on up.owner_id = p.owned_id
  where {in_force_sql("p")}
)
select owner_id, owned_id, share from up
"""

_DOWN: Final = f"""
with recursive down as (
  select r as root, r as party_id from unnest(cast(:ids as uuid[])) r
  union
  select d.root, p.owned_id from down d
  join party_ownerships p on p.owner_id = d.party_id and {in_force_sql("p")}
)
select root, party_id from down
"""

_BELIEVED_BELOW: Final = """
with recursive down as (
  select p.id, p.owner_id, p.owned_id, p.share, p.effective_from, p.effective_to from party_ownerships p
  where p.tenant_id = :tenant and p.superseded_version is null and p.owner_id = :id
  union
  select p.id, p.owner_id, p.owned_id, p.share, p.effective_from, p.effective_to from party_ownerships p
  join down d on d.owned_id = p.owner_id
  where p.tenant_id = :tenant and p.superseded_version is null
)
select owner_id, owned_id, share, effective_from, effective_to from down
"""

Owners = dict[UUID, dict[UUID, Fraction]]


async def holdings_below(reader: Reader, party_id: UUID) -> list[Holding]:
    """What the party owns at any remove on any day, as is believed now; a circle through it lies among it."""
    rows = await reader.rows(prepared(_BELIEVED_BELOW), {"tenant": reader.tenant_id, "id": party_id})
    return [
        Holding(row.owner_id, row.owned_id, row.share, row.effective_from, row.effective_to) for row in rows
    ]


async def owners_above(reader: Reader, view: BookView, party_ids: Iterable[UUID]) -> Owners:
    """Owned -> owner -> share, of the parties and of everybody who owns them at any remove."""
    wanted = list(dict.fromkeys(party_ids))
    if not wanted:
        return {}
    rows = await reader.rows(prepared(_UP), parameters(reader, view, ids=wanted))
    found: Owners = {}
    for owner, owned, share in map(tuple, rows):
        its = found.setdefault(owned, {})
        its[owner] = its.get(owner, Fraction(0)) + Fraction(Decimal(share))
    return found


async def owned_below(
    reader: Reader, view: BookView, party_ids: Sequence[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """Each party, with everything it owns at any remove; itself too."""
    rows = await reader.rows(prepared(_DOWN), parameters(reader, view, ids=list(party_ids)))
    found: dict[UUID, set[UUID]] = {key: {key} for key in party_ids}
    for root, party in map(tuple, rows):
        found[root].add(party)
    return {root: frozenset(below) for root, below in found.items()}
