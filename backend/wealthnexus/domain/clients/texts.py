"""The sentences of the clients room."""

from __future__ import annotations

from datetime import date
from typing import Final

from wealthnexus.kit.text import message

# -- refusals of every verb ------------------------------------------------------------------------

NOT_THERE: Final = message(
    "clients.not_there", "there is no {kind} {id}; nothing was changed", kind=str, id=str
)
READ_ONLY: Final = message(
    "clients.reading_only", "your access to this {kind} is for reading; nothing was changed", kind=str
)
STALE: Final = message(
    "clients.stale_version",
    "the {kind} was changed by somebody else: version {expected} was expected, it is {current};"
    " nothing was changed",
    kind=str,
    expected=int,
    current=int,
)
NOT_VALID: Final = message(
    "clients.not_valid",
    "{what}: {count, plural, one {# field is} other {# fields are}} not as expected; nothing was written",
    what=str,
    count=int,
)
EXPECTED: Final = message("clients.expected", "expected {expected}", expected=str)
TOO_LONG: Final = message("clients.too_long", "expected 1 to {limit} printable characters", limit=int)
ONE_OF: Final = message("clients.one_of", "expected one of {listed}", listed=str)
NO_REASON: Final = message(
    "clients.no_reason",
    "the reason has {count} characters, expected 1 to {limit}; nothing was done",
    count=int,
    limit=int,
)
TOO_MANY: Final = message(
    "clients.too_many",
    "{count} {what} were given, expected 1 to {limit}; nothing was changed",
    count=int,
    what=str,
    limit=int,
)
ID_TAKEN: Final = message(
    "clients.id_taken", "the external id {external_id} is taken; nothing was written", external_id=str
)
DAY_RANGE: Final = message(
    "clients.day_range",
    "{day, date} is outside {first, date} to {last, date}; nothing was written",
    day=date,
    first=date,
    last=date,
)
ENDS_BEFORE_BEGINNING: Final = message(
    "clients.ends_before_beginning",
    "{end, date} is not after {begin, date}, expected a later day; nothing was written",
    end=date,
    begin=date,
)
SHARE_RANGE: Final = message(
    "clients.share_range",
    "the share is {share}, expected above 0 and at most 1 with at most 12 decimal places;"
    " nothing was written",
    share=str,
)

# -- people and entities -----------------------------------------------------------------------------

TAX_ID_TAKEN: Final = message(
    "clients.tax_id_taken",
    "another {kind} has this tax id: {name}; nothing was written. Open that one instead.",
    kind=str,
    name=str,
)
CONTACT_TWICE: Final = message(
    "clients.contact_twice", "expected one primary contact of the kind {kind} at most", kind=str
)
BAD_CONTACT: Final = message("clients.bad_contact", "expected {expected}", expected=str)
RELATED_TO_ITSELF: Final = message(
    "clients.related_to_itself", "a party is not related to itself; nothing was written"
)
RELATED_ALREADY: Final = message(
    "clients.related_already",
    "{party} is {kind} of {related} already on {day, date}; nothing was written",
    party=str,
    kind=str,
    related=str,
    day=date,
)
ENDED_ALREADY: Final = message(
    "clients.ended_already",
    "this ended already, or ends on {day, date} or before; nothing was changed",
    day=date,
)

# -- who owns what -----------------------------------------------------------------------------------

