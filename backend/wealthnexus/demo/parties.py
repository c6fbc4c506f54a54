"""The clients of the demo firms: people, trusts, companies and estates, who owns what, who is whose.

Invented throughout. Tax numbers are from ranges in which none is issued: persons have a number of area 9xx
and group 00 (neither an SSN nor an ITIN nor an ATIN has that group), entities one of prefix 00, which is no
EIN. Telephone numbers are of 555-0100 to 555-0199, addresses of e-mail under example domains (RFC 2606).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from wealthnexus.domain.bundle import ClientRow, OwnerRow, RelationshipRow

from .families import Person, family_of, surname
from .market import LAST_DAY
from .people import Firm
from .plans import AccountPlan, HouseholdPlan

_RISK_BY_MODEL: Final = {
    "Growth": "MODERATELY_AGGRESSIVE", "Technology": "AGGRESSIVE", "Balanced": "MODERATE",
    "Endowment": "MODERATE", "Index": "MODERATELY_AGGRESSIVE", "Income": "MODERATELY_CONSERVATIVE",
    "Real assets": "AGGRESSIVE",
}  # fmt: skip
_STREETS: Final = ("Juniper Lane", "Harbor Street", "Alder Court", "Ridge Road", "Mill Lane", "Orchard Way")
_TOWNS: Final = {
    "summit": ("Boulder, CO 80302", "Golden, CO 80401", "Denver, CO 80206"),
    "harbor": ("Portland, ME 04101", "Camden, ME 04843", "Rockport, ME 04856"),
}
_AREA_CODE: Final = {"summit": "303", "harbor": "207"}
KYC_OVERDUE: Final = {
    ("summit", "Edith Thorne"): date(2021, 2, 28),
    ("summit", "Pavel Petrov"): date(2020, 11, 30),
    ("harbor", "Ada Vance"): date(2021, 1, 31),
}
"""People whose identity was to be looked at again by a day that has passed."""
ABROAD: Final = {
    ("summit", "Nils Eriksen"): "NO", ("harbor", "Claire Delacroix"): "FR", ("harbor", "Luc Delacroix"): "GB",
    ("harbor", "Harriet Fenwick"): "GB", ("harbor", "Eleni Xenakis"): "GR",
}  # fmt: skip
"""Citizens of other countries, who live there."""
DIED: Final = {
    ("summit", "Gunnar Lindqvist"): date(2018, 1, 9),
    ("summit", "Hugh Abernathy"): date(2016, 2, 3),
}


class Share(NamedTuple):
    """Part of an entity: an owner by external id."""

    owner: str
    part: Decimal


OWNERS_OF_ENTITIES: Final[dict[tuple[Firm, str], tuple[Share, ...]]] = {
    # The entrepreneur and her husband: sixty and forty.
    ("summit", "A-0033-2"): (Share("C-0033-1", Decimal("0.6")), Share("C-0033-2", Decimal("0.4"))),
    # One partnership of two families, half of it each.
    ("summit", "A-0011-3"): (
        Share("C-0011-1", Decimal("0.25")), Share("C-0011-2", Decimal("0.25")),
        Share("C-0008-1", Decimal("0.25")), Share("C-0008-2", Decimal("0.25")),
    ),
    # Seven tenths are the Guerreros', a quarter is Jo Calder's; of the rest nobody told.
    ("harbor", "A-0008-3"): (
        Share("C-0008-1", Decimal("0.4")), Share("C-0008-2", Decimal("0.3")),
        Share("C-0004-1", Decimal("0.25")),
    ),
    # A company that owns most of a partnership: seen through twice.
    ("harbor", "A-0012-2"): (Share("E-0012-1", Decimal("0.8")), Share("C-0012-2", Decimal("0.2"))),
}  # fmt: skip
_ENTITY_NAMES: Final = {
    "trust": ("TRUST", "{} Family Trust"),
    "irrevocable": ("TRUST", "{} Irrevocable Trust"),
    "charitable": ("TRUST", "{} Charitable Remainder Trust"),
    "estate": ("ESTATE", "Estate of {}"),
    "llc": ("COMPANY", "{} Holdings LLC"),
    "company": ("COMPANY", "{} Corporation"),
    "partnership": ("COMPANY", "{} Family Partnership LP"),
    "foundation": ("COMPANY", "{} Foundation"),
    "endowment": ("COMPANY", "{} Endowment"),
}
_WITH_BENEFICIARIES: Final = {"ira", "rollover", "sep", "inherited", "roth", "401k", "tod"}


@dataclass(slots=True)
class Clients:
    """Rows of ``clients.csv``, ``owners.csv`` and ``relationships.csv`` of one firm."""

    clients: list[ClientRow] = field(default_factory=list)
    owners: list[OwnerRow] = field(default_factory=list)
    relationships: list[RelationshipRow] = field(default_factory=list)

    def own(self, account: str, client: str, role: str, since: date | None) -> None:
        self.owners.append(OwnerRow(0, account, None, client, role, effective_from=since))

    def designate(self, account: str, tier: str, people: Sequence[str], since: date | None) -> None:
        """Designated beneficiaries with equal parts; the first takes what thirds leave."""
        part = (1 / Decimal(len(people))).quantize(Decimal("0.0001"))
        for position, client in enumerate(people):
            share = part if position else 1 - part * (len(people) - 1)
            per_stirpes = tier == "CONTINGENT"
            self.owners.append(
                OwnerRow(0, account, None, client, "BENEFICIARY", share, tier, per_stirpes, since)
            )

    def relate(self, client: str, kind: str, other: str, since: date | None = None) -> None:
        self.relationships.append(RelationshipRow(0, client, kind, other, effective_from=since))

    def part_of(self, owner: str, owned: str, share: Decimal, since: date) -> None:
        self.relationships.append(RelationshipRow(0, owner, "OWNS", owned, None, None, share, since))

    def member(self, client: str, household: str, role: str, since: date, until: date | None = None) -> None:
        self.relationships.append(
            RelationshipRow(0, client, "MEMBER", None, household, role, None, since, until)
        )


def clients_of(firm: Firm, households: Sequence[HouseholdPlan]) -> Clients:
    """Every client of a demo firm; the same every time."""
    found = Clients()
    for plan in households:
        _Household(firm, plan, found).tell()
    _STORIES[firm](found)
    return found


def custodianship_ends_on(firm: Firm, household: HouseholdPlan, account: AccountPlan) -> date | None:
    """The minor's twenty-first birthday for a custodial account; None for every other."""
    if account.kind != "utma":
        return None
    people = family_of(firm, household.external_id, household.name)
    born = next(person.born for person in people if person.given == account.person)
    return born.replace(year=born.year + 21)


