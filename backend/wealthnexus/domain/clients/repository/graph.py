"""The ownership graph of households: who belongs, who owns what and whom, who owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from wealthnexus.domain.clients.models import accounts, household_accounts, liabilities
from wealthnexus.domain.clients.repository.force import in_force, limited
from wealthnexus.domain.clients.repository.owners import (
    OwnerRow,
    owners_above,
    owners_by_account_ids,
    owners_by_liability_ids,
)
from wealthnexus.domain.clients.repository.parties import (
    members_by_household_ids,
    parties_by_ids,
    relationships_among,
)
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES, direct_shares
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.text import message

NODES_MAX: Final = 5_000
_TOO_MANY = message(
    "clients.too_many_nodes",
    "these graphs have {count} accounts and debts, at most {limit} are drawn at once; ask for fewer",
    count=int,
    limit=int,
)


@dataclass(slots=True)
class GraphNode:
    """``subject_kind``: party, account or liability; ``kind``: what of it; ``role``: in the household."""

    id: UUID
    subject_kind: str
    kind: str
    label: str
    role: str | None = None


@dataclass(slots=True)
class GraphEdge:
    """``kind``: OWNS, OWES, a role (TRUSTEE), or a relationship (SPOUSE); share of what owns or owes."""

    from_id: UUID
    to_id: UUID
    kind: str
    share: Fraction | None = None


@dataclass(slots=True)
class OwnershipGraph:
    nodes: list[GraphNode]
    edges: list[GraphEdge]


async def ownership_graphs(
    reader: Reader, view: BookView, household_ids: Sequence[UUID]
) -> dict[UUID, OwnershipGraph]:
    """Nine statements at most for all of them. LimitExceeded for more than 5,000 accounts and debts."""
    ids = limited(household_ids)
    members = await members_by_household_ids(reader, view, ids)
    held = await _accounts(reader, view, ids)
    owed = await _debts(reader, view, ids)
    if len(held) + len(owed) > NODES_MAX:
        raise LimitExceeded(_TOO_MANY(count=len(held) + len(owed), limit=NODES_MAX))
    account_owners = await owners_by_account_ids(reader, view, list({row.id for row in held}))
    debt_owners = await owners_by_liability_ids(reader, view, [row.id for row in owed])
    first = {row.party_id for its in members.values() for row in its}
    first |= {row.party_id for its in account_owners.values() for row in its}
    first |= {row.party_id for its in debt_owners.values() for row in its}
    above = await owners_above(reader, view, first)
    everybody = first | {owner for its in above.values() for owner in its}
    people = await parties_by_ids(reader, sorted(everybody)[:1_000])
    related = await relationships_among(reader, view, list(people))
    found: dict[UUID, OwnershipGraph] = {}
    for key in ids:
        graph = _Builder({row.party_id: row.role for row in members[key]}, people)
        for row in (row for row in held if row.parent_id == key):
            graph.account(row, account_owners[row.id])
        for row in (row for row in owed if row.parent_id == key):
            graph.debt(row, debt_owners[row.id])
        found[key] = graph.finished(above, related)
    return found


async def _accounts(reader: Reader, view: BookView, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    m = household_accounts
    return await reader.rows(
        select(m.c.household_id.label("parent_id"), accounts.c.id, accounts.c.name, accounts.c.account_type)
        .join(accounts, (accounts.c.tenant_id == m.c.tenant_id) & (accounts.c.id == m.c.account_id))
        .where(
            in_force(m, reader, view),
            m.c.household_id.in_(ids),
            accounts.c.closed_on.is_(None) | (accounts.c.closed_on > view.as_of),
        )
        .order_by(accounts.c.name_normalised, accounts.c.id)
    )


async def _debts(reader: Reader, view: BookView, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    x = liabilities.c
    return await reader.rows(
        select(x.household_id.label("parent_id"), x.id, x.name, x.kind, x.secured_account_id)
        .where(
            x.tenant_id == reader.tenant_id,
            x.household_id.in_(ids),
            x.opened_on.is_(None) | (x.opened_on <= view.as_of),
            x.closed_on.is_(None) | (x.closed_on > view.as_of),
        )
        .order_by(x.name_normalised, x.id)
    )


class _Builder:
    """Gathers one household's nodes and edges; a party is a node once."""

    def __init__(self, roles: dict[UUID, str], people: dict[UUID, Row[Any]]) -> None:
        self._roles = roles
        self._people = people
        self._parties: dict[UUID, None] = dict.fromkeys(roles)
        self._nodes: list[GraphNode] = []
        self._edges: list[GraphEdge] = []

    def account(self, row: Row[Any], owners: Sequence[OwnerRow]) -> None:
        self._nodes.append(GraphNode(row.id, "account", row.account_type, row.name))
        shares = direct_shares((o.party_id, o.role, o.share) for o in owners)
        for owner in owners:
            owns = owner.role in OWNING_ROLES
            kind = "OWNS" if owns else owner.role.upper()
            self._edge(owner.party_id, row.id, kind, shares.get(owner.party_id) if owns else None)

    def debt(self, row: Row[Any], owners: Sequence[OwnerRow]) -> None:
        self._nodes.append(GraphNode(row.id, "liability", row.kind.upper(), row.name))
        shares = direct_shares((o.party_id, "owner", o.share) for o in owners)
        for owner in owners:
            self._edge(owner.party_id, row.id, "OWES", shares.get(owner.party_id))
        if row.secured_account_id is not None:
            self._edges.append(GraphEdge(row.id, row.secured_account_id, "SECURED_BY"))

    def _edge(self, party_id: UUID, to_id: UUID, kind: str, share: Fraction | None) -> None:
        self._parties.setdefault(party_id)
        self._edges.append(GraphEdge(party_id, to_id, kind, share))

    def finished(
        self, above: dict[UUID, dict[UUID, Fraction]], related: Sequence[Row[Any]]
    ) -> OwnershipGraph:
        waiting = list(self._parties)
        while waiting:
            owned = waiting.pop()
            for owner, share in above.get(owned, {}).items():
                self._edges.append(GraphEdge(owner, owned, "OWNS", share))
                if owner not in self._parties:
                    self._parties[owner] = None
                    waiting.append(owner)
        shown = {key: self._people[key] for key in self._parties if key in self._people}
        self._edges += [
            GraphEdge(row.party_id, row.related_id, row.kind.upper())
            for row in related
            if row.party_id in shown and row.related_id in shown
        ]
        nodes = [
            GraphNode(key, "party", row.kind.upper(), row.name, self._roles.get(key))
            for key, row in shown.items()
        ]
        known = {node.id for node in (*nodes, *self._nodes)}
        edges = [edge for edge in self._edges if edge.from_id in known and edge.to_id in known]
        return OwnershipGraph([*nodes, *self._nodes], edges)
