"""What may be done (permissions), the roles that bundle them, and who may give which role."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Kind = Literal["STAFF", "CLIENT"]


class Permission(StrEnum):
    """``room.verb``; each is enough for its act, none implies another."""

    FIRM_READ = "firm.read"
    HOUSEHOLDS_READ = "households.read"
    HOUSEHOLDS_EDIT = "households.edit"
    ACCOUNTS_READ = "accounts.read"
    POSITIONS_READ = "positions.read"
    TRANSACTIONS_READ = "transactions.read"
    TRANSACTIONS_POST = "transactions.post"
    TRANSACTIONS_CORRECT = "transactions.correct"
    LOTS_READ = "lots.read"
    LOTS_JUDGE = "lots.judge"
    SECURITIES_READ = "securities.read"
    PRICES_OVERRIDE = "prices.override"
    PERFORMANCE_MANAGE = "performance.manage"
    PARTIES_READ = "parties.read"
    PARTIES_EDIT = "parties.edit"
    LIABILITIES_EDIT = "liabilities.edit"
    SENSITIVE_REVEAL = "sensitive.reveal"
    BOOKS_ASSIGN = "books.assign"
    BOOKS_CLOSE = "books.close"
    NOTES_READ = "notes.read"
    NOTES_WRITE = "notes.write"
    TAGS_WRITE = "tags.write"
    VIEWS_WRITE = "views.write"
    RECONCILIATION_READ = "reconciliation.read"
    RECONCILIATION_WORK = "reconciliation.work"
    RECONCILIATION_SIGN_OFF = "reconciliation.sign_off"
    SEARCH_USE = "search.use"
    IMPORTS_RUN = "imports.run"
    JOBS_READ = "jobs.read"
    JOBS_CANCEL = "jobs.cancel"
    WORK_READ = "work.read"
    WORK_MANAGE = "work.manage"
    FINDINGS_READ = "findings.read"
    FINDINGS_RESOLVE = "findings.resolve"
    APPROVALS_READ = "approvals.read"
    APPROVALS_DECIDE = "approvals.decide"
    USERS_READ = "users.read"
    USERS_INVITE = "users.invite"
    USERS_DEACTIVATE = "users.deactivate"
    ROLES_CHANGE = "roles.change"
    AUTHENTICATORS_RESET = "authenticators.reset"
    SESSIONS_REVOKE = "sessions.revoke"
    GRANTS_READ = "grants.read"
    GRANTS_MANAGE = "grants.manage"
    AUDIT_READ = "audit.read"
    API_INTROSPECT = "api.introspect"
    REQUESTS_SEND = "requests.send"


class Role(StrEnum):
    """A person's part in the firm; the values are those stored and those of the API."""

    FIRM_ADMIN = "FIRM_ADMIN"
    ADVISOR = "ADVISOR"
    PORTFOLIO_MANAGER = "PORTFOLIO_MANAGER"
    TRADER = "TRADER"
    OPERATIONS = "OPERATIONS"
    COMPLIANCE = "COMPLIANCE"
    READ_ONLY = "READ_ONLY"
    CLIENT = "CLIENT"
    GUARDIAN = "GUARDIAN"


CLIENT_ROLES = frozenset({Role.CLIENT, Role.GUARDIAN})
STAFF_ROLES = frozenset(Role) - CLIENT_ROLES

