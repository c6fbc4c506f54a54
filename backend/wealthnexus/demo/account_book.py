"""The history of one demo account: deposits, trades at real closes, dividends, splits, interest, fees.

The account is played day by day with cash and units that are never negative, neither by trade date nor by
settlement date. What a movement does to cash is its ``amount``, to the cent; units follow the bundle's rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from wealthnexus.domain.bundle import TransactionRow, signed_units
from wealthnexus.domain.ledger.accrual import accrued_per_face, paid_to

from .instruments import PRIVATE_HOLDINGS
from .market import DISTRIBUTIONS, LAST_DAY, Distribution, Dividend, Market, Split
from .plans import MODELS, AccountPlan, Flow
from .schedule import Action, Event, events_of

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
TEN_THOUSANDTH: Final = Decimal("0.0001")
WITHHOLDING: Final = Decimal("0.15")
_INTEREST_BY_YEAR: Final = {
    2012: "0.0010", 2013: "0.0010", 2014: "0.0010", 2015: "0.0010", 2016: "0.0020",
    2017: "0.0060", 2018: "0.0120", 2019: "0.0150", 2020: "0.0030", 2021: "0.0005",
}  # fmt: skip


def cents(amount: Decimal) -> Decimal:
    """Half-up to the cent (every currency of the demo books has two decimals)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def whole(shares: Decimal) -> Decimal:
    """Whole shares, down."""
    return shares.quantize(Decimal(1), rounding=ROUND_FLOOR)


@dataclass(slots=True)
class Posting:
    """A transaction before it has its place and its id."""

    day: date
    settles: date
    kind: str
    amount: Decimal
    key: str | None
    quantity: Decimal | None
    price: Decimal | None
    fees: Decimal
    related: Posting | None
    text: str


