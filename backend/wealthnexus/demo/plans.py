"""What a demo household is made of: registrations, models, and the plan of each account."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple


class Registration(NamedTuple):
    """How a kind of account is registered, named and used; ``{}`` in the name is the person's first name."""

    account_type: str
    tax_status: str
    name: str
    lot_method: str
    saving: str = ""
    """Deposits: "monthly 300" or "yearly 6000" in dollars, "quarterly 1%" of the opening value; or none."""
    drawing: str = ""
    """Withdrawals: "monthly 4%" or "yearly 3.5%" of the account's value a year; or none."""
    rolled_over: bool = False
    """Opened with a transfer from another custodian instead of a deposit."""


REGISTRATIONS: Final = {
    "joint": Registration("JOINT_WITH_SURVIVORSHIP", "TAXABLE", "Joint brokerage", "HIFO", "quarterly 1%"),
    "individual": Registration("INDIVIDUAL", "TAXABLE", "{} brokerage", "HIFO", "quarterly 1%"),
    "income": Registration("INDIVIDUAL", "TAXABLE", "{} income account", "FIFO", "", "monthly 4%"),
    "tod": Registration("TRANSFER_ON_DEATH", "TAXABLE", "{} transfer on death", "FIFO"),
    "trust": Registration("REVOCABLE_TRUST", "TAXABLE", "Family Trust", "SPECIFIC"),
    "irrevocable": Registration("IRREVOCABLE_TRUST", "TAXABLE", "Irrevocable Trust", "SPECIFIC"),
    "charitable": Registration(
        "CHARITABLE_TRUST", "TAX_EXEMPT", "Charitable Remainder Trust", "FIFO", "", "yearly 5%"
    ),
    "estate": Registration("ESTATE", "TAXABLE", "Estate account", "FIFO"),
    "ira": Registration(
        "TRADITIONAL_IRA", "TAX_DEFERRED", "{} traditional IRA", "FIFO", "", "yearly 3.8%", True
    ),
    "rollover": Registration("ROLLOVER_IRA", "TAX_DEFERRED", "{} rollover IRA", "FIFO", rolled_over=True),
    "sep": Registration("SEP_IRA", "TAX_DEFERRED", "{} SEP IRA", "FIFO", "yearly 24000"),
    "inherited": Registration(
        "INHERITED_IRA", "TAX_DEFERRED", "{} inherited IRA", "FIFO", "", "yearly 6%", True
    ),
    "roth": Registration("ROTH_IRA", "TAX_FREE", "{} Roth IRA", "FIFO", "yearly 6000"),
    "529": Registration("PLAN_529", "TAX_FREE", "{} 529 plan", "AVERAGE_COST", "monthly 300"),
    "utma": Registration("UTMA", "TAXABLE", "{} UTMA", "FIFO", "yearly 2000"),
    "401k": Registration("PLAN_401K", "TAX_DEFERRED", "{} 401(k)", "AVERAGE_COST", "monthly 1600"),
    "llc": Registration("LLC", "TAXABLE", "Holding company", "SPECIFIC"),
    "company": Registration("CORPORATION", "TAXABLE", "Corporate reserve", "FIFO", "quarterly 1%"),
    "partnership": Registration("PARTNERSHIP", "TAXABLE", "Family partnership", "SPECIFIC"),
    "foundation": Registration("FOUNDATION", "TAX_EXEMPT", "Foundation main", "FIFO", "", "yearly 5%"),
    "endowment": Registration("ENDOWMENT", "TAX_EXEMPT", "Endowment pool", "FIFO", "", "yearly 4.5%"),
    "abroad": Registration("INDIVIDUAL", "TAXABLE", "{} {currency} custody", "FIFO"),
}

MODELS: Final[dict[str, dict[str, int]]] = {
    "Growth": {"SPY": 30, "QQQ": 20, "IWM": 12, "EEM": 10, "AAPL": 10, "GOOGL": 8, "FB": 6, "BAC": 4},
    "Balanced": {"SPY": 36, "IWM": 12, "EEM": 10, "IBM": 10, "WM": 13, "BAC": 8, "AIG": 6, "QQQ": 5},
    "Endowment": {"SPY": 30, "EEM": 16, "IWM": 14, "WM": 11, "IBM": 9, "AAPL": 10, "BNO": 5, "USO": 5},
    "Income": {"WM": 22, "IBM": 20, "SPY": 28, "BAC": 12, "AIG": 10, "IWM": 8},
    "Index": {"SPY": 58, "IWM": 20, "EEM": 22},
    "Technology": {"QQQ": 36, "AAPL": 26, "GOOGL": 20, "FB": 18},
    "Real assets": {"SPY": 50, "IWM": 26, "USO": 12, "BNO": 12},
}
"""Weights in percent of what is invested; Alphabet is split between its classes once there are two."""