CIRCLE: Final = message(
    "clients.circle",
    "from {day, date} ownership would go in a circle: {chain}; nothing was written",
    day=date,
    chain=str,
)
ABOVE_WHOLE: Final = message(
    "clients.above_whole",
    "from {day, date} the shares of {name} would add up to {total}, expected at most 1; nothing was written",
    day=date,
    name=str,
    total=str,
)
OWNERS_DO_NOT_FIT: Final = message(
    "clients.owners_do_not_fit",
    "{count, plural, one {# thing does} other {# things do}} not fit the registration {registration};"
    " nothing was written",
    count=int,
    registration=str,
)
NOBODY_OWNS: Final = message("clients.nobody_owns", "nobody owns it, expected an owner")
ROLE_COUNT: Final = message(
    "clients.role_count", "{given} as {role}, expected {expected}", given=str, role=str, expected=str
)
ROLE_NOT_ALLOWED: Final = message(
    "clients.role_not_allowed",
    "{name} as {role}: this registration takes {expected}",
    name=str,
    role=str,
    expected=str,
)
OWNER_KIND: Final = message(
    "clients.owner_kind",
    "{name} is a {given}, expected a {expected} as {role}",
    name=str,
    given=str,
    expected=str,
    role=str,
)
OWNER_REPEATED: Final = message(
    "clients.owner_repeated", "{name} is named {given} as {role}, expected once",
    name=str, given=str, role=str,
)  # fmt: skip
OWNER_SHARE: Final = message(
    "clients.owner_share", "{name} has {given}, expected {expected}", name=str, given=str, expected=str
)
SHARES_EXPECTED: Final = message(
    "clients.shares_expected", "the shares are {given} together, expected {expected}", given=str, expected=str
)
OWNER_TWICE: Final = message("clients.owner_twice", "{name} is named twice, expected once", name=str)
NOT_OWNABLE: Final = message(
    "clients.not_ownable",
    "{name} is a person, expected a trust, company or estate; nothing was written",
    name=str,
)
TIER_SUM: Final = message(
    "clients.tier_sum",
    "the {tier} beneficiaries have {total} together, expected exactly 1; nothing was written",
    tier=str,
    total=str,
)
NO_PRIMARY: Final = message(
    "clients.no_primary",
    "there are contingent beneficiaries and no primary ones; nothing was written",
)
BENEFICIARY_NAME: Final = message("clients.beneficiary_name", "expected a party or a name")
NO_DEBTOR: Final = message(
    "clients.no_debtor", "nobody owes this debt, expected at least one party; nothing was written"
)
DEBT_SHARES: Final = message(
    "clients.debt_shares",
    "the shares of those who owe add up to {total}, expected at most 1; nothing was written",
    total=str,
)

# -- households, accounts, debts ---------------------------------------------------------------------

MEMBER_ALREADY: Final = message(
    "clients.member_already",
    "{name} belongs to this household already on {day, date}; nothing was written",
    name=str,
    day=date,
)
ENTITY_ROLE: Final = message(
    "clients.entity_role", "{name} is a {kind}: the role {role} does not fit it; nothing was written",
    name=str, kind=str, role=str,
)  # fmt: skip
NO_HOUSEHOLD_GIVEN: Final = message(
    "clients.no_household_given", "an account belongs to at least one household; nothing was written"
)
NUMBER_TAKEN: Final = message(
    "clients.number_taken",
    "{name} has this account number at {custodian} already; nothing was written",
    name=str,
    custodian=str,
)
PLACES: Final = message(
    "clients.places", "expected 0 or more with at most {places} decimal places", places=int
)
BEFORE_OPENING: Final = message(
    "clients.before_opening", "{day, date} is before the opening on {opened, date}; nothing was written",
    day=date, opened=date,
)  # fmt: skip
AFTER_CLOSING: Final = message(
    "clients.after_closing",
    "the debt was closed on {closed, date}: a balance of {day, date} can only be 0; nothing was written",
    closed=date,
    day=date,
)

NOT_EMPTY: Final = message(
    "clients.not_empty",
    "{name} still has {positions, plural, one {# position} other {# positions}} and {cash} {currency} at the"
    " end of {day, date}, expected nothing: transfer them out first; nothing was changed",
    name=str,
    positions=int,
    cash=str,
    currency=str,
    day=date,
)
SLEEVE_NOT_EMPTY: Final = message(
    "clients.sleeve_not_empty",
    "the sleeve {name} still has {positions, plural, one {# position} other {# positions}} and {cash}"
    " {currency} at the end of {day, date}, expected nothing: journal them to another sleeve first;"
    " nothing was changed",
    name=str,
    positions=int,
    cash=str,
    currency=str,
    day=date,
)
SLEEVE_TAKEN: Final = message(
    "clients.sleeve_taken", "the account has a sleeve called {name} already; nothing was changed", name=str
)
DEFAULT_STAYS: Final = message(
    "clients.default_sleeve_stays",
    "{name} is the sleeve that the custodian's entries come to, expected another one; nothing was changed",
    name=str,
)
LATER_ENTRIES: Final = message(
    "clients.later_entries",
    "{name} has {count, plural, one {# entry} other {# entries}} after {day, date}, expected none;"
    " nothing was changed",
    name=str,
    count=int,
    day=date,
)
STILL_OWED: Final = message(
    "clients.still_owed",
    "{amount} {currency} of {name} are owed by the balance of {day, date}, expected 0: record the last"
    " balance first; nothing was changed",
    amount=str,
    currency=str,
    name=str,
    day=date,
)

