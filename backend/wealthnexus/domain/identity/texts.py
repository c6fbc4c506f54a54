"""Every sentence identity says to a person: errors, e-mails, lines of the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wealthnexus.kit.text import message

# Signing in.
INVALID_CREDENTIALS = message(
    "identity.invalid_credentials", "The e-mail or the password is not right. Nobody was signed in."
)
CHALLENGE_OVER = message(
    "identity.challenge_over",
    "This sign-in has taken too long or was completed elsewhere. Start again with your password.",
)
WRONG_CODE = message(
    "identity.wrong_code",
    "That code is not right, or it was used before. Wait for the next one and try again.",
)
LOCKED = message(
    "identity.locked",
    "Too many failed attempts. Try again in {minutes, plural, one {# minute} other {# minutes}};"
    " nobody was signed in.",
    minutes=int,
)
TOO_BUSY = message(
    "identity.too_busy", "Too many people are signing in at this moment. Try again in a few seconds."
)
NO_SESSION = message("identity.no_session", "There is no session to continue. Sign in again.")
SESSION_OVER = message("identity.session_over", "This session has ended. Sign in again.")
SESSION_STOLEN = message(
    "identity.session_stolen",
    "This session was ended because an old token of it was used. Sign in again.",
)
REFRESHED_ELSEWHERE = message(
    "identity.refreshed_elsewhere", "This session was refreshed a moment ago; use the newest cookies."
)
NO_SUCH_SESSION = message(
    "identity.no_such_session", "There is no session {id} that you may end; nothing was changed.", id=str
)
STEP_UP_NEEDS_CODE = message(
    "identity.step_up_needs_code",
    "Confirming takes a code from your authenticator, not your password; nothing was changed.",
)

# Permissions.
NOT_ALLOWED = message(
    "identity.not_allowed",
    "{permission} is not among what your roles allow ({roles}); nothing was changed.",
    permission=str,
    roles=str,
)
NOT_WHILE_LIMITED = message(
    "identity.not_while_limited",
    "{permission} concerns the whole firm and your access is limited to a book; nothing was changed.",
    permission=str,
)
STEP_UP_FIRST = message(
    "identity.step_up_first",
    "Confirm with a code from your authenticator first; nothing was changed.",
)

# People.
BAD_EMAIL = message(
    "identity.bad_email",
    "{email} is not an e-mail address, expected e.g. ana@firm.com; nothing was changed.",
    email=str,
)
BAD_NAME = message(
    "identity.bad_name",
    "The name has {count, plural, one {# character} other {# characters}}, expected 1 to {limit, number}"
    " without control characters; nothing was changed.",
    count=int,
    limit=int,
)
PASSWORD_LENGTH = message(
    "identity.password_length",
    "The password has {count, plural, one {# character} other {# characters}}, expected"
    " {least, number} to {most, number}; it was not changed.",
    count=int,
    least=int,
    most=int,
)
PASSWORD_GUESSABLE = message(
    "identity.password_guessable",
    "The password is little more than a word that is guessed first (a common password, the firm's name"
    " or your own); expected something longer around it. It was not changed.",
)
PASSWORD_MONOTONE = message(
    "identity.password_monotone",
    "The password uses {count, plural, one {# different character} other {# different characters}},"
    " expected at least {least, number}; it was not changed.",
    count=int,
    least=int,
)
EMAIL_TAKEN = message(
    "identity.email_taken", "Somebody with this e-mail is at the firm already; nobody was invited."
)
ROLES_MIXED = message(
    "identity.roles_mixed",
    "{roles} mixes the firm's staff with its clients, expected one or the other; nothing was changed.",
    roles=str,
)
ROLES_NONE = message("identity.roles_none", "No role was given, expected at least one; nothing was changed.")
INVITE_LIMITED = message(
    "identity.invite_limited",
    "Your access is limited to a book; people are invited by those who see the whole firm."
    " Nobody was invited.",
)
ROLE_NOT_LIMITED = message(
    "identity.role_not_limited",
    "{roles} cannot be limited to a book: expected access to the whole firm, or another role."
    " Nothing was changed.",
    roles=str,
)
RESEND_LIMITED = message(
    "identity.resend_limited",
    "Your access is limited to a book; invitations are sent again by those who see the whole firm."
    " Nothing was sent.",
)
MAKER_MAY_NO_MORE = message(
    "identity.maker_may_no_more",
    "{name}, who asked for this, is no longer active or may no longer ask for it; nothing was changed.",
    name=str,
)
ROLE_NOT_YOURS_TO_GIVE = message(
    "identity.role_not_yours_to_give", "Your roles do not allow giving {role}; nothing was changed.", role=str
)
ROLE_NEEDS_SECOND_PERSON = message(
    "identity.role_needs_second_person",
    "{role} is given by a change of roles that a second person approves, not by an invitation;"
    " invite with another role first. Nobody was invited.",
    role=str,
)
TOO_MANY_PEOPLE = message(
    "identity.too_many_people",
    "The firm has {count, number} people, its tier allows {limit, number}; nobody was invited.",
    count=int,
    limit=int,
)
NO_SUCH_USER = message("identity.no_such_user", "There is no person {id} here; nothing was changed.", id=str)
USER_STALE = message(
    "identity.user_stale",
    "This person was changed by somebody else: version {expected, number} was expected, it is"
    " {current, number}; nothing was changed.",
    expected=int,
    current=int,
)
USER_NOT_INVITED = message(
    "identity.user_not_invited",
    "Only an invitation that was not accepted yet can be sent again; this person is {status}."
    " Nothing was sent.",
    status=str,
)
USER_NOT_ACTIVE = message(
    "identity.user_not_active", "This person is {status}, expected ACTIVE; nothing was changed.", status=str
)
NOT_ONESELF = message(
    "identity.not_oneself",
    "Nobody can do this to themselves; ask another administrator. Nothing was changed.",
)
LAST_ADMIN = message(
    "identity.last_admin",
    "This is the firm's last active administrator; make another one first. Nothing was changed.",
)
KIND_STAYS = message(
    "identity.kind_stays",
    "A {kind} cannot become the other kind by a change of roles; invite the person anew."
    " Nothing was changed.",
    kind=str,
)
ROLES_SAME = message("identity.roles_same", "These are the person's roles already; nothing was requested.")
NO_REASON = message(
    "identity.no_reason",
    "The reason has {count, number} characters, expected 1 to {limit, number}; nothing was changed.",
    count=int,
    limit=int,
)
LINK_OVER = message(
    "identity.link_over", "This link was used before or is too old. Ask for a new one; nothing was changed."
)
ROLE_CHANGE_TITLE = message("identity.role_change_title", "Change of roles")
ROLE_CHANGE_SUMMARY = message(
    "identity.role_change_summary", "From {before} to {after}.", before=str, after=str
)
AUTHENTICATOR_RESET_TITLE = message("identity.authenticator_reset_title", "Reset of an authenticator")
AUTHENTICATOR_RESET_SUMMARY = message(
    "identity.authenticator_reset_summary",
    "Authenticator, recovery codes and password are taken away, every session ends, and a link to begin"
    " anew is sent to the person's own e-mail.",
)
AUTHENTICATOR_NONE = message(
    "identity.authenticator_none",
    "This person has no authenticator: the next sign-in sets one up. Nothing was changed.",
)

# Access grants.
GRANT_NOBODY = message(
    "identity.grant_nobody",
    "There is no active or invited person {id} to give access to; nothing was changed.",
    id=str,
)
GRANT_FIRM_WIDE = message(
    "identity.grant_firm_wide",
    "This person sees the whole firm already, a grant would add nothing; nothing was changed.",
)
GRANT_NO_SUBJECT = message(
    "identity.grant_no_subject",
    "There is no account, household, person, debt or book {id} to share; nothing was changed.",
    id=str,
)
GRANT_RELATIONSHIP = message(
    "identity.grant_relationship",
    "{given} is not what a grant can stand for here, expected one of {expected}; nothing was changed.",
    given=str,
    expected=str,
)
PREVIEW_NOBODY = message(
    "identity.preview_nobody", "There is no person {id} whose access could be shown.", id=str
)
NO_SUBJECT_TO_SHOW = message(
    "identity.no_subject_to_show",
    "There is no household, person, account or debt {id} whose viewers could be shown.",
    id=str,
)
SHARE_TOO_MUCH = message(
    "identity.share_too_much",
    "This reaches more than {limit} accounts and people, which is too many to list one by one.",
    limit=int,
)
NO_PARTY_TO_LINK = message(
    "identity.no_party_to_link",
    "There is no living person {id} in the book whom this sign-in could belong to; nobody was invited.",
    id=str,
)
PARTY_NOT_STAFF = message(
    "identity.party_not_staff",
    "Only a client can be a person of the book; roles of the firm's staff were given. Nobody was invited.",
)
PARTY_HAS_ACCESS = message(
    "identity.party_has_access",
    "This person has access to the portal already, as {email}; nobody was invited.",
    email=str,
)
GRANT_PERMISSIONS = message(
    "identity.grant_permissions",
    "A grant allows read, or read and write; {given} was given. Nothing was changed.",
    given=str,
)
GRANT_CLIENT_READS = message(
    "identity.grant_client_reads",
    "{name} is a client, who may be given read and not write; nothing was changed.",
    name=str,
)
GRANT_DATES = message(
    "identity.grant_dates",
    "The grant would end on {ends}, before it begins on {begins}; nothing was changed.",
    ends=str,
    begins=str,
)
GRANT_GONE = message(
    "identity.grant_gone", "There is no grant {id} that could be ended; nothing was changed.", id=str
)
GRANT_ENDED = message("identity.grant_ended", "This grant was ended already; nothing was changed.")

# The audit log. No names and no addresses: those stand beside the line, erasable.
AUDIT_SIGNED_IN = message("identity.audit_signed_in", "Signed in")
AUDIT_TOKEN = message("identity.audit_token", "A development token was issued")
AUDIT_SESSION_ENDED = message("identity.audit_session_ended", "A session was ended")
AUDIT_FAILED = message("identity.audit_failed", "A sign-in failed, {count, number} in a row", count=int)
AUDIT_LOCKED = message(
    "identity.audit_locked",
    "Locked for {seconds, number} seconds after {count, number} failed attempts",
    seconds=int,
    count=int,
)
AUDIT_ENROLLED = message("identity.audit_enrolled", "An authenticator was enrolled")
AUDIT_STEPPED_UP = message("identity.audit_stepped_up", "A session was confirmed with a code")
AUDIT_INVITED = message("identity.audit_invited", "Invited as {roles}", roles=str)
AUDIT_INVITED_AGAIN = message("identity.audit_invited_again", "The invitation was sent again")
AUDIT_ACTIVATED = message("identity.audit_activated", "The invitation was accepted and a password set")
AUDIT_RESET_REQUESTED = message("identity.audit_reset_requested", "A link to set a new password was sent")
AUDIT_PASSWORD_CHANGED = message(
    "identity.audit_password_changed", "A new password was set and every session ended"
)
AUDIT_DEACTIVATED = message("identity.audit_deactivated", "Deactivated and every session ended")
AUDIT_AUTHENTICATOR_RESET = message(
    "identity.audit_authenticator_reset", "The authenticator was reset and every session ended"
)
AUDIT_ROLES_CHANGED = message(
    "identity.audit_roles_changed", "Roles changed from {before} to {after}", before=str, after=str
)
AUDIT_GRANT_CREATED = message(
    "identity.audit_grant_created", "Access to a {kind} was given ({permissions})", kind=str, permissions=str
)
AUDIT_GRANT_REVOKED = message("identity.audit_grant_revoked", "Access was taken back")
STOLEN_TOKEN = message(
    "identity.stolen_token",
    "An old refresh token of a session was used again. The session was ended; whoever held the copy may"
    " have read what this person may read.",
)

# E-mails.
MAIL_INVITATION_SUBJECT = message("identity.mail_invitation_subject", "Your access to {firm}", firm=str)
MAIL_INVITATION_BODY = message(
    "identity.mail_invitation_body",
    "Dear {name},\n\n{firm} has opened access for you. Choose a password and set up your authenticator"
    " here:\n\n{link}\n\nThe link works once, until {until, datetime}. If you did not expect this message,"
    " write to {support}.\n\n{footer}\n",
    name=str,
    firm=str,
    link=str,
    until=datetime,
    support=str,
    footer=str,
)
MAIL_RESET_SUBJECT = message("identity.mail_reset_subject", "A new password for {firm}", firm=str)
MAIL_RESET_BODY = message(
    "identity.mail_reset_body",
    "Dear {name},\n\nsomebody, hopefully you, asked for a new password at {firm}. Set it here:\n\n{link}\n\n"
    "The link works once, until {until, datetime}; your authenticator stays as it is. If it was not you,"
    " ignore this message: nothing has changed.\n\n{support}\n{footer}\n",
    name=str,
    firm=str,
    link=str,
    until=datetime,
    support=str,
    footer=str,
)
MAIL_AUTHENTICATOR_SUBJECT = message(
    "identity.mail_authenticator_subject", "Your authenticator at {firm} was reset", firm=str
)
MAIL_AUTHENTICATOR_BODY = message(
    "identity.mail_authenticator_body",
    "Dear {name},\n\ntwo people at {firm} have reset your authenticator. Your password, your recovery codes"
    " and every session ended with it. Choose a new password here:\n\n{link}\n\nThe link works once, until"
    " {until, datetime}; later, ask for another one where you sign in. Signing in then sets up your new"
    " authenticator. If you did not ask for this, write to {support} at once.\n\n{footer}\n",
    name=str,
    firm=str,
    link=str,
    until=datetime,
    support=str,
    footer=str,
)
MAIL_PASSWORD_CHANGED_SUBJECT = message(
    "identity.mail_password_changed_subject", "Your password at {firm} was changed", firm=str
)
MAIL_PASSWORD_CHANGED_BODY = message(
    "identity.mail_password_changed_body",
    "Dear {name},\n\nyour password at {firm} was changed and every session was ended. If it was not you,"
    " write to {support} at once.\n\n{footer}\n",
    name=str,
    firm=str,
    support=str,
    footer=str,
)
JOB_SEND_MAIL = message("identity.job_send_mail", "Send an e-mail")

# -- roles in words -------------------------------------------------------------------------------------

_ROLE_WORDS = {
    "FIRM_ADMIN": message("identity.role_firm_admin", "Firm admin"),
    "ADVISOR": message("identity.role_advisor", "Advisor"),
    "PORTFOLIO_MANAGER": message("identity.role_portfolio_manager", "Portfolio manager"),
    "TRADER": message("identity.role_trader", "Trader"),
    "OPERATIONS": message("identity.role_operations", "Operations"),
    "COMPLIANCE": message("identity.role_compliance", "Compliance"),
    "READ_ONLY": message("identity.role_read_only", "Read only"),
    "CLIENT": message("identity.role_client", "Client"),
    "GUARDIAN": message("identity.role_guardian", "Guardian"),
}
_NO_ROLE = message("identity.role_none", "no role")


def role_words(roles: Iterable[str]) -> str:
    """The roles as people read them, in a standing order."""
    return ", ".join(_ROLE_WORDS[role]() for role in sorted(str(each) for each in roles)) or _NO_ROLE()
