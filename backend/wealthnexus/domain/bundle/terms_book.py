"""The words of the files about people, ownership, debts, corporate actions and the custodian's evidence."""

from __future__ import annotations

from typing import Final

PARTY_KINDS: Final = {
    "PERSON": "a human being",
    "TRUST": "a trust",
    "COMPANY": "a company, partnership, foundation or other legal entity",
    "ESTATE": "the estate of a deceased person",
}

PARTY_STATUSES: Final = {
    "ACTIVE": "looked after",
    "PROSPECT": "not a client yet",
    "FORMER": "no longer a client",
    "DECEASED": "a person who has died",
    "DISSOLVED": "an entity that has ended",
}

TAX_ID_TYPES: Final = {
    "SSN": "social security number (United States), nine digits",
    "ITIN": "individual taxpayer identification number (United States), nine digits",
    "EIN": "employer identification number (United States), nine digits",
    "FOREIGN": "the tax number of another country",
}

KYC_STATES: Final = {
    "NOT_STARTED": "nobody has begun",
    "IN_PROGRESS": "documents are being collected or looked at",
    "VERIFIED": "identity is verified; `kyc_verified_on` says when",
    "REJECTED": "identity could not be verified",
}

RISK_PROFILES: Final = {
    "CONSERVATIVE": "preserve capital",
    "MODERATELY_CONSERVATIVE": "income with little growth",
    "MODERATE": "balance of income and growth",
    "MODERATELY_AGGRESSIVE": "growth with some income",
    "AGGRESSIVE": "growth, large losses are bearable",
}

OWNER_ROLES: Final = {
    "OWNER": "owns, alone or beside others",
    "JOINT_SURVIVORSHIP": "owns with a right of survivorship",
    "JOINT_COMMON": "owns a part of their own",
    "CUSTODIAN": "acts for the minor, owns nothing",
    "MINOR": "owns an account kept by a custodian",
    "TRUSTEE": "acts for the trust, owns nothing",
    "GRANTOR": "gave to the trust, owns nothing",
    "BENEFICIARY": "is to benefit; with a `tier` a designated beneficiary after the owner's death",
    "ATTORNEY": "acts under a power of attorney",
    "EXECUTOR": "acts for the estate",
}

TIERS: Final = {
    "PRIMARY": "first in line",
    "CONTINGENT": "when no primary beneficiary is left",
}

OWNS: Final = "OWNS"
MEMBER: Final = "MEMBER"
RELATIONSHIP_KINDS: Final = {
    OWNS: "the client owns `share` of the related client",
    MEMBER: "the client belongs to the household as `member_role`",
    "SPOUSE": "married to the related client",
    "FORMER_SPOUSE": "divorced from the related client",
    "PARTNER": "partner of the related client",
    "PARENT": "parent of the related client",
    "GUARDIAN": "guardian of the related client",
    "SIBLING": "brother or sister of the related client",
    "TRUSTEE": "trustee of the related trust",
    "GRANTOR": "grantor of the related trust",
    "EXECUTOR": "executor of the related estate",
    "ATTORNEY": "holds a power of attorney for the related client",
    "ACCOUNTANT": "accountant of the related client",
    "TRUSTED_CONTACT": "trusted contact person of the related client",
    "OFFICER": "officer of the related company",
    "EMPLOYER": "employer of the related client",
}

MEMBER_ROLES: Final = {
    "HEAD": "head of the household",
    "SPOUSE": "spouse of the head",
    "PARTNER": "partner of the head",
    "CHILD": "child",
    "DEPENDANT": "another person who depends on the household",
    "ENTITY": "a trust, company or estate of the household",
}

LIABILITY_KINDS: Final = {
    "MORTGAGE": "loan on a property",
    "HOME_EQUITY": "line or loan on home equity",
    "MARGIN": "margin debit at a broker",
    "SECURITIES_BACKED": "loan backed by securities",
    "PERSONAL": "personal loan",
    "STUDENT": "student loan",
    "VEHICLE": "vehicle loan",
    "BUSINESS": "business loan",
    "CREDIT_CARD": "credit card",
    "TAX": "tax owed",
    "OTHER": "any other debt",
}

CORPORATE_ACTION_TYPES: Final = {
    "CASH_DIVIDEND": "`cash_amount` a unit",
    "STOCK_DIVIDEND": "`ratio_new` further units for `ratio_old` held",
    "SPLIT": "`ratio_new` units in place of `ratio_old`",
    "SPIN_OFF": "`ratio_new` units of the other security for `ratio_old` held",
    "MERGER": "the other security by the ratio, `cash_amount` a unit, or both",
    "RETURN_OF_CAPITAL": "`cash_amount` a unit, of capital",
    "SYMBOL_CHANGE": "`new_value` is the new symbol",
    "IDENTIFIER_CHANGE": "`new_value` is the new identifier",
}

FRACTION_RULES: Final = {
    "KEEP": "fractions of a unit are kept",
    "CASH_IN_LIEU": "fractions are paid out at `cash_in_lieu_price` a unit",
    "ROUND_UP": "fractions are rounded up to a whole unit",
}

IDENTIFIER_SCHEMES: Final = {
    "SYMBOL": "ticker; `exchange` names the market",
    "CUSIP": "CUSIP, nine characters",
    "ISIN": "ISIN, twelve characters",
    "SEDOL": "SEDOL, seven characters",
    "FIGI": "FIGI, twelve characters",
    "LEI": "legal entity identifier of the issuer (ISO 17442), twenty characters",
    "CUSTODIAN": "what a custodian calls it",
}