# -- books ---------------------------------------------------------------------------------------------

CODE_TAKEN: Final = message("clients.code_taken", "the code {code} is taken; nothing was written", code=str)
WRONG_PARENT: Final = message(
    "clients.wrong_parent",
    "a {kind} stands below {expected}, not below {given}; nothing was written",
    kind=str,
    expected=str,
    given=str,
)
SPLIT_SUM: Final = message(
    "clients.split_sum",
    "the splits add up to {total}, expected exactly 1; nothing was assigned",
    total=str,
)
SPLIT_RANGE: Final = message(
    "clients.split_range",
    "the split of {code} is {split}, expected above 0 and at most 1 with at most {places, number} decimal"
    " places; nothing was assigned",
    code=str,
    split=str,
    places=int,
)
BOOK_TWICE: Final = message(
    "clients.book_twice", "the book {code} is named twice; nothing was assigned", code=str
)

# -- the desk ------------------------------------------------------------------------------------------

NOT_YOUR_NOTE: Final = message(
    "clients.not_your_note", "only who wrote a note changes it; nothing was changed"
)
NOTE_REMOVED: Final = message("clients.note_removed", "this note was removed; nothing was changed")
TOO_MANY_TAGS: Final = message(
    "clients.too_many_tags", "a firm has at most {limit} tags; nothing was tagged", limit=int
)
TOO_MANY_VIEWS: Final = message(
    "clients.too_many_views",
    "you have {limit} saved views, the most there may be; nothing was saved",
    limit=int,
)
VIEW_NAME_TAKEN: Final = message(
    "clients.view_name_taken",
    "you have a view named {name} on this page already; nothing was saved",
    name=str,
)
NOT_YOUR_VIEW: Final = message(
    "clients.not_your_view", "only who saved a view changes it; nothing was changed"
)

# -- sensitive values ----------------------------------------------------------------------------------

NOTHING_TO_REVEAL: Final = message(
    "clients.nothing_to_reveal", "no {field} is kept of this {kind}; nothing was shown", field=str, kind=str
)
NOT_OF_THIS_KIND: Final = message(
    "clients.not_of_this_kind", "{field} is not kept of this kind of subject; nothing was shown", field=str
)

# -- what the audit log says ---------------------------------------------------------------------------