class _Household:
    """Writes the people and entities of one household, and who stands behind its accounts."""

    def __init__(self, firm: Firm, plan: HouseholdPlan, out: Clients) -> None:
        self.firm = firm
        self.plan = plan
        self.out = out
        self.people = family_of(firm, plan.external_id, plan.name)
        self.adults = [person for person in self.people if not person.is_child]
        self.children = [person for person in self.people if person.is_child]
        self.since = min((a.opened_on for a in plan.accounts), default=date(2021, 3, 29))
        self.chance = random.Random(f"clients/{firm}/{plan.external_id}")  # noqa: S311
        self.number = int(plan.external_id.removeprefix("H-"))

    def tell(self) -> None:
        for person in self.people:
            self.out.clients.append(self._person(person))
        self._relate()
        for account in self.plan.accounts:
            self._owners(account)

    # -- people --------------------------------------------------------------------------------------------

    def _person(self, person: Person) -> ClientRow:
        position = self.people.index(person) + 1
        country = ABROAD.get((self.firm, person.name), "US")
        died = DIED.get((self.firm, person.name))
        tax_id = f"9{self.number:02d}-00-{self.chance.randrange(1000, 9999)}"
        state, verified, due = self._identity(person.name, minor=person.is_minor)
        model = next((a.model for a in self.plan.accounts if a.model), "")
        phone = f"+1 {_AREA_CODE[self.firm]} 555 01{(self.number * 3 + position) % 100:02d}"
        assessed = verified if not person.is_minor else None
        return ClientRow(
            line=0, external_id=person.external_id, kind="PERSON", name=person.name,
            given_name=person.given, family_name=person.family, birth_date=person.born,
            tax_id=tax_id if country == "US" else f"{country}{self.chance.randrange(10**8, 10**9)}",
            tax_id_type="SSN" if country == "US" else "FOREIGN", citizenship=country, residence=country,
            ended_on=died, status="DECEASED" if died else "ACTIVE", kyc_state=state, kyc_verified_on=verified,
            kyc_refresh_due=due if not died else None,
            risk_profile=_RISK_BY_MODEL.get(model) if assessed else None, risk_assessed_on=assessed,
            email=None if person.is_minor or died else self._email(person), phone=None if died else phone,
            address=self._address() if country == "US" else None,
        )  # fmt: skip

    def _email(self, person: Person) -> str:
        name = f"{person.given}.{person.family}".lower().replace(" ", "")
        return f"{name}@{self.firm}-clients.example"

    def _address(self) -> str:
        towns = _TOWNS[self.firm]
        street = _STREETS[self.number % len(_STREETS)]
        return f"{100 + self.number * 7} {street}\n{towns[self.number % len(towns)]}"

    def _identity(self, name: str, *, minor: bool = False) -> tuple[str, date | None, date | None]:
        """(state, verified on, to be looked at again by)."""
        drawn = LAST_DAY - timedelta(days=self.chance.randrange(40, 900))
        if minor:
            return "NOT_STARTED", None, None
        if not self.plan.accounts:
            return "IN_PROGRESS", None, None
        due = KYC_OVERDUE.get((self.firm, name))
        if due is not None:
            return "VERIFIED", date(due.year - 3, due.month, 15), due
        return "VERIFIED", drawn, drawn + timedelta(days=1096)

    def _relate(self) -> None:
        household, adults = self.plan.external_id, self.adults
        lasting = {p.external_id: DIED.get((self.firm, p.name)) for p in adults}
        here = [p for p in adults if (died := lasting[p.external_id]) is None or died > self.since]
        for person in here:
            role = "HEAD" if person is here[0] else "SPOUSE"
            self.out.member(person.external_id, household, role, self.since, lasting[person.external_id])
        if len(adults) == 2:
            self.out.relate(adults[0].external_id, "SPOUSE", adults[1].external_id)
        for child in self.children:
            role = "CHILD" if child.name not in _NOT_CHILDREN else "DEPENDANT"
            self.out.member(child.external_id, household, role, max(self.since, child.born))
            for parent in _PARENTS.get((self.firm, child.name)) or [a.external_id for a in adults]:
                self.out.relate(parent, "PARENT", child.external_id, child.born)
        grown = [child for child in self.children if not child.is_minor]
        if grown and adults[0].born.year < 1955:
            self.out.relate(grown[0].external_id, "TRUSTED_CONTACT", adults[0].external_id)

    # -- owners --------------------------------------------------------------------------------------------

    def _owners(self, account: AccountPlan) -> None:
        key, since, out = account.external_id, account.opened_on, self.out
        if account.kind == "joint":
            for person in self.adults:
                out.own(key, person.external_id, "JOINT_SURVIVORSHIP", since)
        elif account.kind == "529":
            out.own(key, self.adults[0].external_id, "OWNER", since)
            out.own(key, self._named(account.person).external_id, "BENEFICIARY", since)
        elif account.kind == "utma":
            out.own(key, self.adults[0].external_id, "CUSTODIAN", since)
            out.own(key, self._named(account.person).external_id, "MINOR", since)
        elif account.kind in _ENTITY_NAMES:
            self._entity(account)
        else:
            owner = self._named(account.person)
            out.own(key, owner.external_id, "OWNER", since)
            if account.kind in _WITH_BENEFICIARIES:
                self._designate(account, owner)

    def _named(self, given: str) -> Person:
        return next(person for person in self.people if person.given == given)

    def _designate(self, account: AccountPlan, owner: Person) -> None:
        """The spouse first, the children after; a single person names the children first, or nobody yet."""
        spouses = [a.external_id for a in self.adults if a is not owner]
        children = [child.external_id for child in self.children if child is not owner]
        first, second = (spouses, children) if spouses else (children, [])
        if first:
            self.out.designate(account.external_id, "PRIMARY", first, account.opened_on)
        if second:
            self.out.designate(account.external_id, "CONTINGENT", second, account.opened_on)

    def _entity(self, account: AccountPlan) -> None:
        out, since = self.out, account.opened_on
        entity = self._entity_row(account)
        formed = entity.formed_on or since
        out.clients.append(entity)
        out.member(entity.external_id, self.plan.external_id, "ENTITY", since)
        out.own(account.external_id, entity.external_id, "OWNER", since)
        acting = [a for a in self.adults if (self.firm, a.name) not in DIED] or self.adults
        children = [child.external_id for child in self.children]
        if account.kind in ("trust", "irrevocable", "charitable"):
            trustees = [a.external_id for a in acting] if account.kind == "trust" else []
            grown = [child.external_id for child in self.children if not child.is_minor]
            for trustee in trustees or grown[:1] or [acting[-1].external_id]:
                out.own(account.external_id, trustee, "TRUSTEE", since)
                out.relate(trustee, "TRUSTEE", entity.external_id, formed)
            for person in self.adults:
                out.own(account.external_id, person.external_id, "GRANTOR", since)
            for child in children:
                out.own(account.external_id, child, "BENEFICIARY", since)
            if account.kind == "trust":  # what can be revoked is still the grantors'
                for person in acting:
                    out.part_of(person.external_id, entity.external_id, 1 / Decimal(len(acting)), formed)
        elif account.kind == "estate":
            executor = self.children[0].external_id
            out.own(account.external_id, executor, "EXECUTOR", since)
            out.relate(executor, "EXECUTOR", entity.external_id, since)
            for child in children:
                out.own(account.external_id, child, "BENEFICIARY", since)
        else:
            for person in acting:
                out.relate(person.external_id, "OFFICER", entity.external_id, formed)
            if account.kind in ("llc", "company", "partnership"):
                equal = tuple(Share(a.external_id, 1 / Decimal(len(acting))) for a in acting)
                for share in OWNERS_OF_ENTITIES.get((self.firm, account.external_id), equal):
                    out.part_of(share.owner, entity.external_id, share.part, formed)

    def _entity_row(self, account: AccountPlan) -> ClientRow:
        kind, pattern = _ENTITY_NAMES[account.kind]
        family = surname(self.plan.name)
        died = [a for a in self.adults if (self.firm, a.name) in DIED]
        name = pattern.format(died[0].name if kind == "ESTATE" else family)
        state, verified, due = self._identity(name)
        formed = account.opened_on - timedelta(days=self.chance.randrange(30, 1500))
        if kind == "ESTATE":
            formed = DIED[self.firm, died[0].name]
        return ClientRow(
            line=0, external_id=f"E-{account.external_id.removeprefix('A-')}", kind=kind, name=name,
            tax_id=f"00-{self.number:03d}{self.chance.randrange(1000, 9999)}", tax_id_type="EIN",
            residence="US", jurisdiction="US-CO" if self.firm == "summit" else "US-ME", formed_on=formed,
            kyc_state=state, kyc_verified_on=max(verified, formed) if verified else None, kyc_refresh_due=due,
            address=self._address(),
        )  # fmt: skip


