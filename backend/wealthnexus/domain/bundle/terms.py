"""The words a bundle may use: transaction types, registrations, tax treatment, instruments, classes.

Codes are capitals with underscores. Enumerated columns other than the transaction type also accept
the common other spellings below; whatever was written, the row holds the canonical code.
"""

from __future__ import annotations

from typing import Final

TRANSACTION_TYPES: Final = (
    "DEPOSIT",
    "WITHDRAWAL",
    "TRANSFER_IN",
    "TRANSFER_OUT",
    "BUY",
    "SELL",
    "SHORT",
    "COVER",
    "DIVIDEND",
    "REINVEST",
    "INTEREST",
    "ADVISORY_FEE",
    "EXPENSE",
    "TAX",
    "RETURN_OF_CAPITAL",
    "JOURNAL",
    "EXERCISE",
    "ASSIGNMENT",
    "EXPIRATION",
    "SPLIT",
    "STOCK_DIVIDEND",
    "SPIN_OFF",
    "MERGER",
    "SYMBOL_CHANGE",
    "CASH_IN_LIEU",
)

ACCOUNT_TYPES: Final = {
    "INDIVIDUAL": "one person",
    "JOINT": "two or more persons, survivorship not stated",
    "JOINT_WITH_SURVIVORSHIP": "joint tenants, the survivor takes all (JTWROS)",
    "TENANTS_IN_COMMON": "joint owners with shares of their own",
    "TENANTS_BY_ENTIRETY": "spouses as one owner",
    "COMMUNITY_PROPERTY": "spouses under community property law",
    "TRANSFER_ON_DEATH": "one owner, named beneficiaries outside probate",
    "IRA": "individual retirement account, kind not stated",
    "TRADITIONAL_IRA": "traditional IRA",
    "ROLLOVER_IRA": "IRA funded by a roll-over",
    "INHERITED_IRA": "IRA held by a beneficiary",
    "ROTH_IRA": "Roth IRA",
    "SEP_IRA": "simplified employee pension",
    "SIMPLE_IRA": "SIMPLE IRA",
    "PLAN_401K": "401(k)",
    "ROTH_401K": "Roth 401(k)",
    "PLAN_403B": "403(b)",
    "PLAN_457B": "457(b)",
    "PENSION": "defined-benefit or other pension plan",
    "PROFIT_SHARING": "profit-sharing plan",
    "PLAN_529": "education savings plan, section 529",
    "COVERDELL_ESA": "Coverdell education savings account",
    "UTMA": "minor's account, Uniform Transfers to Minors Act",
    "UGMA": "minor's account, Uniform Gifts to Minors Act",
    "HSA": "health savings account",
    "TRUST": "trust, kind not stated",
    "REVOCABLE_TRUST": "revocable (living) trust",
    "IRREVOCABLE_TRUST": "irrevocable trust",
    "CHARITABLE_TRUST": "charitable remainder or lead trust",
    "ESTATE": "estate of a deceased person",
    "GUARDIANSHIP": "account under a court-appointed guardian",
    "CORPORATION": "company",
    "PARTNERSHIP": "partnership",
    "LLC": "limited liability company",
    "SOLE_PROPRIETORSHIP": "sole proprietor",
    "FOUNDATION": "private foundation",
    "ENDOWMENT": "endowment",
    "NONPROFIT": "other charity or non-profit",
    "DONOR_ADVISED_FUND": "donor-advised fund",
    "ANNUITY": "annuity contract",
    "INSURANCE": "insurance contract",
    "HELD_AWAY": "asset or account held elsewhere, kept for the balance sheet",
    "ISA": "individual savings account (United Kingdom)",
    "SIPP": "self-invested personal pension (United Kingdom)",
    "RRSP": "registered retirement savings plan (Canada)",
    "TFSA": "tax-free savings account (Canada)",
    "OTHER": "any other registration",
}

TAX_STATUSES: Final = {
    "TAXABLE": "income and gains are taxed as they arise",
    "TAX_DEFERRED": "taxed on withdrawal (traditional IRA, 401(k), annuity)",
    "TAX_FREE": "qualified withdrawals are not taxed (Roth, 529, HSA)",
    "TAX_EXEMPT": "the owner pays no tax (foundation, charity)",
}

LOT_METHODS: Final = {
    "FIFO": "first in, first out",
    "LIFO": "last in, first out",
    "HIFO": "highest cost first",
    "LOWEST_COST": "lowest cost first",
    "SPECIFIC": "lots named per sale",
    "AVERAGE_COST": "average cost (funds and reinvested shares only)",
    "MIN_TAX": "smallest gain times rate per share first",
    "MAX_LOSS": "largest loss first, else smallest gain",
    "MAX_LONG_TERM_GAIN": "largest long-term gain first",
    "MAX_LONG_TERM_LOSS": "largest long-term loss first",
    "MAX_SHORT_TERM_GAIN": "largest short-term gain first",
    "MAX_SHORT_TERM_LOSS": "largest short-term loss first",
}

