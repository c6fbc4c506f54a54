"""Users, what they may do, their sessions and their one-time tokens."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import (
    ALL_VERBS,
    INSTANT,
    Scope,
    key_column,
    tenant_fk,
    tenant_index,
    tenant_table,
)

users = tenant_table(
    "users",
    Column("email", Text, nullable=False),
    Column("email_normalised", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("kind", Text, nullable=False),  # STAFF | CLIENT: decides the database role
    Column("status", Text, nullable=False),  # INVITED ACTIVE DEACTIVATED
    Column("scope", Text, nullable=False),  # firm | limited
    Column("party_id", Uuid),
    Column("password_hash", Text),
    Column("password_changed_at", INSTANT),
    Column("totp_secret", LargeBinary),  # encrypted
    Column("totp_last_step", BigInteger),
    Column("mfa_enrolled_at", INSTANT),
    Column("failed_count", Integer, nullable=False),
    Column("locked_until", INSTANT),
    Column("last_sign_in_at", INSTANT),
    Column("invited_at", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "email_normalised"),
    tenant_fk("party_id", "parties"),
    tenant_index("users", "name_normalised", "id"),
    portal="SELECT",
    system="SELECT",
    # A limited member sees itself and the users whose party is in its scope.
    scope=Scope(principals=("id",), subjects=("party_id",)),
)

user_roles = tenant_table(
    "user_roles",
    key_column("user_id"),
    key_column("role", Text),
    Column("granted_at", INSTANT, nullable=False),
    Column("granted_by", Uuid),
    tenant_fk("user_id", "users"),
    key=("user_id", "role"),
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(principals=("user_id",)),
)

recovery_codes = tenant_table(
    "recovery_codes",
    Column("user_id", Uuid, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    Column("used_at", INSTANT),
    tenant_fk("user_id", "users"),
    tenant_index("recovery_codes", "user_id"),
    app=ALL_VERBS,
    portal="SELECT",
    scope=Scope(principals=("user_id",)),
)

sessions = tenant_table(
    "sessions",
    Column("user_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),  # cookie | bearer
    Column("created_at", INSTANT, nullable=False),
    Column("last_seen_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("stepped_up_until", INSTANT),
    Column("ip_address", Text),
    Column("user_agent", Text),
    Column("revoked_at", INSTANT),
    Column("revoked_reason", Text),
    tenant_fk("user_id", "users"),
    tenant_index("sessions", "user_id", "created_at"),
    tenant_index("sessions", "expires_at"),
    # A client ends sessions of its own; how long they last and how proven they are is not the portal's.
    portal="SELECT, UPDATE (revoked_at, revoked_reason)",
    scope=Scope(principals=("user_id",)),
)

session_tokens = tenant_table(
    "session_tokens",
    Column("session_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),  # access | refresh
    Column("token_hash", LargeBinary, nullable=False),
    Column("issued_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("used_at", INSTANT),
    Column("replaced_by_id", Uuid),
    tenant_fk("session_id", "sessions"),
    tenant_fk("replaced_by_id", "session_tokens"),
    UniqueConstraint("tenant_id", "token_hash"),
    tenant_index("session_tokens", "session_id"),
    tenant_index("session_tokens", "expires_at"),
    tenant_index("session_tokens", "replaced_by_id"),
    app=ALL_VERBS,
    scope=Scope(via=("session_id", "sessions", "id")),
)

one_time_tokens = tenant_table(
    "one_time_tokens",
    Column("user_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),  # invitation | password_reset | sign_in | enrolment
    Column("token_hash", LargeBinary, nullable=False),
    Column("payload", LargeBinary),  # encrypted, e.g. the secret being enrolled
    Column("attempts", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("used_at", INSTANT),
    tenant_fk("user_id", "users"),
    UniqueConstraint("tenant_id", "token_hash"),
    tenant_index("one_time_tokens", "user_id"),
    tenant_index("one_time_tokens", "expires_at"),
    app=ALL_VERBS,
    scope=Scope(principals=("user_id",)),
)

mail_messages = tenant_table(
    "mail_messages",
    Column("user_id", Uuid),
    Column("template", Text, nullable=False),
    Column("recipient", LargeBinary, nullable=False),  # encrypted
    Column("params", LargeBinary, nullable=False),  # encrypted: carries links with tokens
    Column("state", Text, nullable=False),  # QUEUED SENT FAILED
    Column("attempts", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("sent_at", INSTANT),
    Column("error", Text),
    tenant_fk("user_id", "users"),
    tenant_index("mail_messages", "user_id"),
    tenant_index("mail_messages", "created_at"),
    portal="INSERT",
    scope=Scope(principals=("user_id",)),
)

access_grants = tenant_table(
    "access_grants",
    Column("principal_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    # self | spouse | parent | guardian | trustee | executor | attorney | accountant | delegate | staff
    Column("relationship", Text, nullable=False),
    Column("permissions", JSONB, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("reason", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid),
    Column("revoked_at", INSTANT),
    Column("revoked_by", Uuid),
    tenant_fk("principal_id", "users"),
    tenant_fk("subject_id", "subjects"),
    tenant_index("access_grants", "principal_id"),
    tenant_index("access_grants", "subject_id"),
    portal="SELECT",
    scope=Scope(principals=("principal_id",)),
)

access_scope = tenant_table(
    "access_scope",
    key_column("principal_id"),
    key_column("subject_id"),
    key_column("grant_id"),
    Column("kind", Text, nullable=False),  # account | party | household | book
    Column("may_write", Boolean, nullable=False),
    Column("expires_at", INSTANT),
    tenant_fk("principal_id", "users"),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("grant_id", "access_grants"),
    tenant_index("access_scope", "subject_id"),
    tenant_index("access_scope", "grant_id"),
    key=("principal_id", "subject_id", "grant_id"),
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(principals=("principal_id",)),
)
