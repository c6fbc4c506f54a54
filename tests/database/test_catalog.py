"""The catalog holds the rules of tenancy, and the check that says so goes red when one is broken."""

from __future__ import annotations

import psycopg
import pytest
from wealthnexus.domain.models import metadata
from wealthnexus.kit.db.catalog import catalog_faults
from wealthnexus.kit.migrating import MigrationError, refuse_faults

from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database


def boot(addresses: DatabaseAddresses) -> psycopg.Connection[tuple[object, ...]]:
    """The bootstrap superuser on this database: tests only, to break or to seed."""
    return psycopg.connect(
        host=str(addresses.postgres.socket_dir),
        port=addresses.postgres.port,
        user=addresses.postgres.superuser,
        dbname=addresses.name,
        autocommit=True,
    )


def faults(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    return catalog_faults(lambda sql: connection.execute(sql).fetchall(), metadata)


def test_every_table_of_the_migrated_database_holds_the_rules(database_addresses: DatabaseAddresses) -> None:
    with boot(database_addresses) as connection:
        assert faults(connection) == []
    inside = [table for table in metadata.tables.values() if "security" in table.info]
    assert len(inside) >= 40


@pytest.mark.parametrize(
    ("breakage", "expected"),
    [
        ("alter table accounts no force row level security", "table accounts: row security is not forced"),
        ("alter table accounts disable row level security", "table accounts: row security is not enabled"),
        ("drop policy floor on transactions", "table transactions: policy floor is missing"),
        ("drop policy app_scope on households", "table households: policy app_scope is missing"),
        ("drop policy portal_may on accounts", "table accounts: policy portal_may is missing"),
        (
            "create policy more on users as permissive for select to wn_app using (true)",
            "table users: policy more is declared nowhere",
        ),
        (
            "alter policy floor on sessions using (true)",
            "table sessions: policy floor does not say what the table declares",
        ),
        (
            "alter table transactions drop constraint fk_transactions_tenant_id_account_id_accounts",
            "table transactions: the key (tenant_id,account_id) is declared and not in the database",
        ),
        (
            "alter table portfolios add constraint lone unique (id)",
            "table portfolios: index lone starts with id, expected tenant_id",
        ),
        ("grant delete on transactions to wn_app", "table transactions: wn_app may"),
        ("grant select on audit_events_y2021 to wn_portal", "table audit_events_y2021: wn_portal may"),
        ("grant select on users to public", "table users: public may"),
        (
            "grant update (password_hash) on users to wn_portal",
            "table users: wn_portal may UPDATE the column password_hash, which is declared nowhere",
        ),
        (
            "revoke update (revoked_at) on sessions from wn_portal",
            "table sessions: wn_portal may not UPDATE the column revoked_at, declared is that it may",
        ),
        ("create table loose (id int)", "table loose is in the database and declared nowhere"),
        (
            "alter table audit_events disable trigger append_only_rows",
            "table audit_events: trigger append_only_rows is not enabled always",
        ),
        ("create type mood as enum ('fine')", "type mood is an ENUM"),
        ("create view all_accounts as select * from accounts", "view all_accounts runs as its owner"),
        (
            "create materialized view kept as select * from accounts",
            "materialised view kept would hold rows of every firm",
        ),
        (
            "create function sneak() returns int language sql security definer as 'select 1'",
            "function sneak is SECURITY DEFINER",
        ),
    ],
)
def test_the_check_goes_red(scratch_database: DatabaseAddresses, breakage: str, expected: str) -> None:
    with boot(scratch_database) as connection:
        assert faults(connection) == []
        connection.execute(breakage)
        found = faults(connection)
    assert [fault for fault in found if fault.startswith(expected)], found


def test_what_belongs_to_an_extension_is_not_ours(scratch_database: DatabaseAddresses) -> None:
    with boot(scratch_database) as connection:
        connection.execute("create extension vector")
        connection.execute("create view measured as select 1 as one")
        connection.execute("create table loose (id int)")
        assert len(faults(connection)) == 2
        connection.execute("alter extension vector add view measured")
        connection.execute("alter extension vector add table loose")
        assert faults(connection) == []


def test_migrating_refuses_a_database_that_does_not_hold_the_rules(
    scratch_database: DatabaseAddresses,
) -> None:
    url = scratch_database.owner.replace("asyncpg", "psycopg")
    refuse_faults(url, metadata)
    with boot(scratch_database) as connection:
        connection.execute("drop policy floor on transactions")
        connection.execute("alter table accounts no force row level security")
    with pytest.raises(MigrationError) as refused:
        refuse_faults(url, metadata)
    assert str(refused.value) == (
        "The database does not keep the firms apart as its tables declare, do not run the platform on it:"
        " table accounts: row security is not forced, its owner passes by;"
        " table transactions: policy floor is missing. Undo what was changed by hand, or restore a whole"
        " backup, and run `wealthnexus migrate` again."
    )
    with boot(scratch_database) as connection:
        for number in range(9):
            connection.execute(f"create table loose_{number} (id int)")
    with pytest.raises(MigrationError, match=r"; and 1 more\. Undo"):
        refuse_faults(url, metadata)


def test_a_single_column_foreign_key_is_named(scratch_database: DatabaseAddresses) -> None:
    with boot(scratch_database) as connection:
        connection.execute("alter table accounts add constraint lone_key unique (id)")
        connection.execute(
            "alter table portfolios add constraint narrow foreign key (account_id) references accounts (id)"
        )
        found = faults(connection)
    assert "table portfolios: foreign key narrow to accounts does not carry tenant_id on both sides" in found
