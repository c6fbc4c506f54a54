"""Balance sheets of households and net worths of parties: a bounded number of statements for all of them.

Accounts and debts are valued in the firm's currency, split among those who own them on the day (or, seen
through, among the last owners of these) to the minor unit, and summed. ``domain/clients/rules`` holds the
arithmetic; here it is fed and its results are made into figures.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.repository.accounts import COLUMNS, chain
from wealthnexus.domain.clients.repository.force import in_force_sql, limited
from wealthnexus.domain.clients.repository.households import MEMBERSHIP
from wealthnexus.domain.clients.repository.liabilities import (
    liabilities_by_household_ids,
    liabilities_of_parties,
)
from wealthnexus.domain.clients.repository.owners import (
    Owners,
    owned_below,
    owner_rows_of_accounts,
    owner_rows_of_debts,
    owners_above,
)
from wealthnexus.domain.clients.repository.parties import members_by_household_ids, parties_by_ids
from wealthnexus.domain.clients.repository.sheet_figures import SheetFigures
from wealthnexus.domain.clients.rules.balance_sheet import (
    Line,
    Part,
    Sums,
    added,
    draw_up,
    seen_through,
    split_line,
)
from wealthnexus.domain.clients.rules.ownership import direct_shares
from wealthnexus.domain.ledger.figures import FigureReason, MoneyFigure, as_money, reasons_from
from wealthnexus.domain.ledger.rules import quality_of
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.money import minor_units
from wealthnexus.kit.text import message

LINES_MAX: Final = 20_000
_TOO_MANY_LINES = message(
    "clients.too_many_lines",
    "these balance sheets have {count} lines, at most {limit} are drawn up at once; ask for fewer",
    count=int,
    limit=int,
)
_NO_RATE = message(
    "clients.no_account_rate",
    "no exchange rate for {name} from {base} into {quote} on or before the date",
    name=str, base=str, quote=str,
)  # fmt: skip


@dataclass(slots=True)
class SheetLine:
    """An account or debt in the firm's currency, with what each owner has of it.

    ``kind``: the registration or the kind of debt. ``rest_share``: of it, what nobody is named for.
    """

    subject_id: UUID
    subject_kind: str
    label: str
    kind: str
    value: MoneyFigure
    parts: tuple[Part, ...] = ()
    rest_share: Fraction = Fraction(0)


@dataclass(slots=True)
class SheetOwner:
    """``role``: in the household, None for owners who do not belong to it."""

    party_id: UUID
    name: str
    kind: str
    role: str | None
    assets: MoneyFigure
    liabilities: MoneyFigure
    net_worth: MoneyFigure


@dataclass(slots=True)
class BalanceSheetRow:
    """``net_worth`` = that of members + ``of_others`` + ``not_attributed``."""

    household_id: UUID
    as_of: date
    currency: str
    look_through: bool
    assets: list[SheetLine]
    liabilities: list[SheetLine]
    owners: list[SheetOwner]
    total_assets: MoneyFigure
    total_liabilities: MoneyFigure
    net_worth: MoneyFigure
    of_members: MoneyFigure
    of_others: MoneyFigure
    not_attributed: MoneyFigure
    reasons: tuple[FigureReason, ...] = ()


@dataclass(slots=True)
class _Valued:
    """One account or debt: what it is worth, and who owns it directly."""

    line: SheetLine
    is_debt: bool
    direct: dict[UUID, Fraction]
    names: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    @property
    def told(self) -> set[UUID]:
        return self.direct.keys() & self.names.keys()

    @property
    def untold(self) -> frozenset[UUID]:
        """Owners whom the caller may not see: they have their part of each cent all the same."""
        return frozenset(self.direct.keys() - self.names.keys())


# -- what is owned and owed --------------------------------------------------------------------------------

_OF_HOUSEHOLDS: Final = f"""select m.household_id as parent_id, {COLUMNS}
  from (select ha.household_id, ha.account_id {MEMBERSHIP} and ha.household_id = any(:ids)) m
  join accounts a on a.tenant_id = :tenant and a.id = m.account_id
    and (a.closed_on is null or a.closed_on > :as_of)"""
_OF_PARTIES: Final = f"""select null::uuid as parent_id, {COLUMNS} from accounts a
  where a.tenant_id = :tenant and (a.closed_on is null or a.closed_on > :as_of) and a.id in (
    select o.account_id from account_owners o where {in_force_sql("o")} and o.party_id = any(:ids))"""


async def _accounts(reader: Reader, view: BookView, chosen: str, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    if not ids:
        return []
    valued = chain(chosen, stored=view.is_stored, everything=False)
    sql = f"{valued} select * from valued order by name_normalised, id"
    found = await reader.rows(
        prepared(sql), {"tenant": reader.tenant_id, **view.parameters(), "ids": list(ids)}
    )
    if len(found) > LINES_MAX:
        raise LimitExceeded(_TOO_MANY_LINES(count=len(found), limit=LINES_MAX))
    return found


def _account_line(row: Row[Any], view: BookView, figures: SheetFigures) -> SheetLine:
    value = as_money(row.reporting_value, view.currency)
    unpriced, stale, unaccrued = row.unpriced_count or 0, row.stale_count or 0, row.unaccrued_count or 0
    reasons: tuple[FigureReason, ...] = ()
    if unpriced or stale or unaccrued:
        reasons = reasons_from(row.reasons, unpriced + stale + unaccrued)
    if value is None and row.market_value is not None:
        named = {"name": row.name, "base": row.currency, "quote": view.currency}
        reasons = (*reasons, FigureReason("NO_RATE", _NO_RATE, named))
    figure = figures.of_line(value, quality_of(value, unpriced + unaccrued, stale), reasons, what=row.name)
    return SheetLine(row.id, "account", row.name, row.account_type, figure)


def _told(owners: Sequence[Row[Any]]) -> dict[UUID, tuple[str, str]]:
    return {o.party_id: (o.name, o.kind) for o in owners if o.name is not None}


async def _valued_accounts(
    reader: Reader, view: BookView, rows: Sequence[Row[Any]], figures: SheetFigures
) -> dict[UUID, _Valued]:
    owners = await owner_rows_of_accounts(reader, view, list({row.id for row in rows}))
    found: dict[UUID, _Valued] = {}
    for row in rows:
        if row.id not in found:
            its = owners[row.id]
            direct = direct_shares((o.party_id, o.role, o.share) for o in its)
            found[row.id] = _Valued(_account_line(row, view, figures), False, direct, _told(its))
    return found


async def _valued_debts(reader: Reader, view: BookView, rows: Sequence[Any]) -> dict[UUID, _Valued]:
    owners = await owner_rows_of_debts(reader, view, [row.id for row in rows]) if rows else {}
    found: dict[UUID, _Valued] = {}
    for row in rows:
        its = owners[row.id]
        direct = direct_shares((o.party_id, "owner", o.share) for o in its)
        line = SheetLine(row.id, "liability", row.name, row.kind.upper(), row.reporting)
        found[row.id] = _Valued(line, True, direct, _told(its))
    return found


# -- households --------------------------------------------------------------------------------------------


async def balance_sheets(
    reader: Reader, view: BookView, household_ids: Sequence[UUID], *, look_through: bool
) -> dict[UUID, BalanceSheetRow]:
    """The sheet of each household, over what the caller may see: seven statements at most for all.

    OwnershipCycleError when parties own each other in a circle (writers refuse that); LimitExceeded for
    more than 20,000 lines.
    """
    ids = limited(household_ids)
    figures = SheetFigures(view)
    rows = await _accounts(reader, view, _OF_HOUSEHOLDS, ids)
    accounts = await _valued_accounts(reader, view, rows, figures)
    debts_of = await liabilities_by_household_ids(reader, view, ids)
    debts = await _valued_debts(reader, view, [debt for its in debts_of.values() for debt in its])
    members = await members_by_household_ids(reader, view, ids)
    everything = [*accounts.values(), *debts.values()]
    names = {party: name for valued in everything for party, name in valued.names.items()}
    names |= {row.party_id: (row.name, row.kind) for its in members.values() for row in its}
    above: Owners = {}
    if look_through:
        above = await owners_above(reader, view, {party for valued in everything for party in valued.told})
        names |= await _names_of(reader, {o for its in above.values() for o in its} - set(names))
    by_household: dict[UUID, list[_Valued]] = {key: [] for key in ids}
    for row in rows:
        by_household[row.parent_id].append(accounts[row.id])
    for key, its in debts_of.items():
        by_household[key] += [debts[debt.id] for debt in its]
    drawing = _Drawing(figures, names, above if look_through else None)
    return {
        key: drawing.sheet(key, by_household[key], {row.party_id: row.role for row in members[key]})
        for key in ids
    }


async def _names_of(reader: Reader, party_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = await parties_by_ids(reader, list(party_ids))
    return {key: (row.name, row.kind) for key, row in rows.items()}


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws up sheets; ``above`` None: owners as they are registered, else seen through."""

    figures: SheetFigures
    names: Mapping[UUID, tuple[str, str]]
    above: Owners | None
    known_shares: dict[tuple[tuple[UUID, Fraction], ...], Mapping[UUID, Fraction]] = field(
        default_factory=dict
    )

    def sheet(
        self, household_id: UUID, valued: Sequence[_Valued], roles: Mapping[UUID, str]
    ) -> BalanceSheetRow:
        view, figures = self.figures.view, self.figures
        sheet = draw_up([self._line(each) for each in valued], minor_units(view.currency))
        shown: list[SheetLine] = []
        touched: dict[UUID, list[SheetLine]] = {party: [] for party in sheet.owners}
        for each, split in zip(valued, sheet.lines, strict=True):
            line = replace(each.line, parts=split.parts, rest_share=split.rest_share)
            shown.append(line)
            for part in split.parts:
                touched[part.owner_id].append(line)
        owners = self._owners(sheet.owners, touched, roles)
        inside = [party for party in sheet.owners if party in roles]
        outside = [party for party in sheet.owners if party not in roles]
        rest = [line for line in shown if line.rest_share > 0]

        def net_of(parties: Sequence[UUID]) -> MoneyFigure:
            sums = added([sheet.owners[party] for party in parties])
            return figures.of_sums(sums, [line for party in parties for line in touched[party]])[2]

        assets, debts, net = figures.of_sums(sheet.total, shown)
        return BalanceSheetRow(
            household_id=household_id,
            as_of=view.as_of,
            currency=view.currency,
            look_through=self.above is not None,
            assets=[line for line in shown if line.subject_kind == "account"],
            liabilities=[line for line in shown if line.subject_kind == "liability"],
            owners=owners,
            total_assets=assets,
            total_liabilities=debts,
            net_worth=net,
            of_members=net_of(inside),
            of_others=net_of(outside),
            not_attributed=figures.of_sums(sheet.unattributed, rest)[2],
            reasons=(*net.reasons, *figures.unattributed(rest)),
        )

    def _line(self, valued: _Valued) -> Line:
        line = valued.line
        return Line(
            line.subject_id, valued.is_debt, line.value.value, self._shares(valued.direct), valued.untold
        )

    def _shares(self, direct: Mapping[UUID, Fraction]) -> Mapping[UUID, Fraction]:
        """Worked out once for all lines that have the same owners."""
        owners = tuple(sorted(direct.items()))
        known = self.known_shares.get(owners)
        if known is None:
            shares = direct if self.above is None else seen_through(direct, self.above)
            known = self.known_shares[owners] = _ordered(shares)
        return known

    def _owners(
        self,
        sums: Mapping[UUID, Sums],
        touched: Mapping[UUID, Sequence[SheetLine]],
        roles: Mapping[UUID, str],
    ) -> list[SheetOwner]:
        """Members in the household's order, then the others by name."""
        place = {party: number for number, party in enumerate(roles)}
        owners = [
            SheetOwner(
                party,
                *self.names.get(party, ("", "")),
                roles.get(party),
                *self.figures.of_sums(its, touched[party]),
            )
            for party, its in sums.items()
        ]
        return sorted(owners, key=lambda o: (place.get(o.party_id, len(place)), o.name, o.party_id))