SECURITY_TYPES: Final = {
    "COMMON_STOCK": "ordinary share",
    "PREFERRED_STOCK": "preferred share",
    "DEPOSITARY_RECEIPT": "ADR, GDR",
    "REIT": "listed real estate trust",
    "LIMITED_PARTNERSHIP": "listed partnership unit",
    "ETF": "exchange-traded fund",
    "ETN": "exchange-traded note",
    "COMMODITY_POOL": "exchange-traded commodity pool",
    "MUTUAL_FUND": "open-end fund",
    "CLOSED_END_FUND": "closed-end fund",
    "UNIT_TRUST": "unit investment trust",
    "MONEY_MARKET_FUND": "money market fund or sweep",
    "BOND": "bond, kind not stated",
    "GOVERNMENT_BOND": "Treasury or other sovereign bond",
    "TREASURY_BILL": "bill, sold at a discount",
    "AGENCY_BOND": "agency bond",
    "MUNICIPAL_BOND": "municipal bond",
    "CORPORATE_BOND": "corporate bond",
    "CONVERTIBLE_BOND": "convertible bond",
    "MORTGAGE_BACKED": "mortgage-backed security",
    "ASSET_BACKED": "asset-backed security",
    "CERTIFICATE_OF_DEPOSIT": "certificate of deposit",
    "COMMERCIAL_PAPER": "commercial paper",
    "STRUCTURED_NOTE": "structured note",
    "OPTION": "listed option; underlying_key, option_type, strike and expiry are required",
    "FUTURE": "future",
    "WARRANT": "warrant",
    "RIGHT": "subscription right",
    "PRIVATE_FUND": "closed-end private fund (equity, credit, real assets)",
    "HEDGE_FUND": "hedge fund",
    "PRIVATE_COMPANY": "stake in a private company",
    "REAL_ESTATE": "directly held property",
    "COLLECTIBLE": "art, wine, other collectible",
    "PRECIOUS_METAL": "physical metal",
    "CRYPTO": "digital asset",
    "ANNUITY": "annuity",
    "INSURANCE": "insurance policy",
    "LOAN": "note or loan receivable",
    "CASH": "cash balance kept as a security",
    "OTHER": "any other instrument",
}

ASSET_CLASSES: Final = {
    "EQUITY": "shares and share funds",
    "FIXED_INCOME": "bonds and bond funds",
    "CASH": "cash and money market",
    "REAL_ESTATE": "property, listed or not",
    "COMMODITY": "commodities",
    "REAL_ASSETS": "infrastructure, timber, farmland",
    "PRIVATE_EQUITY": "private equity and venture",
    "PRIVATE_CREDIT": "private credit",
    "HEDGE_FUND": "hedge funds",
    "ALTERNATIVE": "other alternatives",
    "DIGITAL_ASSET": "digital assets",
    "CURRENCY": "currency positions",
    "MULTI_ASSET": "balanced and target-date",
    "DERIVATIVE": "options and futures not looked through",
    "OTHER": "anything else",
}

OPTION_TYPES: Final = {"CALL": "right to buy", "PUT": "right to sell"}

DAY_COUNTS: Final = {
    "30/360": "30/360 US (bond basis)",
    "30E/360": "30/360 European",
    "ACT/ACT": "actual/actual (ICMA)",
    "ACT/360": "actual/360",
    "ACT/365": "actual/365 fixed",
}

ALIASES: Final[dict[str, dict[str, str]]] = {
    "account_type": {
        "JTWROS": "JOINT_WITH_SURVIVORSHIP",
        "TIC": "TENANTS_IN_COMMON",
        "TOD": "TRANSFER_ON_DEATH",
        "ROTH": "ROTH_IRA",
        "401K": "PLAN_401K",
        "401(K)": "PLAN_401K",
        "403B": "PLAN_403B",
        "403(B)": "PLAN_403B",
        "457B": "PLAN_457B",
        "529": "PLAN_529",
        "529_PLAN": "PLAN_529",
        "CORPORATE": "CORPORATION",
    },
    "tax_status": {"TAXFREE": "TAX_FREE", "EXEMPT": "TAX_EXEMPT", "DEFERRED": "TAX_DEFERRED"},
    "lot_method": {"AVERAGE": "AVERAGE_COST", "SPECIFIC_ID": "SPECIFIC", "MINTAX": "MIN_TAX"},
    "security_type": {
        "EQUITY": "COMMON_STOCK",
        "STOCK": "COMMON_STOCK",
        "PREFERRED": "PREFERRED_STOCK",
        "ADR": "DEPOSITARY_RECEIPT",
        "FUND": "MUTUAL_FUND",
        "MONEY_MARKET": "MONEY_MARKET_FUND",
        "MUNI": "MUNICIPAL_BOND",
        "CD": "CERTIFICATE_OF_DEPOSIT",
        "CRYPTOCURRENCY": "CRYPTO",
    },
    "asset_class": {
        "EQUITIES": "EQUITY",
        "BOND": "FIXED_INCOME",
        "BONDS": "FIXED_INCOME",
        "COMMODITIES": "COMMODITY",
        "ALTERNATIVES": "ALTERNATIVE",
        "CRYPTO": "DIGITAL_ASSET",
    },
    "option_type": {"C": "CALL", "P": "PUT"},
    "day_count": {"ACTUAL/ACTUAL": "ACT/ACT", "ACTUAL/360": "ACT/360", "ACTUAL/365": "ACT/365"},
}


def canonical(column: str, terms: dict[str, str], cell: str) -> str | None:
    """The canonical code for what was written in ``column``, or None when the word is not known."""
    word = cell.strip().upper().replace(" ", "_").replace("-", "_")
    if word in terms:
        return word
    return ALIASES.get(column, {}).get(word)
