"""The stories that the demo books tell, each with the ids under which it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .people import Firm, users_of


@dataclass(frozen=True, slots=True)
class Story:
    """``subjects`` are external ids: households, accounts, clients, debts or securities."""

    key: str
    firm: Firm
    title: str
    subjects: tuple[str, ...]
    text: str


STORIES: Final[tuple[Story, ...]] = (
    Story("retired-couple", "summit", "Castellano Family",
          ("H-0002", "A-0002-1", "A-0002-2", "A-0002-4", "A-0002-5"),
          "a retired couple with a joint account, an IRA, a Roth IRA and a revocable trust, still theirs"),
    Story("grandchild", "summit", "Whitfield Family", ("H-0001", "A-0001-5", "C-0001-4"),
          "grandparents pay for a grandchild's 529 plan; her mother is her guardian; an accountant looks on"),
    Story("trade-by-trade", "summit", "Whitfield Family", ("H-0001", "A-0001-1"),
          "a history told trade by trade; a wash sale in EEM in March 2021; two identical cheques on"
          " 12 February 2021 that both count"),
    Story("divorced-parents", "summit", "Osterman Family and Petrov Household",
          ("H-0015", "H-0016", "C-0015-3", "C-0015-4"),
          "divorced parents in two households, each with a new spouse, share their two children"),
    Story("coming-of-age", "summit", "Vasquez Family", ("H-0017", "A-0017-4", "C-0017-4"),
          "a minor's UTMA account: he comes of age on 23 April 2021, three weeks after the clock"),
    Story("came-of-age", "harbor", "Pemberton Family", ("H-0015", "A-0015-3", "C-0015-3"),
          "a UTMA account whose custodianship ended on 14 February 2021 and was not handed over"),
    Story("entrepreneur", "summit", "Esposito Household",
          ("H-0033", "A-0033-2", "E-0033-2", "L-0033-1", "TIDEWATER-RS"),
          "an entrepreneur with an LLC owned 60/40, restricted stock in it, and a business loan it owes"),
    Story("ladder", "harbor", "Larkspur Holdings", ("H-0012", "A-0012-2", "E-0012-1", "E-0012-2"),
          "a couple owns a company that owns four fifths of a partnership: seen through twice"),
    Story("partly-unknown", "harbor", "Calder and Guerrero", ("H-0004", "H-0008", "A-0008-3", "E-0008-3"),
          "one company account in two households; of a twentieth of the company nobody knows whose it is"),
    Story("shared-partnership", "summit", "Gallagher and Ingram",
          ("H-0008", "H-0011", "A-0011-3", "E-0011-3"),
          "one partnership of two families, its account in both households"),
    Story("joined-mid-year", "summit", "Doyle Family", ("H-0032", "A-0032-2"),
          "an account that joined its household on 1 July 2020, years after it was opened"),
    Story("leaver", "summit", "Grady, H.", ("H-0035", "A-0035-1"),
          "left the firm on 26 March 2021; the account is still to be transferred"),
    Story("in-kind", "summit", "Castellano Family, Brennan Foundation",
          ("H-0002", "H-0005", "A-0002-2", "A-0005-1"),
          "a gift of 2,000 Apple shares in kind on 4 December 2018, with their lots"),
    Story("drip", "summit", "Tanaka Household", ("H-0012", "A-0012-3"),
          "an IRA that reinvests dividends, Apple's among them, through the 4-for-1 split of 31 August 2020"),
    Story("sleeves", "summit", "Barros Family", ("H-0030", "A-0030-1"),
          "an account in two sleeves: a satellite received shares and cash on 2 November 2020"),
    Story("kroner", "summit", "Eriksen Family", ("H-0007", "A-0007-3"),
          "an account in Norwegian kroner, converted through the euro"),
    Story("euros", "harbor", "Delacroix Family", ("H-0005", "A-0005-3", "RHODANIE-ENERGIE", "L-0005-1"),
          "an account in euros with a share in euros, and a mortgage in euros"),
    Story("euros-in-dollars", "harbor", "Xenakis Family", ("H-0023", "A-0023-2"),
          "an account in euros that holds American shares"),
    Story("pounds", "harbor", "Fenwick Household", ("H-0007", "A-0007-2", "SEVERN-WATER", "L-0007-1"),
          "an account in pounds with a share in pounds, and a mortgage owed 70/30"),
    Story("missing-price", "summit", "Abernathy Trust", ("H-0013", "A-0013-1", "ART-COLLECTION"),
          "an art collection nobody has valued: the total is partial"),
    Story("missing-price-land", "harbor", "Kowalski Trust", ("H-0011", "A-0011-1", "WATERFRONT-PARCEL"),
          "a parcel of land without a price"),
    Story("stale-price", "summit", "Lindqvist Estate", ("H-0010", "A-0010-1", "MERIDIAN-VI"),
          "a private fund last marked on 30 September 2020, 182 days before the clock: stale"),
    Story("private-credit", "harbor", "Larkspur Holdings", ("H-0012", "A-0012-2", "LANTERN-BAY-II"),
          "a private credit fund marked on 31 December 2020, with income and a return of capital"),
    Story("estate", "summit", "Lindqvist Estate", ("H-0010", "A-0010-1", "E-0010-1", "L-0010-1"),
          "an estate in settlement: the executor is the son, tax is owed and paid by instalments"),
    Story("unreconciled", "summit", "Byrne Family", ("H-0022", "A-0022-1"),
          "the custodian has 100 SPY less and 39,633.00 more cash: a sale that was not booked"),
    Story("fee-break", "summit", "Hartmann Trust", ("H-0036", "A-0036-2"),
          "the custodian has 25.00 less cash: a fee"),
    Story("unreconciled-harbor", "harbor", "Sorensen Family", ("H-0018", "A-0018-1"),
          "the custodian has 15 IWM more and 3,314.10 less cash: a purchase that was not booked"),
    Story("margin", "summit", "Farouk Household", ("H-0009", "A-0009-1", "L-0009-1"),
          "a margin account and its loan"),
    Story("line", "summit", "Tanaka Household", ("H-0012", "A-0012-1", "L-0012-1"),
          "a line of credit against securities"),
    Story("mortgage", "summit", "Kapoor Household", ("H-0003", "L-0003-1"),
          "a mortgage with a balance for every month"),
    Story("student-loan", "summit", "Nakagawa, S.", ("H-0014", "L-0014-1"), "a student loan"),
    Story("stale-balance", "summit", "Barros Family", ("H-0030", "L-0030-1"),
          "a home equity line whose lender has not reported since 30 October 2020"),
    Story("charity", "summit", "Brennan Foundation", ("H-0005", "A-0005-1", "E-0005-1"),
          "a foundation: tax exempt, with officers and without owners"),
    Story("bond", "summit", "Duval Trust", ("H-0023", "A-0023-1", "ALDERPORT-2031"),
          "a municipal bond priced in percent, with its coupons"),
    Story("identity-overdue", "summit", "Thorne, E.", ("H-0019", "C-0019-1"),
          "a client whose identity was to be looked at again by 28 February 2021"),
    Story("attorney", "summit", "Byrne Family", ("H-0022", "A-0022-3", "C-0022-3"),
          "a daughter with a power of attorney over her father's IRA"),
    Story("newcomers", "summit", "Quigley, N. and A.", ("H-0040", "C-0040-1"),
          "signed, identity in progress, no account yet"),
    Story("empty-account", "harbor", "Ellery, T.", ("H-0030", "A-0030-1"),
          "an account opened on 29 March 2021 with nothing in it"),
    Story("large-deposit", "summit", "Hollis Family", ("H-0006", "A-0006-1"),
          "1.4 million received in February 2021"),
    Story("renamed-symbols", "summit", "Alphabet, Invesco QQQ", ("GOOG", "GOOGL", "QQQ"),
          "GOOG was Class A until 2 April 2014 and is Class C since; QQQ was QQQQ from December 2004 to"
          " March 2011"),
)  # fmt: skip


def who_signs_in(story: Story) -> list[str]:
    """The clients who can look at the story from the portal, because something of it was opened to them."""
    found = []
    for person in users_of(story.firm):
        known = {*person.book, *person.accounts, *(thing.subject for thing in person.shared)}
        if person.kind == "CLIENT" and ({person.party} | known) & set(story.subjects):
            found.append(person.name)
    return found