PARTY_CREATED: Final = message(
    "clients.audit_party_created", "Entered {name} as a {kind}", name=str, kind=str
)
PARTY_CHANGED: Final = message(
    "clients.audit_party_changed", "Changed {fields} of {name}", fields=str, name=str
)
CONTACTS_CHANGED: Final = message(
    "clients.audit_contacts", "Set {count, plural, one {# contact} other {# contacts}} of {name}",
    count=int, name=str,
)  # fmt: skip
RELATED: Final = message(
    "clients.audit_related", "Related {name} to another party as {kind}", name=str, kind=str
)
RELATION_ENDED: Final = message(
    "clients.audit_relation_ended", "Ended the relationship {kind} of {name} on {day, date}",
    kind=str, name=str, day=date,
)  # fmt: skip
OWNERSHIP_SET: Final = message(
    "clients.audit_ownership",
    "Set a share of {name} to {share} from {day, date}",
    name=str,
    share=str,
    day=date,
)
OWNERS_SET: Final = message(
    "clients.audit_owners",
    "Set {count, plural, one {# owner} other {# owners}} of {name} from {day, date}",
    count=int, name=str, day=date,
)  # fmt: skip
BENEFICIARIES_SET: Final = message(
    "clients.audit_beneficiaries",
    "Set {count, plural, one {# beneficiary} other {# beneficiaries}} of {name} from {day, date}",
    count=int, name=str, day=date,
)  # fmt: skip
HOUSEHOLD_CREATED: Final = message("clients.audit_household", "Made the household {name}", name=str)
MEMBER_ADDED: Final = message(
    "clients.audit_member",
    "Added a member to {name} as {role} from {day, date}",
    name=str,
    role=str,
    day=date,
)
MEMBER_ENDED: Final = message(
    "clients.audit_member_ended", "Ended a membership of {name} on {day, date}", name=str, day=date
)
ACCOUNT_JOINED: Final = message(
    "clients.audit_account_joined", "Added an account to {name} from {day, date}", name=str, day=date
)
ACCOUNT_LEFT: Final = message(
    "clients.audit_account_left", "Took an account out of {name} on {day, date}", name=str, day=date
)
ACCOUNT_OPENED: Final = message(
    "clients.audit_account", "Opened the account {name} as {registration}", name=str, registration=str
)
ACCOUNT_CHANGED: Final = message(
    "clients.audit_account_changed", "Changed {fields} of the account {name}", fields=str, name=str
)
NEEDS_REASON: Final = message(
    "clients.needs_reason",
    "from {day, date}, which has passed: say why, since gains of what was sold from then on change;"
    " nothing was changed",
    day=date,
)
SLEEVE_OPENED: Final = message(
    "clients.audit_sleeve_opened", "Made the sleeve {name} of {account}", name=str, account=str
)
SLEEVE_CHANGED: Final = message(
    "clients.audit_sleeve_changed", "Changed the sleeve {name} of {account}", name=str, account=str
)
SLEEVE_CLOSED: Final = message(
    "clients.audit_sleeve_closed", "Closed the sleeve {name} of {account}", name=str, account=str
)
SLEEVE_REOPENED: Final = message(
    "clients.audit_sleeve_reopened", "Opened the sleeve {name} of {account} again", name=str, account=str
)
ACCOUNT_CLOSED: Final = message(
    "clients.audit_account_closed", "Closed the account {name} on {day, date}", name=str, day=date
)
ACCOUNT_REOPENED: Final = message(
    "clients.audit_account_reopened", "Opened the account {name} again", name=str
)
PARTY_OWNERS_SET: Final = message(
    "clients.audit_party_owners",
    "Set {count, plural, one {# owner} other {# owners}} of {name} from {day, date}",
    count=int, name=str, day=date,
)  # fmt: skip
LIABILITY_CHANGED: Final = message(
    "clients.audit_liability_changed", "Changed {fields} of the debt {name}", fields=str, name=str
)
DEBTORS_SET: Final = message(
    "clients.audit_debtors",
    "Set {count, plural, one {# party} other {# parties}} that owe {name} from {day, date}",
    count=int, name=str, day=date,
)  # fmt: skip
LIABILITY_CREATED: Final = message(
    "clients.audit_liability", "Entered the debt {name} as {kind}", name=str, kind=str
)
BALANCE_RECORDED: Final = message(
    "clients.audit_balance", "Recorded the balance of {name} of {day, date}", name=str, day=date
)
BOOK_CREATED: Final = message("clients.audit_book", "Made the {kind} {name}", kind=str, name=str)
ACCOUNTS_ASSIGNED: Final = message(
    "clients.audit_assigned",
    "Assigned {count, plural, one {# account} other {# accounts}} from {day, date}",
    count=int, day=date,
)  # fmt: skip
NOTE_WRITTEN: Final = message("clients.audit_note", "Wrote a note on {name}", name=str)
NOTE_EDITED: Final = message("clients.audit_note_edited", "Changed a note on {name}", name=str)
NOTE_TAKEN_AWAY: Final = message("clients.audit_note_removed", "Removed a note on {name}", name=str)
TAGGED: Final = message(
    "clients.audit_tagged", "Tagged {count, plural, one {# subject} other {# subjects}}", count=int
)
UNTAGGED: Final = message(
    "clients.audit_untagged",
    "Took tags off {count, plural, one {# subject} other {# subjects}}",
    count=int,
)
VIEW_SAVED: Final = message("clients.audit_view", "Saved a view of the page {page}", page=str)
VIEW_DELETED: Final = message("clients.audit_view_deleted", "Deleted a view of the page {page}", page=str)
REVEALED: Final = message("clients.audit_revealed", "Was shown the {field} of {name}", field=str, name=str)
