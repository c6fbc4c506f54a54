"""What the firm has already of this source, so that a bundle's keys become ids while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import and_, column, select, table

from wealthnexus.domain.bundle import KnownKeys
from wealthnexus.kit.db.session import Reader

# Of other rooms' tables only these columns are read here.
_households: Final = table("households", *map(column, ("tenant_id", "id", "source", "external_id")))
_accounts: Final = table("accounts", *map(column, ("tenant_id", "id", "source", "external_id", "currency")))
_portfolios: Final = table("portfolios", *map(column, ("tenant_id", "id", "account_id", "is_default")))
_securities: Final = table("securities", *map(column, ("tenant_id", "id", "source", "security_key")))


class KnownAccount:
    """An account's ids, also as the hex in which they are staged with every transaction."""

    __slots__ = ("currency", "hex", "id", "portfolio_hex", "portfolio_id")

    def __init__(self, id_: UUID, portfolio_id: UUID, currency: str) -> None:
        self.id = id_
        self.portfolio_id = portfolio_id
        self.currency = currency
        self.hex = id_.hex
        self.portfolio_hex = portfolio_id.hex


@dataclass(slots=True)
class Known:
    """Ids by the source's own keys."""

    households: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, KnownAccount] = field(default_factory=dict)
    securities: dict[str, UUID] = field(default_factory=dict)

    def keys(self) -> KnownKeys:
        """For the validation. The ledger is asked afterwards: it may be too big to hold."""
        return KnownKeys(
            households=self.households.keys(),
            accounts={key: account.currency for key, account in self.accounts.items()},
            securities=self.securities.keys(),
            transactions=None,
        )


async def load_known(reader: Reader, source: str) -> Known:
    """Households, accounts and securities this source has given before; three statements."""
    known = Known()
    h, a, p, s = _households.c, _accounts.c, _portfolios.c, _securities.c
    tenant = reader.tenant_id
    for key, id_ in map(
        tuple,
        await reader.rows(select(h.external_id, h.id).where(h.tenant_id == tenant, h.source == source)),
    ):
        known.households[key] = id_
    accounts = (
        select(a.external_id, a.id, p.id.label("portfolio_id"), a.currency)
        .join_from(_accounts, _portfolios, and_(p.tenant_id == a.tenant_id, p.account_id == a.id))
        .where(a.tenant_id == tenant, a.source == source, p.is_default)
    )
    for key, id_, portfolio_id, currency in map(tuple, await reader.rows(accounts)):
        known.accounts[key] = KnownAccount(id_, portfolio_id, currency)
    for key, id_ in map(
        tuple,
        await reader.rows(select(s.security_key, s.id).where(s.tenant_id == tenant, s.source == source)),
    ):
        known.securities[key] = id_
    return known