class AccountBook:
    """One account played from its opening to 31 March 2021 with a given opening amount."""

    def __init__(self, plan: AccountPlan, market: Market, opening: Decimal, goal: Decimal) -> None:
        self.plan = plan
        self.market = market
        self.opening = opening
        self.goal = goal
        """Value in the account's currency to be reached on the last day."""
        self.chance = random.Random(plan.external_id)  # noqa: S311
        self.cash = ZERO
        self.units: dict[str, Decimal] = {}
        self.postings: list[Posting] = []
        self._unsettled: list[tuple[date, Decimal]] = []
        self._entitled: dict[tuple[str, date], Decimal] = {}
        self._quarter_value = ZERO
        self._doing: dict[Action, Callable[[Event], None]] = {
            Action.SPLIT: self._split,
            Action.EX_DIVIDEND: self._go_ex,
            Action.OPEN: self._open,
            Action.FLOW: self._flow,
            Action.SAVE: self._save,
            Action.PAY_DIVIDEND: self._pay_dividend,
            Action.TRADE: self._trade,
            Action.TRADE_ONE: self._trade_one,
            Action.DRAW: self._draw,
            Action.QUARTER: self._end_quarter,
            Action.FEE: self._charge_fee,
        }

    def play(self) -> AccountBook:
        """Run every event of the plan in order."""
        for event in events_of(self.plan, self.market):
            self._doing[event.action](event)
        return self

    # -- figures -------------------------------------------------------------------------------------------

    def _rate(self, day: date, currency: str = "USD") -> Decimal:
        """Units of the account's currency for one of ``currency``."""
        if self.plan.currency == currency:
            return Decimal(1)
        return self.market.dollars_per(currency, day) / self.market.dollars_per(self.plan.currency, day)

    def price(self, key: str, day: date) -> Decimal | None:
        """Latest price in the security's currency on or before the day; None when there is none."""
        if key in PRIVATE_HOLDINGS:
            return PRIVATE_HOLDINGS[key].mark(day)
        return self.market.closes[key].get(self.market.trading_day(day))

    def _value_of(self, key: str, day: date) -> Decimal:
        """A holding in the account's currency, to the cent; 0 for what nobody has priced."""
        price, private = self.price(key, day), PRIVATE_HOLDINGS.get(key)
        if price is None:
            return ZERO
        if private is None:
            return cents(self.units[key] * price * self._rate(day))
        worth = self.units[key] * price * private.price_multiplier
        return cents(worth * self._rate(day, private.currency))

    def holdings_value(self, day: date) -> Decimal:
        """Priced holdings in the account's currency, each rounded to the cent."""
        return sum((self._value_of(key, day) for key in self.units), ZERO)

    def accrued(self, day: date) -> Decimal:
        """Interest accrued on bonds in the account's currency, each rounded to the cent."""
        return sum((self._accrued_on(key, day) for key in self.units if key in PRIVATE_HOLDINGS), ZERO)

    def _accrued_on(self, key: str, day: date) -> Decimal:
        terms = PRIVATE_HOLDINGS[key].row()
        if terms.coupon is None or terms.maturity is None or not self.units[key]:
            return ZERO
        often, count = terms.payments_per_year or 0, terms.day_count or ""
        found = accrued_per_face(
            terms.coupon, terms.maturity, often, count, day, paid_to=paid_to(terms.exchange, day)
        )
        if found is None:
            return ZERO
        face = self.units[key] * 100 * terms.price_multiplier
        return cents(face * found.per_face * self._rate(day, terms.currency))

    def value(self, day: date) -> Decimal:
        """Cash and priced holdings with what has accrued on them, in the account's currency."""
        return self.cash + self.holdings_value(day) + self.accrued(day)

    def _private_value(self, day: date) -> Decimal:
        """What cannot be traded, at its last mark, in the account's currency."""
        return sum((self._value_of(key, day) for key in self.units if key in PRIVATE_HOLDINGS), ZERO)

    def _available(self, day: date) -> Decimal:
        """Cash that has settled by the day and is not spoken for."""
        self._unsettled = [(settles, amount) for settles, amount in self._unsettled if settles > day]
        return self.cash - sum((amount for _settles, amount in self._unsettled), ZERO)

    # -- posting -------------------------------------------------------------------------------------------

    def post(
        self,
        kind: str,
        day: date,
        amount: Decimal,
        text: str,
        *,
        key: str | None = None,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        fees: Decimal = ZERO,
        settles: date | None = None,
        related: Posting | None = None,
    ) -> Posting:
        """Enter a movement: cash by ``amount``, units of ``key`` by the rules of the bundle."""
        posting = Posting(day, settles or day, kind, amount, key, quantity, price, fees, related, text)
        self.postings.append(posting)
        self.cash += amount
        if amount > 0 and posting.settles > day:
            self._unsettled.append((posting.settles, amount))
        if key is not None:
            units = self.units.get(key, ZERO) + signed_units(kind, quantity)
            self.units[key] = units
            if not units:
                del self.units[key]
        return posting

    def _commission(self, day: date) -> Decimal:
        """What a trade cost: 8.95, from March 2017 4.95, nothing since 7 October 2019."""
        if day >= date(2019, 10, 7):
            return ZERO
        return Decimal("4.95") if day >= date(2017, 3, 1) else Decimal("8.95")

    def _buy(self, key: str, shares: Decimal, day: date) -> None:
        close, fee = self.market.close(key, day), self._commission(day)
        amount = -(cents(shares * close * self._rate(day)) + fee)
        self.post(
            "BUY", day, amount, f"Bought {shares} {key}", key=key, quantity=shares, price=close, fees=fee,
            settles=self.market.settlement(day),
        )  # fmt: skip

    def _sell(self, key: str, shares: Decimal, day: date) -> Posting:
        close, fee = self.market.close(key, day), self._commission(day)
        amount = cents(shares * close * self._rate(day)) - fee
        return self.post(
            "SELL", day, amount, f"Sold {shares} {key}", key=key, quantity=shares, price=close, fees=fee,
            settles=self.market.settlement(day),
        )  # fmt: skip

    # -- events --------------------------------------------------------------------------------------------

    def _open(self, event: Event) -> None:
        amount = cents(self.opening)
        if not amount:
            return
        if self.plan.registration.rolled_over:
            self.post("TRANSFER_IN", event.day, amount, "Transfer of cash from prior custodian")
        else:
            self.post("DEPOSIT", event.day, amount, "Opening deposit")

    def _flow(self, event: Event) -> None:
        flow = event.subject
        assert isinstance(flow, Flow)  # noqa: S101
        if flow.amount < 0 and flow.kind == "WITHDRAWAL":
            self._pay_out("WITHDRAWAL", event.day, -flow.amount, flow.text)
        else:
            self.post(flow.kind, event.day, flow.amount, flow.text, key=flow.key, quantity=flow.quantity)

    def _save(self, event: Event) -> None:
        amount = event.subject
        assert isinstance(amount, Decimal)  # noqa: S101
        if amount < 1:  # a proportion of what the account was opened with, to the nearest fifty
            amount = (amount * self.opening / 50).quantize(Decimal(1), rounding=ROUND_HALF_UP) * 50
        if amount > 0:
            self.post("DEPOSIT", event.day, amount, "Electronic transfer from bank")

    def _split(self, event: Event) -> None:
        action = event.subject
        if isinstance(action, Distribution):
            held = self.units.get(action.key, ZERO)
            extra, key = held * action.ratio, action.other_key
        else:
            assert isinstance(action, Split)  # noqa: S101
            held = self.units.get(event.key, ZERO)
            extra, key = held * (action.ratio - 1), event.key
        extra = extra.quantize(TEN_THOUSANDTH, rounding=ROUND_HALF_UP)
        if extra:
            self.post("JOURNAL", event.day, ZERO, action.text, key=key, quantity=extra)

    def _go_ex(self, event: Event) -> None:
        held = self.units.get(event.key)
        if held:
            self._entitled[event.key, event.day] = held

    def _pay_dividend(self, event: Event) -> None:
        dividend = event.subject
        assert isinstance(dividend, Dividend)  # noqa: S101
        held = self._entitled.pop((event.key, dividend.ex_date), ZERO)
        amount = cents(held * dividend.per_share * self._rate(event.day))
        if amount <= 0:
            return
        rate = f"{dividend.per_share.normalize():f}"
        text = f"Cash dividend {event.key}, {rate} per share, ex {dividend.ex_date}"
        paid = self.post("DIVIDEND", event.day, amount, text, key=event.key)
        if self.plan.currency != "USD":
            tax = -cents(amount * WITHHOLDING)
            if tax:
                self.post("TAX", event.day, tax, "US tax withheld, 15 %", key=event.key, related=paid)
            return
        close = self.market.closes[event.key].get(event.day)
        if not self.plan.reinvests or close is None:
            return
        shares = (amount / close).quantize(TEN_THOUSANDTH, rounding=ROUND_HALF_UP)
        if shares:
            self.post(
                "REINVEST", event.day, -amount, f"Reinvested dividend {event.key}", key=event.key,
                quantity=shares, price=close, related=paid,
            )  # fmt: skip

    def _end_quarter(self, event: Event) -> None:
        interest = cents(self.cash * Decimal(_INTEREST_BY_YEAR[event.day.year]) / 4)
        if interest > 0:
            self.post("INTEREST", event.day, interest, "Interest on cash")
        self._quarter_value = self.value(event.day)

    def _charge_fee(self, event: Event) -> None:
        fee = cents(self._quarter_value * self.plan.fee_rate / 4)
        if fee > 0:
            self._pay_out("ADVISORY_FEE", event.day, fee, f"Advisory fee {event.subject}")

    def _draw(self, event: Event) -> None:
        share = event.subject
        assert isinstance(share, Decimal)  # noqa: S101
        amount = (self.value(event.day) * share / 50).quantize(Decimal(1), rounding=ROUND_FLOOR) * 50
        if amount > 0:
            self._pay_out("WITHDRAWAL", event.day, amount, "Distribution to bank")

    def _pay_out(self, kind: str, day: date, amount: Decimal, text: str) -> None:
        """Pay from settled cash; when it is short, sell on the day and pay when the sale has settled."""
        short = amount - self._available(day)
        pay_day = day
        if short > 0:
            if not self.market.trades("SPY", day):
                return
            pay_day = self._raise_cash(short, day)
        if pay_day <= LAST_DAY and self.cash >= amount:
            self.post(kind, pay_day, -amount, text)

    def _raise_cash(self, short: Decimal, day: date) -> date:
        """Sell from the largest holdings until ``short`` and a little more is covered; the settlement day."""
        rate = self._rate(day)
        target = short * Decimal("1.02") + 50
        listed = [key for key in sorted(self.units) if self._listed(key, day)]
        for key in sorted(listed, key=lambda k: -self.units[k] * self.market.close(k, day)):
            if target <= 0:
                break
            price = self.market.close(key, day) * rate
            shares = min(whole(target / price) + 1, whole(self.units[key]))
            if shares >= 1:
                target -= self._sell(key, shares, day).amount
        return self.market.settlement(day)

    def _listed(self, key: str, day: date) -> bool:
        return key not in PRIVATE_HOLDINGS and self.market.trades(key, day)

    def _trade_one(self, event: Event) -> None:
        shares = event.subject
        assert isinstance(shares, int)  # noqa: S101
        if shares > 0:
            self._buy(event.key, Decimal(shares), event.day)
        else:
            self._sell(event.key, Decimal(-shares), event.day)

    def _weights(self, day: date) -> dict[str, Decimal]:
        """The model's weights among what trades on the day, Alphabet in both classes once there are two."""
        weights: dict[str, Decimal] = {}
        for key, percent in MODELS[self.plan.model].items():
            share = Decimal(percent)
            if key == "GOOGL" and day >= DISTRIBUTIONS[0].ex_date:
                weights["GOOG"] = share = share / 2
            if self.market.trades(key, day):
                weights[key] = share
        total = sum(weights.values(), ZERO)
        return {key: share / total for key, share in weights.items()}

    def _trade(self, event: Event) -> None:
        """Buy toward the model with the cash beyond the reserve; sell what is far above it when rebalancing.

        The last round looks at the closes of the last day, so that the account ends at its plan's cash share.
        """
        day, last = event.day, event.subject == "last"
        rebalancing = last or event.subject == "rebalance"
        rate = self._rate(day)
        base = (self.goal if last else self.value(day)) - self._private_value(day) - self.accrued(day)
        reserve = base * (self.plan.cash_share if last else max(self.plan.cash_share, Decimal("0.025")))
        valued_on = LAST_DAY if last else day
        valued_rate = self._rate(valued_on)
        wanted = {
            key: whole((base - reserve) * weight / (self.market.close(key, valued_on) * valued_rate))
            for key, weight in self._weights(day).items()
        }
        if rebalancing:
            for key, held in sorted(self.units.items()):
                if not self._listed(key, day):
                    continue
                surplus = whole(held - wanted.get(key, ZERO))
                if surplus >= 1 and (last or surplus > held * Decimal("0.15")):
                    self._sell(key, surplus, day)
        keep = ZERO if last else reserve
        for key, shares in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
            price = self.market.close(key, day) * rate
            missing = shares - self.units.get(key, ZERO)
            affordable = whole((self.cash - keep - self._commission(day) - CENT) / price)
            lot = min(whole(missing), affordable)
            worthwhile = lot * price > base * Decimal("0.004") and self.chance.random() < 0.9
            if lot >= 1 and (last or worthwhile):
                self._buy(key, lot, day)


