"""What identity announces. Payloads carry ids and states, never a name or an address."""

from __future__ import annotations

from wealthnexus.kit.events import register

USER_INVITED = register(
    "identity.user.invited",
    description="A person was invited to the firm.",
    fields={"userId": "id", "kind": "text"},
)
INVITATION_RESENT = register(
    "identity.invitation.resent",
    description="A new invitation replaced the old one.",
    fields={"userId": "id"},
)
USER_ACTIVATED = register(
    "identity.user.activated",
    description="An invited person set a password.",
    fields={"userId": "id"},
)
USER_DEACTIVATED = register(
    "identity.user.deactivated",
    description="A person may no longer sign in; every session was ended.",
    fields={"userId": "id", "version": "integer"},
)
ROLES_CHANGED = register(
    "identity.roles.changed",
    description="A person's roles were changed by an approved request.",
    fields={"userId": "id", "version": "integer"},
)
SECOND_FACTOR_ENROLLED = register(
    "identity.second_factor.enrolled",
    description="A person enrolled an authenticator and received recovery codes.",
    fields={"userId": "id"},
)
SECOND_FACTOR_RESET = register(
    "identity.second_factor.reset",
    description="A lost authenticator was taken away by an approved request; every session was ended.",
    fields={"userId": "id", "version": "integer"},
)
PASSWORD_RESET_REQUESTED = register(
    "identity.password.reset_requested",
    description="A link to set a new password was sent.",
    fields={"userId": "id"},
)
PASSWORD_CHANGED = register(
    "identity.password.changed",
    description="A new password was set; every session was ended.",
    fields={"userId": "id"},
)
USER_LOCKED = register(
    "identity.user.locked",
    description="Too many failed attempts: the person cannot sign in for a while.",
    fields={"userId": "id", "seconds": "integer"},
)
SESSION_STARTED = register(
    "identity.session.started",
    description="A person signed in, or a development token was issued.",
    fields={"userId": "id", "sessionId": "id"},
)
SESSION_STEPPED_UP = register(
    "identity.session.stepped_up",
    description="A session proved itself again for a sensitive act.",
    fields={"userId": "id", "sessionId": "id"},
)
SESSION_REVOKED = register(
    "identity.session.revoked",
    description="A session ended before its time.",
    fields={"userId": "id", "sessionId": "id", "reason": "text"},
)
GRANT_CREATED = register(
    "identity.access_grant.created",
    description="Somebody was given access to a subject.",
    fields={"grantId": "id", "principalId": "id"},
)
GRANT_REVOKED = register(
    "identity.access_grant.revoked",
    description="An access grant was ended.",
    fields={"grantId": "id", "principalId": "id"},
)
SCOPE_REBUILT = register(
    "identity.access_scope.rebuilt",
    description="What limited members may see was expanded anew.",
    fields={"principals": "integer"},
)
