"""The book of Summit Ridge Advisors: forty households, in dollars, with a few that test the product.

Stories: the Whitfield joint account is told trade by trade; the Eriksens keep an account in Norwegian
kroner; the Lindqvist Estate holds a fund whose last mark is half a year old; the Abernathy Trust holds art
that nobody has valued; the Ingram family partnership belongs to two households; the Castellanos gave Apple
shares to the Brennan Foundation; N. and A. Quigley have just signed and have no account yet.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from .plans import Flow, HouseholdPlan, PlanBook

RAMAN: Final = "priya.raman@summitridge.example"
OSEI: Final = "daniel.osei@summitridge.example"
MOREAU: Final = "lucie.moreau@summitridge.example"


def _on(day: str) -> date:
    return date.fromisoformat(day)


_WHITFIELD_JOINT_DEPOSITS: Final = (
    Flow(_on("2017-03-09"), "DEPOSIT", Decimal("620000.00"), text="Opening deposit"),
    Flow(_on("2018-03-05"), "DEPOSIT", Decimal("340000.00"), text="Sale of Elm Street rental"),
    Flow(_on("2018-08-09"), "DEPOSIT", Decimal("200000.00"), text="Electronic transfer from bank"),
    Flow(_on("2018-10-25"), "DEPOSIT", Decimal("360000.00"), text="Electronic transfer from bank"),
    Flow(_on("2018-11-15"), "DEPOSIT", Decimal("160000.00"), text="Electronic transfer from bank"),
    Flow(_on("2019-02-01"), "DEPOSIT", Decimal("110000.00"), text="Bonus"),
    Flow(_on("2019-06-14"), "DEPOSIT", Decimal("300000.00"), text="Bonus"),
    Flow(_on("2020-03-13"), "DEPOSIT", Decimal("130000.00"), text="Electronic transfer from bank"),
    Flow(_on("2020-06-01"), "DEPOSIT", Decimal("170000.00"), text="Electronic transfer from bank"),
    # Two cheques of the same amount on the same day: both count.
    Flow(_on("2021-02-12"), "DEPOSIT", Decimal("50000.00"), text="Cheque deposit"),
    Flow(_on("2021-02-12"), "DEPOSIT", Decimal("50000.00"), text="Cheque deposit"),
)

_WHITFIELD_JOINT_TRADES: Final = (
    (_on("2017-03-15"), "SPY", 1_200),
    (_on("2017-03-15"), "AAPL", 600),
    (_on("2017-06-20"), "GOOG", 60),
    (_on("2018-03-08"), "IWM", 1_000),
    (_on("2018-04-03"), "GOOG", 120),
    (_on("2018-08-14"), "EEM", 2_200),
    (_on("2018-10-30"), "FB", 800),
    (_on("2018-10-30"), "SPY", 900),
    (_on("2018-11-20"), "AAPL", 700),
    (_on("2018-12-24"), "GOOG", 90),
    (_on("2019-02-05"), "IBM", 790),
    (_on("2019-06-18"), "GOOG", 40),
    (_on("2019-06-18"), "SPY", 1_000),
    (_on("2019-08-15"), "IWM", 900),
    (_on("2019-11-12"), "IBM", 1_000),
    (_on("2020-06-03"), "EEM", 1_600),
    (_on("2020-06-08"), "FB", 650),
    (_on("2020-11-09"), "EEM", 600),
    (_on("2021-02-16"), "EEM", 1_000),
    (_on("2021-03-08"), "USO", 2_200),
    # Sold at a loss and bought back ten days later: a wash sale.
    (_on("2021-03-12"), "EEM", -1_000),
    (_on("2021-03-22"), "EEM", 1_000),
)


def households() -> list[HouseholdPlan]:
    """The forty plans, H-0001 to H-0040."""
    book = PlanBook("summit", ("Cascade Custody", "Granite Trust Company"))
    _shown(book)
    _further(book)
    return book.households


# fmt: off
def _shown(book: PlanBook) -> None:
    add = book.add
    add("H-0001", "Whitfield Family", RAMAN, "10162893.27", "4.1", "Balanced", "2017-03-06",
        "joint 4182306.42 4471 | trust 3640225.60 9034 | ira:Eleanor 1204918.77 2210"
        " | ira:James 986540.13 2211 | 529:Clara 148902.35 7718",
        flows={0: _WHITFIELD_JOINT_DEPOSITS}, trades={0: _WHITFIELD_JOINT_TRADES},
        balancing={0: _on("2021-03-15")})
    add("H-0002", "Castellano Family", OSEI, "48210774.19", "2.8", "Growth", "2012-02-06",
        "trust 46 5120 | joint 30 | irrevocable 16 | ira:Marco 5 | roth:Giulia 3",
        flows={1: (Flow(_on("2018-12-04"), "TRANSFER_OUT", key="AAPL", quantity=Decimal(2000),
                        text="Gift in kind to the Brennan Foundation"),)})
    add("H-0003", "Kapoor Household", RAMAN, "3902118.60", "18.7", "Index", "2020-12-14",
        "joint 58 | rollover:Anil 27 | roth:Meera 15")
    add("H-0004", "Jansen Trust", MOREAU, "12744903.08", "3.2", "Endowment", "2013-05-13",
        "trust 74 7715 | irrevocable 26")
    add("H-0005", "Brennan Foundation", OSEI, "41733250.00", "1.1", "Endowment", "2012-04-02",
        "foundation 100 8801",
        flows={0: (Flow(_on("2018-12-04"), "TRANSFER_IN", key="AAPL", quantity=Decimal(2000),
                        text="Gift in kind from the Castellano family"),)})
    add("H-0006", "Hollis Family", RAMAN, "7218446.35", "11.6", "Balanced", "2014-09-08",
        "joint 62 | ira:Grant 24 | roth:Paula 9 | 529:Simon 5",
        flows={0: (Flow(_on("2021-02-22"), "DEPOSIT", Decimal("1400000.00"),
                    text="Wire from Lakeview Title Co."),)})
    add("H-0007", "Eriksen Family", MOREAU, "5480019.72", "2.2", "Growth", "2015-01-12",
        "joint 60 | ira:Solveig 22 | abroad:Nils:NOK 6250000.00")
    add("H-0008", "Gallagher, R. and M.", RAMAN, "1986240.11", "0.2", "Income", "2013-10-07",
        "joint 55 | ira:Rory 25", shared=("A-0011-3",))
    add("H-0009", "Farouk Household", OSEI, "9033715.44", "5.0", "Technology", "2016-06-06",
        "individual:Samir 64 | ira:Samir 26 | 401k:Leila 10")
    add("H-0010", "Lindqvist Estate", MOREAU, "22518930.87", "24.3", "Balanced", "2018-02-05",
        "estate 88 3307 | trust 12",
        flows={0: (
            Flow(_on("2019-07-15"), "TRANSFER_IN", key="MERIDIAN-VI", quantity=Decimal(12500),
                 text="Partnership interest received in kind"),
            Flow(_on("2021-02-10"), "WITHDRAWAL", Decimal("-1900000.00"), text="Estate tax payment"),
        )})
    add("H-0011", "Ingram Family", RAMAN, "4127655.90", "3.6", "Balanced", "2014-03-10",
        "joint 50 | roth:Dana 12 | partnership 386420.15", also_in={2: "H-0008"})
    add("H-0012", "Tanaka Household", OSEI, "16350482.26", "2.0", "Technology", "2012-08-06",
        "joint 70 6642 | trust 20 | ira:Kenji 10")
    add("H-0013", "Abernathy Trust", MOREAU, "8846101.53", "6.9", "Income", "2012-11-05",
        "trust 80 | charitable 20",
        flows={0: (Flow(_on("2016-05-16"), "TRANSFER_IN", key="ART-COLLECTION", quantity=Decimal(1),
                        text="Art collection recorded for the trust"),)})
    add("H-0014", "Nakagawa, S.", RAMAN, "1204377.48", "3.1", "Index", "2017-09-11",
        "individual:Saki 60 | roth:Saki 40")
    add("H-0015", "Osterman Family", OSEI, "3561190.02", "2.4", "Growth", "2015-11-02",
        "joint 52 | ira:Karl 28 | roth:Ida 12 | 529:Theo 8")


def _further(book: PlanBook) -> None:
    add = book.add
    add("H-0016", "Petrov Household", MOREAU, "2218604.77", "3.4", "Balanced", "2016-01-11",
        "joint 66 | ira:Vera 34")
    add("H-0017", "Vasquez Family", RAMAN, "6120933.18", "2.9", "Growth", "2013-02-04",
        "joint 48 | trust 34 | 529:Lucia 4 | utma:Mateo 2 | rollover:Carlos 12")
    add("H-0018", "Lambert Trust", OSEI, "14902277.61", "4.4", "Endowment", "2012-06-04",
        "trust 58 | irrevocable 42")
    add("H-0019", "Thorne, E.", MOREAU, "884310.25", "5.5", "Income", "2014-05-05",
        "income:Edith 70 | ira:Edith 30")
    add("H-0020", "Sato Family", RAMAN, "5366018.94", "3.3", "Technology", "2015-08-03",
        "joint 74 | roth:Aya 26")
    add("H-0021", "Mirza Household", OSEI, "2740815.36", "2.7", "Index", "2018-06-04",
        "joint 55 | 401k:Adil 25 | roth:Zoya 20")
    add("H-0022", "Byrne Family", MOREAU, "7904460.58", "2.1", "Growth", "2012-09-10",
        "joint 40 | trust 40 | ira:Fergus 20")
    add("H-0023", "Duval Trust", RAMAN, "10288117.02", "3.8", "Balanced", "2013-07-08", "trust 100",
        flows={0: (
            Flow(_on("2019-02-11"), "TRANSFER_IN", key="ALDERPORT-2031", quantity=Decimal(500000),
                 text="Bonds received in kind"),
            *(Flow(_on(day), "INTEREST", Decimal("7500.00"), key="ALDERPORT-2031", text="Coupon 3.00 %")
              for day in ("2019-06-03", "2019-12-02", "2020-06-01", "2020-12-01")),
        )})
    add("H-0024", "Halvorsen Family", OSEI, "3317290.45", "4.9", "Real assets", "2016-10-03",
        "joint 68 | sep:Bjorn 32")
    add("H-0025", "Kimani Household", MOREAU, "1455902.67", "3.0", "Index", "2019-03-04",
        "joint 72 | 529:Amani 28")
    add("H-0026", "Reyes, C. and D.", RAMAN, "2093318.80", "2.5", "Growth", "2017-01-09",
        "joint 64 | roth:Diego 36")
    add("H-0027", "Winslow Foundation", OSEI, "28664109.33", "1.8", "Endowment", "2012-03-05",
        "foundation 100")
    add("H-0028", "Zhang Family", MOREAU, "11937604.29", "2.3", "Technology", "2014-11-03",
        "joint 50 | company 30 | ira:Wei 12 | 529:Lily 8")
    add("H-0029", "Albrecht Trust", RAMAN, "6458221.76", "4.0", "Balanced", "2015-04-06",
        "trust 82 | inherited:Jutta 18")
    add("H-0030", "Barros Family", OSEI, "4602837.54", "2.6", "Growth", "2013-12-02",
        "joint 70 | rollover:Paulo 30")
    add("H-0031", "Chandra, P.", MOREAU, "1128743.09", "6.2", "Index", "2019-09-09",
        "individual:Pia 55 | roth:Pia 45")
    add("H-0032", "Doyle Family", RAMAN, "3870516.41", "3.7", "Income", "2012-10-08",
        "joint 50 | income:Maeve 30 | ira:Liam 20")
    add("H-0033", "Esposito Household", OSEI, "5034667.28", "2.0", "Balanced", "2016-04-04",
        "joint 62 | llc 28 | roth:Gina 10",
        flows={1: (Flow(_on("2019-08-12"), "TRANSFER_IN", key="TIDEWATER-RS", quantity=Decimal(20000),
                        text="Restricted shares vested, held until the sale is allowed"),)})
    add("H-0034", "Forsberg Family", MOREAU, "8215390.95", "3.5", "Endowment", "2014-01-13",
        "trust 66 | ira:Astrid 20 | ira:Olof 14")
    add("H-0035", "Grady, H.", RAMAN, "690254.83", "4.6", "Income", "2018-10-15", "tod:Helen 100",
        left_on=_on("2021-03-26"))
    add("H-0036", "Hartmann Trust", OSEI, "17360928.14", "2.8", "Balanced", "2013-03-11",
        "trust 55 | irrevocable 30 | charitable 15")
    add("H-0037", "Imani Family", MOREAU, "2561770.60", "3.1", "Growth", "2017-05-08",
        "joint 60 | 401k:Sefu 40")
    add("H-0038", "Jurado Household", RAMAN, "1817465.92", "2.2", "Real assets", "2015-06-08", "joint 100")
    add("H-0039", "Klein Family", OSEI, "9477051.37", "3.9", "Technology", "2012-05-07",
        "joint 46 | trust 38 | sep:Ruth 16")
    add("H-0040", "Quigley, N. and A.", MOREAU, "0", "0", "", "2021-03-29", "")
# fmt: on
