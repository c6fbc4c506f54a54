"""What the firm has already, so that a bundle's keys become ids while it is read.

What this source gave stands under its own keys, what others gave under ``[source]key``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TableClause, and_, column, select, table

from wealthnexus.domain.bundle import KnownKeys, KnownOwnership
from wealthnexus.kit.db.session import Reader

# Of other rooms' tables only these columns are read here.
_KEYS: Final = ("tenant_id", "id", "source", "external_id")
_households: Final = table("households", *map(column, _KEYS))
_accounts: Final = table("accounts", *map(column, (*_KEYS, "currency", "account_type")))
_portfolios: Final = table(
    "portfolios", *map(column, ("tenant_id", "id", "account_id", "is_default", "name"))
)
_securities: Final = table("securities", *map(column, ("tenant_id", "id", "source", "security_key")))
_parties: Final = table("parties", *map(column, (*_KEYS, "kind")))
_liabilities: Final = table("liabilities", *map(column, _KEYS))
_ownerships: Final = table(
    "party_ownerships",
    *map(
        column,
        ("tenant_id", "owner_id", "owned_id", "share", "effective_from", "effective_to",
         "superseded_version"),
    ),
)  # fmt: skip


class KnownAccount:
    """An account's ids, also as the hex in which they are staged with every transaction."""

    __slots__ = ("account_type", "currency", "hex", "id", "portfolio_hex", "portfolio_id", "sleeves")

    def __init__(self, id_: UUID, portfolio_id: UUID, currency: str, account_type: str = "OTHER") -> None:
        self.id = id_
        self.portfolio_id = portfolio_id
        self.currency = currency
        self.account_type = account_type
        self.hex = id_.hex
        self.portfolio_hex = portfolio_id.hex
        self.sleeves: dict[str, str] | None = None
        """Its sleeves besides the default one, by name, as hex; None: there is none."""

    def add_sleeve(self, name: str, id_: UUID) -> str:
        if self.sleeves is None:
            self.sleeves = {}
        self.sleeves[name] = id_.hex
        return id_.hex


@dataclass(slots=True)
class Known:
    """Ids by key."""

    households: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, KnownAccount] = field(default_factory=dict)
    securities: dict[str, UUID] = field(default_factory=dict)
    parties: dict[str, UUID] = field(default_factory=dict)
    party_kinds: dict[str, str] = field(default_factory=dict)
    """In capitals, as the bundle writes them; of the parties the book had before."""
    liabilities: dict[str, UUID] = field(default_factory=dict)
    ownerships: list[KnownOwnership] = field(default_factory=list)

    def keys(self) -> KnownKeys:
        """For the validation. The ledger is asked afterwards: it may be too big to hold."""
        return KnownKeys(
            households=self.households.keys(),
            accounts={key: account.currency for key, account in self.accounts.items()},
            # The spool gives an underlying its id before it is known to exist.
            securities=frozenset(self.securities),
            transactions=None,
            account_types={key: account.account_type for key, account in self.accounts.items()},
            clients=self.party_kinds,
            # The spool adds to these while it reads: what the book had before is what counts here.
            liabilities=frozenset(self.liabilities),
            ownerships=self.ownerships,
        )


async def load_known(reader: Reader, source: str) -> Known:
    """Everything the firm's bundles and people have given before; a statement per table."""
    known = Known()

    def key_of(given_by: str, key: str) -> str:
        return key if given_by == source else f"[{given_by}]{key}"

    for given_by, key, id_ in await _rows(reader, _households, "external_id"):
        known.households[key_of(given_by, key)] = id_
    a, p = _accounts.c, _portfolios.c
    accounts = (
        select(a.source, a.external_id, a.id, p.id.label("portfolio_id"), a.currency, a.account_type)
        .join_from(_accounts, _portfolios, and_(p.tenant_id == a.tenant_id, p.account_id == a.id))
        .where(a.tenant_id == reader.tenant_id, p.is_default)
    )
    for given_by, key, *rest in map(tuple, await reader.rows(accounts)):
        known.accounts[key_of(given_by, key)] = KnownAccount(*rest)
    sleeves = (
        select(a.source, a.external_id, p.name, p.id)
        .join_from(_accounts, _portfolios, and_(p.tenant_id == a.tenant_id, p.account_id == a.id))
        .where(a.tenant_id == reader.tenant_id, ~p.is_default)
    )
    for given_by, key, name, id_ in map(tuple, await reader.rows(sleeves)):
        known.accounts[key_of(given_by, key)].add_sleeve(name, id_)
    for given_by, key, id_ in await _rows(reader, _securities, "security_key"):
        known.securities[key_of(given_by, key)] = id_
    names: dict[UUID, str] = {}
    for given_by, key, id_, kind in await _rows(reader, _parties, "external_id", "kind"):
        name = names[id_] = key_of(given_by, key)
        known.parties[name] = id_
        known.party_kinds[name] = kind.upper()
    for given_by, key, id_ in await _rows(reader, _liabilities, "external_id"):
        known.liabilities[key_of(given_by, key)] = id_
    o = _ownerships.c
    shares = select(o.owner_id, o.owned_id, o.share, o.effective_from, o.effective_to).where(
        o.tenant_id == reader.tenant_id, o.superseded_version.is_(None)
    )
    for owner, owned, *rest in map(tuple, await reader.rows(shares)):
        known.ownerships.append(KnownOwnership(names[owner], names[owned], *rest))
    return known


async def _rows(reader: Reader, from_: TableClause, key: str, *more: str) -> list[tuple[Any, ...]]:
    columns = [from_.c[name] for name in ("source", key, "id", *more)]
    statement = select(*columns).where(from_.c.tenant_id == reader.tenant_id)
    return [tuple(row) for row in await reader.rows(statement)]