class Flow(NamedTuple):
    """A movement that the plan fixes: ``amount`` signed cash, or ``quantity`` signed units of ``key``."""

    day: date
    kind: str
    amount: Decimal = Decimal(0)
    key: str | None = None
    quantity: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """Everything that decides an account's history."""

    external_id: str
    household_ids: tuple[str, ...]
    number: str
    name: str
    registration: Registration
    kind: str
    """Key of the registration in ``REGISTRATIONS``."""
    person: str
    """Given name of whose account it is; empty for joint accounts and entities."""
    custodian: str
    currency: str
    opened_on: date
    model: str
    weight: Decimal
    """Share of the household's value, or the value itself when it is ``exact``."""
    exact: bool
    cash_share: Decimal
    reinvests: bool
    fee_rate: Decimal
    """A year, of the account's value; charged quarterly in arrears."""
    flows: tuple[Flow, ...] = ()
    trades: tuple[tuple[date, str, int], ...] = ()
    """A history told trade by trade instead of by a model: (day, key, signed shares) at that day's close."""
    balancing_day: date | None = None
    """Day of the movement that brings the account to its value; None: chosen by the generator."""

    @property
    def dormant(self) -> bool:
        """Opened, and nothing in it yet."""
        return not self.model and not self.trades and not self.flows


@dataclass(frozen=True, slots=True)
class HouseholdPlan:
    """A household with its value on 31 March 2021 in USD, which its accounts add up to."""

    external_id: str
    name: str
    advisor: str
    """E-mail address of the advisor."""
    value: Decimal
    accounts: tuple[AccountPlan, ...]
    shared_accounts: tuple[str, ...] = ()
    """Accounts planned with another household that belong to this one too."""
    left_on: date | None = None
    """From which day the firm no longer looks after it."""


@dataclass(slots=True)
class PlanBook:
    """Builds the plans of one firm; numbers and days come from a generator seeded by the household's id."""

    firm: str
    custodians: tuple[str, ...]
    households: list[HouseholdPlan] = field(default_factory=list)

    def add(  # noqa: PLR0917  a table of households reads best without keywords
        self,
        external_id: str,
        name: str,
        advisor: str,
        value: str,
        cash_percent: str,
        model: str,
        opened: str,
        accounts: str,
        *,
        flows: dict[int, tuple[Flow, ...]] | None = None,
        trades: dict[int, tuple[tuple[date, str, int], ...]] | None = None,
        balancing: dict[int, date] | None = None,
        shared: tuple[str, ...] = (),
        also_in: dict[int, str] | None = None,
        left_on: date | None = None,
    ) -> None:
        """One household. ``accounts``: "kind[:person[:currency]] weight [last four]", separated by "|".

        A weight with a point is the account's exact value in its currency, otherwise it is a proportion.
        The dictionaries are keyed by the position of the account, from 0.
        """
        chance = random.Random(f"{self.firm}/{external_id}")  # noqa: S311
        opened_year = date.fromisoformat(opened)
        total = Decimal(value)
        custodian = chance.choice(self.custodians)
        plans: list[AccountPlan] = []
        for position, entry in enumerate(filter(None, (part.strip() for part in accounts.split("|")))):
            words = entry.split()
            kind, person, currency = (*words[0].split(":"), "", "")[:3]
            registration = REGISTRATIONS[kind]
            ending = words[2] if len(words) > 2 else f"{chance.randrange(1000, 10000)}"
            plans.append(
                AccountPlan(
                    external_id=f"A-{external_id.removeprefix('H-')}-{position + 1}",
                    household_ids=(external_id, *filter(None, [(also_in or {}).get(position)])),
                    number=f"{chance.randrange(1000, 9999)}{ending}",
                    name=registration.name.format(person, currency=currency).strip(),
                    registration=registration,
                    kind=kind,
                    person=person,
                    custodian=custodian,
                    currency=currency or "USD",
                    opened_on=_opening(opened_year, position, chance),
                    model=model,
                    weight=Decimal(words[1]),
                    exact="." in words[1],
                    cash_share=Decimal(cash_percent) / 100,
                    reinvests=registration.tax_status != "TAXABLE" and chance.random() < 0.5,
                    fee_rate=_fee_rate(total),
                    flows=(flows or {}).get(position, ()),
                    trades=(trades or {}).get(position, ()),
                    balancing_day=(balancing or {}).get(position),
                )
            )
        self.households.append(
            HouseholdPlan(external_id, name, advisor, total, tuple(plans), shared, left_on)
        )


def _opening(first: date, position: int, chance: random.Random) -> date:
    """The first account opens with the relationship, the others in the years after it, all by 2020."""
    if position == 0 or first.year >= 2020:
        return first
    year = min(first.year + chance.randrange(0, 3), 2019)
    return date(year, chance.randrange(1, 13), chance.randrange(2, 27)) if year > first.year else first


def _fee_rate(household_value: Decimal) -> Decimal:
    """The effective rate of the schedule 1.00 / 0.80 / 0.60 / 0.50 % at 1 / 5 / 10 million."""
    tiers = ((1_000_000, "0.0100"), (4_000_000, "0.0080"), (5_000_000, "0.0060"), (10**12, "0.0050"))
    left, fee = household_value, Decimal(0)
    for width, rate in tiers:
        part = min(left, Decimal(width))
        fee += part * Decimal(rate)
        left -= part
    return (fee / household_value).quantize(Decimal("0.00001")) if household_value else Decimal(0)