_NOT_CHILDREN: Final = {"Clara Whitfield"}
"""Who depends on the household without being a child of its adults."""
_PARENTS: Final[dict[tuple[Firm, str], list[str]]] = {
    ("summit", "Clara Whitfield"): ["C-0001-3"],  # Ruth; the grandparents pay for the education
    ("summit", "Theo Osterman"): ["C-0015-1", "C-0016-1"],  # Karl and Vera, divorced
    ("summit", "Freya Osterman"): ["C-0015-1", "C-0016-1"],
}


def _tell_summit(out: Clients) -> None:
    """Divorced parents who share their children; a guardian; an accountant."""
    divorced = date(2015, 6, 30)
    out.relate("C-0015-1", "FORMER_SPOUSE", "C-0016-1", divorced)
    for child in ("C-0015-3", "C-0015-4"):
        out.member(child, "H-0016", "CHILD", date(2016, 1, 11))
    out.relate("C-0001-3", "GUARDIAN", "C-0001-4")
    out.clients.append(
        ClientRow(
            0, "C-9001", "PERSON", "Marisol Vega", "Marisol", "Vega", residence="US", status="ACTIVE",
            email="marisol.vega@vega-accountants.example", phone="+1 303 555 0199",
        )
    )  # fmt: skip
    for client in ("C-0001-1", "C-0001-2", "C-0033-1"):
        out.relate("C-9001", "ACCOUNTANT", client)
    # A daughter keeps her mother's affairs.
    out.relate("C-0022-3", "ATTORNEY", "C-0022-1", date(2020, 9, 1))
    out.own("A-0022-3", "C-0022-3", "ATTORNEY", date(2020, 9, 1))


def _tell_harbor(out: Clients) -> None:
    """A guardian beside the parents."""
    out.relate("C-0001-2", "GUARDIAN", "C-0001-3")


_STORIES: Final = {"summit": _tell_summit, "harbor": _tell_harbor}
