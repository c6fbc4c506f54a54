"""What the rows of the further files say of one another, of the bundle and of the book.

Clients, debts, owners and relationships are held whole (there are as many as accounts); lots and the
custodian's evidence as hashes, for there may be millions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .format import SECURITIES
from .format_book import (
    CLIENTS,
    CORPORATE_ACTIONS,
    CUSTODIAN_LOTS,
    CUSTODIAN_POSITIONS,
    IDENTIFIERS,
    LIABILITIES,
    LOTS,
    OWNERS,
    RELATIONSHIPS,
    ClientRow,
    CorporateActionRow,
    CustodianLotRow,
    CustodianPositionRow,
    IdentifierRow,
    LiabilityRow,
    LotRow,
    OwnerRow,
    RelationshipRow,
)
from .ownership import judge_owners, judge_ownerships
from .parse import RowStream
from .report import RowProblem
from .symbols import SpokenFor
from .tallies import Hashes
from .terms_book import OWNS
from .walking import Walker

_NO_SECURITY: Final = "no such security in securities.csv or in the book"
_NO_ACCOUNT: Final = "no such account in accounts.csv or in the book"
_NO_CLIENT: Final = "no such client in clients.csv or in the book"
_NO_HOUSEHOLD: Final = "no such household in households.csv or in the book"
_NO_LIABILITY: Final = "no such liability in liabilities.csv or in the book"
_OF_THE_BALANCE: Final = frozenset({"balance_date", "balance"})


class BookJudge:
    """Judges the further files of a bundle whose first files a validation has read."""

    def __init__(
        self,
        walker: Walker,
        *,
        households: set[str],
        accounts: Mapping[str, str | None],
        account_types: Mapping[str, str],
        securities: set[str],
    ) -> None:
        self.walker = walker
        self.known = walker.known
        self.refuse = walker.refuse
        self.households = households
        self.accounts = accounts
        self.account_types = account_types
        self.securities = securities
        self.clients: dict[str, str | None] = {}
        """External id: kind, None when the row itself was refused."""
        self.liabilities: dict[str, LiabilityRow | None] = {}

    def run(self) -> None:
        """Every further file, in the order in which they refer to one another."""
        self._clients()
        self._identifiers()
        self._liabilities()
        self._owners()
        self._relationships()
        self._lots()
        self._corporate_actions()
        self._custodian_positions()
        self._custodian_lots()

    # -- what may be referred to ---------------------------------------------------------------------------

    def kind_of(self, client: str) -> str | None:
        """The party's kind; None for one whose row was refused. KeyError for nobody."""
        return self.clients[client] if client in self.clients else self.known.clients[client]

    def _judge_client(self, name: str, row: Any, column: str) -> None:
        key = getattr(row, column)
        if key is not None and key not in self.clients and key not in self.known.clients:
            self.refuse(name, row.line, column, key, _NO_CLIENT)

    def _judge_account(self, name: str, row: Any, column: str = "account_external_id") -> None:
        key = getattr(row, column)
        if key is not None and key not in self.accounts and key not in self.known.accounts:
            self.refuse(name, row.line, column, key, _NO_ACCOUNT)

    def _judge_security(self, name: str, row: Any, column: str = "security_key") -> None:
        key = getattr(row, column)
        if key is not None and key not in self.securities and key not in self.known.securities:
            self.refuse(name, row.line, column, key, _NO_SECURITY)

    def _judge_household(self, name: str, row: Any) -> None:
        key = row.household_external_id
        if key is not None and key not in self.households and key not in self.known.households:
            self.refuse(name, row.line, "household_external_id", key, _NO_HOUSEHOLD)

    # -- clients, identifiers, debts -----------------------------------------------------------------------

    def _clients(self) -> None:
        lines: dict[str, int] = {}

        def judge(row: ClientRow) -> None:
            first = lines.setdefault(row.external_id, row.line)
            if first != row.line:
                self.walker.repeated("clients", row.line, "external_id", row.external_id, first)
            kept = self.known.clients.get(row.external_id)
            if kept is not None and kept != row.kind:
                expectation = f"the client is a {kept} in the book; its kind does not change"
                self.refuse("clients", row.line, "kind", row.kind, expectation)
            self.clients[row.external_id] = row.kind

        def refused(key: str) -> None:
            self.clients.setdefault(key, None)

        self.walker.walk(CLIENTS, judge, refused)

    def _identifiers(self) -> None:
        lines: dict[tuple[object, ...], int] = {}
        spoken_for = SpokenFor()

        def judge(row: IdentifierRow) -> None:
            self._judge_security("identifiers", row)
            key = (row.security_key, row.scheme, row.value, row.exchange, row.effective_from)
            first = lines.setdefault(key, row.line)
            if first != row.line:
                self.walker.repeated("identifiers", row.line, "value", row.value, first)
            elif row.scheme == "SYMBOL":
                spoken_for.add(row)

        self.walker.walk(IDENTIFIERS, judge)
        if not lines:
            return
        for row in self.walker.bundle.stream(SECURITIES):
            # Not walked: the rows are judged already, only the symbols are wanted.
            if not isinstance(row, RowProblem) and row.symbol is not None:
                spoken_for.add_current(row)
        for line, symbol, expectation in spoken_for.clashes():
            self.refuse("identifiers", line, "value", symbol, expectation)

    def _liabilities(self) -> None:
        balances: dict[tuple[str, object], int] = {}

        def judge(row: LiabilityRow) -> None:
            self._judge_household("liabilities", row)
            self._judge_account("liabilities", row, "secured_account_external_id")
            self._judge_security("liabilities", row, "secured_security_key")
            first = self.liabilities.setdefault(row.external_id, row)
            if first is not None and first is not row:
                self._judge_further_balance(row, first)
            line = balances.setdefault((row.external_id, row.balance_date), row.line)
            if line != row.line:
                self.walker.repeated("liabilities", row.line, "external_id", row.external_id, line)

        def refused(key: str) -> None:
            self.liabilities.setdefault(key, None)

        self.walker.walk(LIABILITIES, judge, refused)

    def _judge_further_balance(self, row: LiabilityRow, first: LiabilityRow) -> None:
        for column in LIABILITIES.column_names:
            value, expected = getattr(row, column), getattr(first, column)
            if column not in _OF_THE_BALANCE and value != expected:
                self.refuse(
                    "liabilities",
                    row.line,
                    column,
                    None if value is None else str(value),
                    f'expected "{"" if expected is None else expected}" as on line {first.line}: '
                    "the rows of one liability differ by balance only",
                )

    # -- owners and relationships --------------------------------------------------------------------------

    def _owners(self) -> None:
        by_account: dict[str, list[OwnerRow]] = {}
        by_liability: dict[str, list[OwnerRow]] = {}
        by_tier: dict[str, list[OwnerRow]] = {}

        def judge(row: OwnerRow) -> None:
            self._judge_client("owners", row, "client_external_id")
            if row.liability_external_id is not None:
                key = row.liability_external_id
                if key not in self.liabilities and key not in self.known.liabilities:
                    self.refuse("owners", row.line, "liability_external_id", key, _NO_LIABILITY)
                by_liability.setdefault(key, []).append(row)
            elif row.account_external_id is not None:
                self._judge_account("owners", row)
                group = by_account if row.tier is None else by_tier
                group.setdefault(row.account_external_id, []).append(row)

        self.walker.walk(OWNERS, judge)
        for problem in judge_owners(self, by_account, by_liability, by_tier):
            self.refuse("owners", *problem)

    def type_of(self, account: str) -> str | None:
        """The account's registration; None when nobody knows it."""
        return self.account_types.get(account) or self.known.account_types.get(account)

    def _relationships(self) -> None:
        lines: dict[tuple[object, ...], int] = {}
        shares: list[RelationshipRow] = []

        def judge(row: RelationshipRow) -> None:
            self._judge_client("relationships", row, "client_external_id")
            self._judge_client("relationships", row, "related_external_id")
            self._judge_household("relationships", row)
            other = row.related_external_id or row.household_external_id
            key = (row.client_external_id, row.kind, other, row.effective_from)
            first = lines.setdefault(key, row.line)
            if first != row.line:
                self.walker.repeated(
                    "relationships", row.line, "client_external_id", row.client_external_id, first
                )
            elif row.kind == OWNS:
                shares.append(row)

        self.walker.walk(RELATIONSHIPS, judge)
        for problem in judge_ownerships(shares, self.known.ownerships):
            self.refuse("relationships", *problem)

    # -- lots, corporate actions, evidence -----------------------------------------------------------------

    def _lots(self) -> None:
        hashes = Hashes()

        def judge(row: LotRow) -> None:
            hashes.add(hash(row.external_id))
            self._judge_account("lots", row)
            self._judge_security("lots", row)
            currency = self.accounts.get(row.account_external_id) or self.known.accounts.get(
                row.account_external_id
            )
            if currency is not None and currency != row.currency:
                expectation = f"expected {currency}, the currency of account {row.account_external_id}"
                self.refuse("lots", row.line, "currency", row.currency, expectation)

        self.walker.walk(LOTS, judge)
        self._explain("lots", self.walker.bundle.stream(LOTS), hashes, lambda row: row.external_id)

    def _explain(
        self, name: str, stream: RowStream[Any], hashes: Hashes, key_of: Callable[[Any], object]
    ) -> None:
        """Second pass over a file, only when a hash repeats: name the lines whose key really does."""
        repeated, _missing = hashes.repeated_and_missing(set())
        if not repeated:
            return
        column = "external_id" if name == "lots" else "account_external_id"
        lines: dict[object, int] = {}
        for row in stream:
            if isinstance(row, RowProblem) or hash(key := key_of(row)) not in repeated:
                continue
            first = lines.setdefault(key, row.line)
            if first != row.line:
                self.walker.repeated(name, row.line, column, getattr(row, column), first)

    def _corporate_actions(self) -> None:
        lines: dict[str, int] = {}

        def judge(row: CorporateActionRow) -> None:
            self._judge_security("corporate_actions", row)
            self._judge_security("corporate_actions", row, "other_security_key")
            first = lines.setdefault(row.external_id, row.line)
            if first != row.line:
                self.walker.repeated("corporate_actions", row.line, "external_id", row.external_id, first)

        self.walker.walk(CORPORATE_ACTIONS, judge)

    def _custodian_positions(self) -> None:
        hashes = Hashes()

        def judge(row: CustodianPositionRow) -> None:
            self._judge_account("custodian_positions", row)
            self._judge_security("custodian_positions", row)
            hashes.add(hash(_evidence_key(row)))

        self.walker.walk(CUSTODIAN_POSITIONS, judge)
        stream = self.walker.bundle.stream(CUSTODIAN_POSITIONS)
        self._explain("custodian_positions", stream, hashes, _evidence_key)

    def _custodian_lots(self) -> None:
        def judge(row: CustodianLotRow) -> None:
            self._judge_account("custodian_lots", row)
            self._judge_security("custodian_lots", row)

        # Two lots may be alike in everything.
        self.walker.walk(CUSTODIAN_LOTS, judge)


def _evidence_key(row: CustodianPositionRow) -> tuple[object, ...]:
    return (row.account_external_id, row.date, row.security_key, row.custodian_key, row.currency)
