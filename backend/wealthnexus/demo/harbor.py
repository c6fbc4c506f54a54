"""The book of Harbor & Pine: thirty households, in dollars, some of them with accounts in euros and pounds.

Stories: Delacroix, Fenwick and Xenakis keep accounts abroad; Larkspur Holdings has a private credit fund
marked at year end; the Kowalski Trust owns a parcel that nobody has valued; the Guerrero holding company
belongs to two households; T. Ellery has an account opened two days ago with nothing in it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from .plans import Flow, HouseholdPlan, PlanBook

BRANDT: Final = "tilda.brandt@harborpine.example"
KIM: Final = "sora.kim@harborpine.example"
DUARTE: Final = "miguel.duarte@harborpine.example"


def _on(day: str) -> date:
    return date.fromisoformat(day)


def households() -> list[HouseholdPlan]:
    """The thirty plans, H-0001 to H-0030."""
    book = PlanBook("harbor", ("Saltmarsh Clearing", "Northlight Custody"))
    _shown(book)
    _further(book)
    return book.households


# fmt: off
def _shown(book: PlanBook) -> None:
    add = book.add
    add("H-0001", "Adeyemi Household", BRANDT, "3318540.26", "1.4", "Growth", "2014-02-10",
        "joint 58 | ira:Bola 24 | roth:Femi 14 | 529:Zara 4",
        flows={0: (Flow(_on("2021-02-08"), "DEPOSIT", Decimal("120000.00"),
                    text="Electronic transfer from bank"),)})
    add("H-0002", "Okafor Family", BRANDT, "2846120.55", "3.9", "Balanced", "2015-09-14",
        "joint 66 | ira:Chidi 34",
        flows={0: (Flow(_on("2021-01-19"), "DEPOSIT", Decimal("24000.00"),
                    text="Electronic transfer from bank"),)})
    add("H-0003", "Brightwater Trust", KIM, "19204611.83", "8.8", "Endowment", "2012-05-14",
        "trust 70 | irrevocable 30",
        flows={0: (Flow(_on("2021-03-02"), "WITHDRAWAL", Decimal("-310000.00"),
                    text="Distribution to beneficiaries"),)})
    add("H-0004", "Calder, J.", KIM, "946208.90", "5.2", "Balanced", "2016-07-11", "individual:Jo 100",
        shared=("A-0008-3",))
    add("H-0005", "Delacroix Family", BRANDT, "7730925.14", "2.6", "Growth", "2013-01-14",
        "joint 52 | trust 18 | abroad:Claire:EUR 1480000.00 | abroad:Luc:GBP 310000.00",
        flows={
            0: (Flow(_on("2021-02-17"), "DEPOSIT", Decimal("75500.00"),
                     text="Electronic transfer from bank"),),
            2: (Flow(_on("2019-03-11"), "TRANSFER_IN", key="RHODANIE-ENERGIE", quantity=Decimal(4000),
                     text="Shares received in kind"),),
        })
    add("H-0006", "Evergreen Foundation", DUARTE, "31460118.00", "1.9", "Endowment", "2012-03-12",
        "foundation 100",
        flows={0: (Flow(_on("2021-01-28"), "DEPOSIT", Decimal("500000.00"), text="Annual gift"),)})
    add("H-0007", "Fenwick Household", DUARTE, "2204771.65", "0.6", "Growth", "2016-02-15",
        "joint 50 | abroad:Harriet:GBP 640000.00 | roth:Piers 12",
        flows={1: (Flow(_on("2019-03-11"), "TRANSFER_IN", key="SEVERN-WATER", quantity=Decimal(6500),
                        text="Shares received in kind"),)})
    add("H-0008", "Guerrero Family", KIM, "5117360.42", "12.1", "Balanced", "2014-10-13",
        "joint 70 | ira:Elena 30 | llc 214730.50", also_in={2: "H-0004"},
        flows={0: (Flow(_on("2021-03-04"), "DEPOSIT", Decimal("1050000.00"),
                    text="Sale of business, first payment"),)})
    add("H-0009", "Haugen, L. and P.", BRANDT, "1482903.77", "4.0", "Income", "2017-04-10",
        "joint 60 | income:Lise 40",
        flows={0: (Flow(_on("2021-01-11"), "DEPOSIT", Decimal("6500.00"),
                    text="Electronic transfer from bank"),)})
    add("H-0010", "Iyer Household", DUARTE, "4096544.31", "3.3", "Growth", "2013-08-12",
        "joint 56 | 401k:Ravi 30 | 529:Tara 14",
        flows={0: (Flow(_on("2021-02-25"), "DEPOSIT", Decimal("42000.00"),
                    text="Electronic transfer from bank"),)})
    add("H-0011", "Kowalski Trust", KIM, "12871039.56", "2.2", "Balanced", "2012-09-17", "trust 100",
        flows={0: (Flow(_on("2017-10-02"), "TRANSFER_IN", key="WATERFRONT-PARCEL", quantity=Decimal(1),
                        text="Waterfront parcel recorded for the trust"),)})
    add("H-0012", "Larkspur Holdings", DUARTE, "8640277.09", "15.7", "Income", "2015-03-16",
        "company 62 | partnership 38",
        flows={
            0: (Flow(_on("2021-01-25"), "WITHDRAWAL", Decimal("-880000.00"),
                     text="Transfer to operating account"),),
            1: (
                Flow(_on("2020-01-13"), "TRANSFER_IN", key="LANTERN-BAY-II", quantity=Decimal(600),
                     text="Fund interest received in kind"),
                Flow(_on("2020-07-15"), "INTEREST", Decimal("11400.00"), key="LANTERN-BAY-II",
                     text="Income distribution Q2 2020"),
                Flow(_on("2020-10-15"), "RETURN_OF_CAPITAL", Decimal("7200.00"), key="LANTERN-BAY-II",
                     text="Return of capital Q3 2020"),
                Flow(_on("2021-01-15"), "INTEREST", Decimal("12150.00"), key="LANTERN-BAY-II",
                     text="Income distribution Q4 2020"),
                Flow(_on("2021-01-15"), "EXPENSE", Decimal("-25.00"), text="Incoming wire fee"),
            ),
        })
    add("H-0013", "Mbeki Family", BRANDT, "3905812.48", "2.7", "Growth", "2014-06-16",
        "joint 64 | ira:Thabo 22 | 529:Naledi 14",
        flows={0: (Flow(_on("2021-02-02"), "DEPOSIT", Decimal("18000.00"),
                    text="Electronic transfer from bank"),)})
    add("H-0014", "Novak Household", KIM, "1749320.92", "3.5", "Balanced", "2018-01-15",
        "joint 70 | roth:Petra 30")


def _further(book: PlanBook) -> None:
    add = book.add
    add("H-0015", "Pemberton Family", DUARTE, "6233187.40", "2.4", "Index", "2013-11-11",
        "joint 48 | trust 40 | utma:Rose 4 | 529:Hugh 8")
    add("H-0016", "Quist, A.", BRANDT, "1067452.11", "3.8", "Technology", "2016-09-12",
        "individual:Alma 62 | roth:Alma 38")
    add("H-0017", "Rahimi Household", KIM, "2390815.77", "4.1", "Growth", "2017-06-12",
        "joint 74 | sep:Dara 26")
    add("H-0018", "Sorensen Family", DUARTE, "5581024.68", "2.9", "Balanced", "2012-12-10",
        "joint 55 | rollover:Jens 45")
    add("H-0019", "Takeda Trust", BRANDT, "9124660.35", "3.6", "Endowment", "2014-08-11", "trust 100")
    add("H-0020", "Ulrich Family", KIM, "3276118.92", "2.1", "Growth", "2015-12-14",
        "joint 60 | ira:Greta 40")
    add("H-0021", "Vance Household", DUARTE, "1594230.06", "5.0", "Income", "2013-05-20",
        "income:Ada 55 | ira:Ada 45")
    add("H-0022", "Westbrook Foundation", BRANDT, "15872904.50", "1.7", "Endowment", "2012-07-16",
        "endowment 100")
    add("H-0023", "Xenakis Family", KIM, "4410376.19", "3.2", "Balanced", "2016-05-16",
        "joint 70 | abroad:Eleni:EUR 720000.00")
    add("H-0024", "Yilmaz, D.", DUARTE, "812950.47", "2.8", "Index", "2019-02-11", "individual:Deniz 100")
    add("H-0025", "Zeller Trust", BRANDT, "7018843.21", "4.3", "Balanced", "2013-09-16",
        "trust 76 | charitable 24")
    add("H-0026", "Ambrose Family", KIM, "2967501.84", "2.5", "Technology", "2015-02-09",
        "joint 66 | 401k:Iris 22 | 529:Noel 12")
    add("H-0027", "Bellamy Household", DUARTE, "1936647.53", "3.4", "Growth", "2018-04-16",
        "joint 78 | roth:Kit 22")
    add("H-0028", "Corrigan Family", BRANDT, "4752190.39", "2.0", "Real assets", "2014-04-14",
        "joint 68 | inherited:Nora 32")
    add("H-0029", "Dunmore Trust", KIM, "10549318.72", "3.0", "Balanced", "2012-10-15",
        "trust 64 | irrevocable 36")
    add("H-0030", "Ellery, T.", DUARTE, "0", "0", "", "2021-03-29", "individual:Tess 0.00")
# fmt: on
