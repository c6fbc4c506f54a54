"""Lots and gains of the engine as the API shows them, names loaded once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.lot_books import EntrySource
from wealthnexus.domain.ledger.lots import OpenLot, RealisedGain, View
from wealthnexus.domain.ledger.lots.texts import REASONS
from wealthnexus.domain.ledger.lots.vocabulary import Reason
from wealthnexus.graphql.loaders.ledger import account_ref
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.actions import GainSnapshot, LotSnapshot
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.markets import Security
from wealthnexus.kit.money import round_money

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class Names:
    """Accounts and securities by the keys of the engine, which are ids as text."""

    def __init__(
        self,
        accounts: Mapping[UUID, AccountRef],
        securities: Mapping[UUID, Security],
        sources: Mapping[str, EntrySource],
    ) -> None:
        self.accounts = accounts
        self.securities = securities
        self._sources = sources

    @classmethod
    async def load(
        cls,
        loaders: Loaders,
        view: BookView,
        accounts: Iterable[Any],
        securities: Iterable[Any],
        sources: Mapping[str, EntrySource],
    ) -> Names:
        """One statement for each."""
        keys = list({UUID(str(key)) for key in accounts})
        rows = await clients.accounts_by_ids(loaders.reader, view, keys) if keys else {}
        found = await loaders.markets.securities({UUID(str(key)) for key in securities}, view)
        return cls({key: account_ref(row) for key, row in rows.items()}, found, sources)

    def knows(self, one: OpenLot | RealisedGain) -> bool:
        """False for what belongs to an account that is played with those seen but is not shown itself."""
        return UUID(one.account) in self.accounts

    def reason(
        self, reason: Reason, security: str, entry: str, values: Mapping[str, str] | None = None
    ) -> FigureReason:
        """The sentence with the names people know: of the security, and the source's own of the entry."""
        said, named = REASONS[reason], self.securities.get(UUID(security))
        source = self._sources.get(entry)
        known = {
            "security": "" if named is None else named.name,
            "entry": entry if source is None else source.source_id,
            **(values or {}),
        }
        return FigureReason(
            code=reason.value, message=said(**{name: known.get(name, "") for name in said.parameters})
        )

    def lot(self, lot: OpenLot) -> LotSnapshot:
        custodian, economic = lot.basis[View.CUSTODIAN], lot.basis[View.ECONOMIC]
        return LotSnapshot(
            id=lot.id,
            account=self.accounts[UUID(lot.account)],
            security=self.securities.get(UUID(lot.security)),
            units=trimmed(lot.units),
            acquired_on=lot.acquired_on,
            cost=None if lot.cost is None else round_money(lot.cost, lot.currency),
            custodian_cost=None if custodian is None else round_money(custodian, lot.currency),
            economic_cost=None if economic is None else round_money(economic, lot.currency),
            held_from=lot.held_from[View.ECONOMIC],
            currency=Currency(lot.currency),
            reasons=[self.reason(one, lot.security, lot.opened_by) for one in lot.reasons],
        )

    def gain(self, line: RealisedGain) -> GainSnapshot:
        book, economic = line.views[View.BOOK], line.views[View.ECONOMIC]
        return GainSnapshot(
            id=line.id,
            account=self.accounts[UUID(line.account)],
            security=self.securities.get(UUID(line.security)),
            acquired_on=line.acquired_on,
            disposed_on=line.disposed_on,
            units=trimmed(line.units),
            proceeds=line.proceeds,
            cost=line.cost,
            gain=book.gain,
            disallowed=economic.disallowed,
            recognised=economic.recognised,
            term=None if economic.term is None else economic.term.value,
            currency=Currency(line.currency),
            reasons=[self.reason(one, line.security, line.entry) for one in line.reasons],
        )