P = Permission
_SEE = frozenset(
    {
        P.FIRM_READ,
        P.HOUSEHOLDS_READ,
        P.ACCOUNTS_READ,
        P.POSITIONS_READ,
        P.TRANSACTIONS_READ,
        P.SECURITIES_READ,
        P.PARTIES_READ,
    }
)
_CLIENT = _SEE | {P.REQUESTS_SEND}
_READ = _SEE | {
    P.LOTS_READ,
    P.NOTES_READ,
    P.RECONCILIATION_READ,
    P.SEARCH_USE,
    P.JOBS_READ,
    P.WORK_READ,
    P.FINDINGS_READ,
    P.USERS_READ,
}
_DESK = _READ | {P.WORK_MANAGE, P.APPROVALS_READ, P.NOTES_WRITE, P.TAGS_WRITE, P.VIEWS_WRITE}
# Who looks after clients enters who they are, what they own and what they owe.
_CLIENT_DESK = frozenset({P.HOUSEHOLDS_EDIT, P.PARTIES_EDIT, P.LIABILITIES_EDIT})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # Runs the firm's people and access; keeps its hands off the ledger.
    Role.FIRM_ADMIN: _DESK
    | _CLIENT_DESK
    | {
        P.BOOKS_ASSIGN,
        P.BOOKS_CLOSE,
        P.IMPORTS_RUN,
        P.JOBS_CANCEL,
        P.FINDINGS_RESOLVE,
        P.APPROVALS_DECIDE,
        P.USERS_INVITE,
        P.USERS_DEACTIVATE,
        P.ROLES_CHANGE,
        P.AUTHENTICATORS_RESET,
        P.SESSIONS_REVOKE,
        P.GRANTS_READ,
        P.GRANTS_MANAGE,
        P.AUDIT_READ,
        P.API_INTROSPECT,
    },
    Role.ADVISOR: _DESK | _CLIENT_DESK | {P.SENSITIVE_REVEAL, P.USERS_INVITE},
    Role.PORTFOLIO_MANAGER: _DESK | {P.PRICES_OVERRIDE, P.LOTS_JUDGE, P.PERFORMANCE_MANAGE},
    Role.TRADER: _DESK,
    Role.OPERATIONS: _DESK
    | _CLIENT_DESK
    | {
        P.SENSITIVE_REVEAL,
        P.BOOKS_ASSIGN,
        P.BOOKS_CLOSE,
        P.PERFORMANCE_MANAGE,
        P.PRICES_OVERRIDE,
        P.LOTS_JUDGE,
        P.RECONCILIATION_WORK,
        P.RECONCILIATION_SIGN_OFF,
        P.TRANSACTIONS_POST,
        P.TRANSACTIONS_CORRECT,
        P.IMPORTS_RUN,
        P.JOBS_CANCEL,
        P.FINDINGS_RESOLVE,
        P.USERS_INVITE,
    },
    # Watches and decides as the second person; changes nothing itself but access that must end.
    Role.COMPLIANCE: _DESK
    | {
        P.SENSITIVE_REVEAL,
        P.LOTS_JUDGE,
        P.RECONCILIATION_SIGN_OFF,
        P.FINDINGS_RESOLVE,
        P.APPROVALS_DECIDE,
        P.USERS_DEACTIVATE,
        P.SESSIONS_REVOKE,
        P.GRANTS_READ,
        P.AUDIT_READ,
    },
    Role.READ_ONLY: _READ,
    Role.CLIENT: _CLIENT,
    Role.GUARDIAN: _CLIENT,
}

_CLIENT_GIVERS = frozenset({Role.FIRM_ADMIN, Role.ADVISOR, Role.OPERATIONS})

# With one of these a single person could undo the four-eyes rule, so no single person may give them.
_DUAL_CONTROL = frozenset({P.ROLES_CHANGE, P.APPROVALS_DECIDE, P.GRANTS_MANAGE})

# Acts on the firm as a whole: nobody does them who sees a part of it only, whatever their roles.
FIRM_WIDE = frozenset(
    {
        P.ROLES_CHANGE,
        P.AUTHENTICATORS_RESET,
        P.GRANTS_MANAGE,
        P.USERS_DEACTIVATE,
        P.SESSIONS_REVOKE,
        P.APPROVALS_DECIDE,
    }
)
# Roles that are about the firm as a whole; limited to a book they could not do what they are for.
FIRM_WIDE_ROLES = frozenset({Role.FIRM_ADMIN, Role.OPERATIONS, Role.COMPLIANCE})


def permissions_of(
    roles: frozenset[Role], scope: Literal["firm", "limited"] = "firm"
) -> frozenset[Permission]:
    """Everything the roles allow together to somebody who sees the whole firm, or a part of it."""
    together: frozenset[Permission] = frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))
    return together - FIRM_WIDE if scope == "limited" else together


def may_give(giver: frozenset[Role], role: Role) -> bool:
    """Staff roles are given by firm admins; advisors and operations may bring in clients."""
    if role in CLIENT_ROLES:
        return bool(giver & _CLIENT_GIVERS)
    return Role.FIRM_ADMIN in giver


def needs_second_person(role: Role) -> bool:
    """Whether the role can only come by an approved role change, never by an invitation alone."""
    return bool(ROLE_PERMISSIONS[role] & _DUAL_CONTROL)


def kind_of(roles: frozenset[Role]) -> Kind:
    """STAFF or CLIENT; ValueError on none or on a mixture, which would cross the database roles."""
    if not roles:
        raise ValueError("no role was given, expected at least one")
    if roles <= CLIENT_ROLES:
        return "CLIENT"
    if roles <= STAFF_ROLES:
        return "STAFF"
    raise ValueError(
        f"{', '.join(sorted(roles))} mixes the firm's staff with its clients, expected one or the other"
    )
