"""The fourteen US listings of the demo books, and invented holdings with marks or prices of their own."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from wealthnexus.domain.bundle import SecurityRow


@dataclass(frozen=True, slots=True)
class Instrument:
    """A listing. CUSIP and ISIN are those in force on 31 March 2021 (their check digits are tested)."""

    key: str
    name: str
    exchange: str
    """ISO 10383 market identifier code."""
    cusip: str
    security_type: str
    asset_class: str
    sub_asset_class: str

    @property
    def isin(self) -> str:
        """US plus the CUSIP plus its check digit."""
        return _ISIN[self.key]

    def row(self) -> SecurityRow:
        """The row of ``securities.csv``."""
        return SecurityRow(
            line=0,
            security_key=self.key,
            symbol=self.key,
            exchange=self.exchange,
            cusip=self.cusip,
            isin=self.isin,
            sedol=None,
            figi=None,
            name=self.name,
            security_type=self.security_type,
            asset_class=self.asset_class,
            sub_asset_class=self.sub_asset_class,
            currency="USD",
        )


_ISIN: Final = {
    "AAPL": "US0378331005",
    "AIG": "US0268747849",
    "BAC": "US0605051046",
    "BNO": "US91167Q1004",
    "EEM": "US4642872349",
    "FB": "US30303M1027",
    "GOOG": "US02079K1079",
    "GOOGL": "US02079K3059",
    "IBM": "US4592001014",
    "IWM": "US4642876555",
    "QQQ": "US46090E1038",
    "SPY": "US78462F1030",
    "USO": "US91232N2071",
    "WM": "US94106L1098",
}

_STOCK: Final = ("COMMON_STOCK", "EQUITY")
_FUND: Final = ("ETF", "EQUITY")
_POOL: Final = ("COMMODITY_POOL", "COMMODITY")

INSTRUMENTS: Final = {
    i.key: i
    for i in (
        Instrument("AAPL", "Apple Inc.", "XNAS", "037833100", *_STOCK, "US large cap"),
        Instrument("AIG", "American International Group Inc.", "XNYS", "026874784", *_STOCK, "US large cap"),
        Instrument("BAC", "Bank of America Corporation", "XNYS", "060505104", *_STOCK, "US large cap"),
        Instrument("BNO", "United States Brent Oil Fund", "ARCX", "91167Q100", *_POOL, "Energy"),
        Instrument(
            "EEM", "iShares MSCI Emerging Markets ETF", "ARCX", "464287234", *_FUND, "Emerging markets"
        ),
        Instrument("FB", "Facebook Inc. Class A", "XNAS", "30303M102", *_STOCK, "US large cap"),
        Instrument("GOOG", "Alphabet Inc. Class C", "XNAS", "02079K107", *_STOCK, "US large cap"),
        Instrument("GOOGL", "Alphabet Inc. Class A", "XNAS", "02079K305", *_STOCK, "US large cap"),
        Instrument(
            "IBM", "International Business Machines Corp.", "XNYS", "459200101", *_STOCK, "US large cap"
        ),
        Instrument("IWM", "iShares Russell 2000 ETF", "ARCX", "464287655", *_FUND, "US small cap"),
        Instrument("QQQ", "Invesco QQQ Trust", "XNAS", "46090E103", *_FUND, "US large cap growth"),
        Instrument("SPY", "SPDR S&P 500 ETF Trust", "ARCX", "78462F103", *_FUND, "US large cap"),
        Instrument("USO", "United States Oil Fund", "ARCX", "91232N207", *_POOL, "Energy"),
        Instrument("WM", "Waste Management Inc.", "XNYS", "94106L109", *_STOCK, "US large cap"),
    )
}


@dataclass(frozen=True, slots=True)
class PrivateHolding:
    """An invented holding: its marks are those of its manager, few or none, or generated daily prices."""

    key: str
    name: str
    security_type: str
    asset_class: str
    sub_asset_class: str
    marks: tuple[tuple[date, Decimal], ...]
    """(date, value per unit in ``currency``), oldest first; empty for what nobody has valued."""
    currency: str = "USD"
    price_multiplier: Decimal = Decimal(1)
    coupon: Decimal | None = None
    """Percent of face a year, for bonds."""
    maturity: date | None = None

    def row(self) -> SecurityRow:
        """The row of ``securities.csv``: no symbol and no identifiers, as such things have none."""
        return SecurityRow(
            line=0,
            security_key=self.key,
            symbol=None,
            exchange=None,
            cusip=None,
            isin=None,
            sedol=None,
            figi=None,
            name=self.name,
            security_type=self.security_type,
            asset_class=self.asset_class,
            sub_asset_class=self.sub_asset_class,
            currency=self.currency,
            price_multiplier=self.price_multiplier,
            coupon=self.coupon,
            maturity=self.maturity,
            day_count="30/360" if self.coupon else None,
            payments_per_year=2 if self.coupon else None,
        )

    def mark(self, day: date) -> Decimal | None:
        """The last one on or before the day."""
        position = bisect_right(self.marks, day, key=lambda marked: marked[0])
        return self.marks[position - 1][1] if position else None


def _quarterly(*marks: tuple[str, str]) -> tuple[tuple[date, Decimal], ...]:
    return tuple((date.fromisoformat(day), Decimal(value)) for day, value in marks)


def _daily(key: str, first: str, begins: str, step: int) -> tuple[tuple[date, Decimal], ...]:
    """Invented prices of every weekday to the demo clock: steps of up to ``step`` hundredths of a percent."""
    chance = random.Random(f"prices/{key}")  # noqa: S311
    day, price = date.fromisoformat(first), Decimal(begins)
    marks: list[tuple[date, Decimal]] = []
    while day <= _CLOCK:
        if day.weekday() < 5:
            marks.append((day, price))
            move = Decimal(chance.randrange(-step, step + 1) + 1).scaleb(-4)
            price = (price * (1 + move)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
        day += timedelta(days=1)
    return tuple(marks)


_CLOCK: Final = date(2021, 3, 31)
_HUNDREDTH: Final = Decimal("0.01")
SYNTHETIC: Final = "SYNTHETIC"
"""Source of every invented price."""
PRIVATE_HOLDINGS: Final = {
    h.key: h
    for h in (
        PrivateHolding(
            "MERIDIAN-VI",
            "Meridian Growth Partners VI, L.P.",
            "PRIVATE_FUND",
            "PRIVATE_EQUITY",
            "Buyout",
            _quarterly(
                ("2019-06-28", "100.0000"),
                ("2019-09-30", "101.2400"),
                ("2019-12-31", "104.8100"),
                ("2020-03-31", "96.5500"),
                ("2020-06-30", "101.9200"),
                ("2020-09-30", "108.1300"),
            ),
        ),
        PrivateHolding(
            "LANTERN-BAY-II",
            "Lantern Bay Private Credit II, L.P.",
            "PRIVATE_FUND",
            "PRIVATE_CREDIT",
            "Direct lending",
            _quarterly(
                ("2019-12-31", "1000.0000"),
                ("2020-03-31", "978.4000"),
                ("2020-06-30", "991.2000"),
                ("2020-09-30", "1006.7000"),
                ("2020-12-31", "1019.5000"),
            ),
        ),
        PrivateHolding(
            "ART-COLLECTION", "Art collection, 14 works on paper", "COLLECTIBLE", "OTHER", "Art", ()
        ),
        PrivateHolding(
            "WATERFRONT-PARCEL", "Waterfront parcel, lot 7", "REAL_ESTATE", "REAL_ESTATE", "Land", ()
        ),
        PrivateHolding(
            "TIDEWATER-RS",
            "Tidewater Robotics Inc., restricted shares",
            "COMMON_STOCK",
            "EQUITY",
            "Restricted",
            _daily("TIDEWATER-RS", "2019-01-02", "14.20", 160),
        ),
        PrivateHolding(
            "ALDERPORT-2031",
            "City of Alderport 3.00 % general obligation 2031",
            "MUNICIPAL_BOND",
            "FIXED_INCOME",
            "Municipal",
            _daily("ALDERPORT-2031", "2018-01-02", "101.25", 18),
            price_multiplier=Decimal("0.01"),
            coupon=Decimal(3),
            maturity=date(2031, 6, 1),
        ),
        PrivateHolding(
            "RHODANIE-ENERGIE",
            "Rhodanie Énergie S.A.",
            "COMMON_STOCK",
            "EQUITY",
            "Europe large cap",
            _daily("RHODANIE-ENERGIE", "2018-01-02", "41.36", 120),
            currency="EUR",
        ),
        PrivateHolding(
            "SEVERN-WATER",
            "Severn Valley Water plc",
            "COMMON_STOCK",
            "EQUITY",
            "United Kingdom",
            _daily("SEVERN-WATER", "2018-01-02", "9.84", 110),
            currency="GBP",
        ),
    )
}
