"""The people of the demo: who may what, and secrets that the README can print."""

from __future__ import annotations

import base64

import pyotp
import pytest
from wealthnexus.demo.books import household_plans
from wealthnexus.demo.parties import clients_of
from wealthnexus.demo.people import DEMO_PASSWORD, FIRMS, USERS, Firm, user, users_of

pytestmark = pytest.mark.unit

ROLES = {
    "FIRM_ADMIN", "ADVISOR", "PORTFOLIO_MANAGER", "TRADER", "OPERATIONS", "COMPLIANCE", "READ_ONLY", "CLIENT",
    "GUARDIAN",
}  # fmt: skip


@pytest.mark.parametrize("firm", FIRMS)
def test_every_role_is_there_and_two_may_approve(firm: Firm) -> None:
    roles = [role for person in users_of(firm) for role in person.roles]
    assert set(roles) == ROLES
    assert roles.count("COMPLIANCE") == 2


@pytest.mark.parametrize("firm", FIRMS)
def test_books_name_households_and_accounts_of_the_firm(firm: Firm) -> None:
    plans = household_plans(firm)
    households = {plan.external_id for plan in plans}
    accounts = {account.external_id for plan in plans for account in plan.accounts}
    told = clients_of(firm, plans)
    clients = {row.external_id for row in told.clients}
    for person in users_of(firm):
        assert set(person.book) <= households
        assert set(person.accounts) <= accounts
        assert person.limited == bool(person.book or person.accounts or person.shared)
        assert {thing.subject for thing in person.shared} <= households | accounts | clients
        assert person.party is None or person.party in clients


@pytest.mark.parametrize("firm", FIRMS)
def test_whoever_signs_in_as_a_client_bears_the_name_of_that_client(firm: Firm) -> None:
    names = {row.external_id: row.name for row in clients_of(firm, household_plans(firm)).clients}
    known = [person for person in users_of(firm) if person.party is not None]
    assert [person.name for person in known] == [names[str(person.party)] for person in known]
    assert all(person.kind == "CLIENT" for person in known)


@pytest.mark.parametrize("firm", FIRMS)
def test_an_advisor_limited_to_a_book_advises_exactly_that_book(firm: Firm) -> None:
    for person in users_of(firm):
        if person.kind == "STAFF" and person.limited:
            own = [plan.external_id for plan in household_plans(firm) if plan.advisor == person.email]
            assert tuple(own) == person.book


def test_advisors_are_people_of_the_firm() -> None:
    for firm in FIRMS:
        addresses = {person.email for person in users_of(firm) if "ADVISOR" in person.roles}
        assert {plan.advisor for plan in household_plans(firm)} <= addresses


def test_addresses_and_secrets() -> None:
    assert len({person.email for person in USERS}) == len(USERS)
    assert len({person.totp_secret for person in USERS}) == len(USERS)
    assert len(DEMO_PASSWORD) >= 20
    raman = user("priya.raman@summitridge.example")
    assert (raman.name, raman.password) == ("Priya Raman", DEMO_PASSWORD)
    assert len(base64.b32decode(raman.totp_secret)) == 20
    assert len(pyotp.TOTP(raman.totp_secret).at(59)) == 6
    with pytest.raises(KeyError):
        user("nobody@summitridge.example")


def test_clients_see_their_own_and_a_guardian_one_account() -> None:
    eleanor, ruth = user("eleanor.whitfield@summitridge.example"), user("ruth.whitfield@summitridge.example")
    assert (eleanor.kind, eleanor.book, eleanor.accounts) == ("CLIENT", ("H-0001",), ())
    assert (ruth.roles, ruth.book, ruth.accounts) == (("GUARDIAN",), (), ("A-0001-5",))
