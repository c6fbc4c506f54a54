"""The words of the clients room, as the API writes them: capitals of what is stored."""

from __future__ import annotations

from enum import StrEnum

import strawberry


@strawberry.enum(description="A person or a legal entity.")
class PartyKind(StrEnum):
    PERSON = "PERSON"
    TRUST = "TRUST"
    COMPANY = "COMPANY"
    ESTATE = "ESTATE"


@strawberry.enum
class PartyStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PROSPECT = "PROSPECT"
    FORMER = "FORMER"
    DECEASED = "DECEASED"
    DISSOLVED = "DISSOLVED"


@strawberry.enum(description="How far somebody's identity is established.")
class KycState(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"


@strawberry.enum
class RiskProfile(StrEnum):
    CONSERVATIVE = "CONSERVATIVE"
    MODERATELY_CONSERVATIVE = "MODERATELY_CONSERVATIVE"
    MODERATE = "MODERATE"
    MODERATELY_AGGRESSIVE = "MODERATELY_AGGRESSIVE"
    AGGRESSIVE = "AGGRESSIVE"


@strawberry.enum
class TaxIdType(StrEnum):
    SSN = "SSN"
    ITIN = "ITIN"
    EIN = "EIN"
    FOREIGN = "FOREIGN"


@strawberry.enum
class ContactKind(StrEnum):
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"


@strawberry.enum(description="The party is this to the other one.")
class RelationshipKind(StrEnum):
    SPOUSE = "SPOUSE"
    FORMER_SPOUSE = "FORMER_SPOUSE"
    PARTNER = "PARTNER"
    PARENT = "PARENT"
    GUARDIAN = "GUARDIAN"
    SIBLING = "SIBLING"
    TRUSTEE = "TRUSTEE"
    GRANTOR = "GRANTOR"
    EXECUTOR = "EXECUTOR"
    ATTORNEY = "ATTORNEY"
    ACCOUNTANT = "ACCOUNTANT"
    TRUSTED_CONTACT = "TRUSTED_CONTACT"
    OFFICER = "OFFICER"
    EMPLOYER = "EMPLOYER"


@strawberry.enum(description="As what a party belongs to a household.")
class MemberRole(StrEnum):
    HEAD = "HEAD"
    SPOUSE = "SPOUSE"
    PARTNER = "PARTNER"
    CHILD = "CHILD"
    DEPENDANT = "DEPENDANT"
    ENTITY = "ENTITY"


@strawberry.enum(
    description="What a party is to an account. OWNER, the joint roles and MINOR own; the others do not."
)
class OwnerRole(StrEnum):
    OWNER = "OWNER"
    JOINT_SURVIVORSHIP = "JOINT_SURVIVORSHIP"
    JOINT_COMMON = "JOINT_COMMON"
    CUSTODIAN = "CUSTODIAN"
    MINOR = "MINOR"
    TRUSTEE = "TRUSTEE"
    GRANTOR = "GRANTOR"
    BENEFICIARY = "BENEFICIARY"
    ATTORNEY = "ATTORNEY"
    EXECUTOR = "EXECUTOR"


@strawberry.enum
class BeneficiaryTier(StrEnum):
    PRIMARY = "PRIMARY"
    CONTINGENT = "CONTINGENT"


@strawberry.enum
class LiabilityKind(StrEnum):
    MORTGAGE = "MORTGAGE"
    HOME_EQUITY = "HOME_EQUITY"
    MARGIN = "MARGIN"
    SECURITIES_BACKED = "SECURITIES_BACKED"
    PERSONAL = "PERSONAL"
    STUDENT = "STUDENT"
    VEHICLE = "VEHICLE"
    BUSINESS = "BUSINESS"
    CREDIT_CARD = "CREDIT_CARD"
    TAX = "TAX"
    OTHER = "OTHER"


@strawberry.enum(description="A value that is kept encrypted.")
class SensitiveField(StrEnum):
    BIRTH_DATE = "BIRTH_DATE"
    TAX_ID = "TAX_ID"
    ACCOUNT_NUMBER = "ACCOUNT_NUMBER"


@strawberry.enum
class BookKind(StrEnum):
    BRANCH = "BRANCH"
    TEAM = "TEAM"
    REPRESENTATIVE = "REPRESENTATIVE"


@strawberry.enum(description="The page a saved view belongs to.")
class ViewPage(StrEnum):
    BOOK = "BOOK"
    ACCOUNTS = "ACCOUNTS"
    WORK = "WORK"
    FINDINGS = "FINDINGS"
    RECONCILIATION = "RECONCILIATION"
    PARTIES = "PARTIES"
    PRICES = "PRICES"


@strawberry.enum
class PartyOrderField(StrEnum):
    NAME = "NAME"
    KYC_REFRESH_DUE = "KYC_REFRESH_DUE"


@strawberry.enum(
    description="What about a household asks for attention. KYC_DUE: within 30 days; COMING_OF_AGE: within 90"
    " days, or past; NO_CONTACT: no note in a year; NO_OWNER: an open account whose owner is not known;"
    " JOINED and LEFT: in the quarter of the day."
)
class HouseholdAttention(StrEnum):
    OPEN_ITEMS = "OPEN_ITEMS"
    OPEN_BREAKS = "OPEN_BREAKS"
    UNPRICED = "UNPRICED"
    STALE = "STALE"
    KYC_OVERDUE = "KYC_OVERDUE"
    KYC_DUE = "KYC_DUE"
    NO_OWNER = "NO_OWNER"
    HIGH_CASH = "HIGH_CASH"
    NO_CONTACT = "NO_CONTACT"
    COMING_OF_AGE = "COMING_OF_AGE"
    JOINED = "JOINED"
    LEFT = "LEFT"


@strawberry.enum(description="CURRENT: looked after on the day; LEFT: no longer.")
class HouseholdStanding(StrEnum):
    CURRENT = "CURRENT"
    LEFT = "LEFT"