def _ordered(shares: Mapping[UUID, Fraction]) -> dict[UUID, Fraction]:
    """Largest share first: the order in which a matrix shows them."""
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


# -- parties -----------------------------------------------------------------------------------------------


async def net_worths(reader: Reader, view: BookView, party_ids: Sequence[UUID]) -> dict[UUID, MoneyFigure]:
    """What each party has of every account and debt, through everything it owns, less what it owes.

    An entity's is its own, whoever owns the entity. Split as the balance sheet splits, so that the two
    agree to the cent. Seven statements at most for all.
    """
    ids = limited(party_ids)
    figures = SheetFigures(view)
    below = await owned_below(reader, view, ids)
    reached = sorted({party for its in below.values() for party in its})
    rows = await _accounts(reader, view, _OF_PARTIES, reached)
    accounts = await _valued_accounts(reader, view, rows, figures)
    debts = await _valued_debts(reader, view, await liabilities_of_parties(reader, view, reached))
    valued = [*accounts.values(), *debts.values()]
    above = await owners_above(reader, view, {party for each in valued for party in each.told})
    places = minor_units(view.currency)
    found: dict[UUID, MoneyFigure] = {}
    for root in ids:
        sums, touched = Sums(), []
        for each in valued:
            if below[root].isdisjoint(each.direct):
                continue
            shares = seen_through(each.direct, above, up_to=root)
            if root not in shares:
                continue
            line = Line(each.line.subject_id, each.is_debt, each.line.value.value, shares, each.untold)
            part = next(p for p in split_line(line, places).parts if p.owner_id == root)
            sums = sums.with_part(is_debt=each.is_debt, value=part.value)
            touched.append(each.line)
        found[root] = figures.of_sums(sums, touched)[2]
    return found