def solved(plan: AccountPlan, market: Market, goal: Decimal) -> AccountBook:
    """The account that is worth ``goal`` on the last day: its opening amount is found by playing it.

    Value grows in proportion to the opening amount but for fixed deposits and whole shares, so two or three
    rounds come within a few percent; a last deposit or withdrawal in the first quarter makes it exact.
    """
    opening = goal * Decimal("0.4")
    if plan.trades:
        book = AccountBook(plan, market, ZERO, goal).play()
    else:
        for _round in range(4):
            book = AccountBook(plan, market, _rounded(opening), goal).play()
            reached = book.value(LAST_DAY)
            if abs(reached - goal) < goal * Decimal("0.03"):
                break
            opening = max(opening * goal / reached if reached > 0 else opening * 2, Decimal(1_000))
    _balance(book, goal)
    return book


def _rounded(amount: Decimal) -> Decimal:
    """People open accounts with round sums."""
    step = Decimal(1_000) if amount >= 100_000 else Decimal(100)
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def _balance(book: AccountBook, goal: Decimal) -> None:
    difference = goal - book.value(LAST_DAY)
    if not difference:
        return
    plan, market = book.plan, book.market
    retirement = plan.registration.tax_status == "TAX_DEFERRED"
    if difference > 0:
        day = plan.balancing_day or market.days[-book.chance.randrange(5, 55)]
        text = "Rollover contribution" if retirement else "Electronic transfer from bank"
        book.post("DEPOSIT", max(day, market.trading_day(plan.opened_on)), difference, text)
    else:
        # After the last sales have settled on 26 March.
        day = plan.balancing_day or market.days[-book.chance.randrange(1, 5)]
        text = "Retirement distribution" if retirement else "Electronic transfer to bank"
        book.post("WITHDRAWAL", day, difference, text)


def rows(book: AccountBook) -> Iterator[TransactionRow]:
    """The account's transactions by trade date, numbered in that order."""
    ordered = sorted(book.postings, key=lambda posting: posting.day)
    ids = {id(p): f"{book.plan.external_id}-{number:05d}" for number, p in enumerate(ordered, 1)}
    for posting in ordered:
        yield TransactionRow(
            line=0,
            external_id=ids[id(posting)],
            account_external_id=book.plan.external_id,
            type=posting.kind,
            trade_date=posting.day,
            settlement_date=posting.settles,
            security_key=posting.key,
            quantity=posting.quantity,
            price=posting.price,
            amount=posting.amount,
            fees=posting.fees,
            currency=book.plan.currency,
            lot_selection=None,
            related_external_id=ids[id(posting.related)] if posting.related else None,
            accrued_interest=None,
            description=posting.text,
        )
