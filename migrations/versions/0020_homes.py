"""homes: in which household an account lies, for those who see the account alone

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.rls import scope_predicate
from wealthnexus.kit.db.tables import Scope, Security, for_writing

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COLUMNS = (
    "tenant_id, account_id, household_id, effective_from, effective_to, book_version, superseded_version"
)
_FUNCTION = f"""
create function note_home() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from account_homes h where h.tenant_id = old.tenant_id and h.id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into account_homes (id, {_COLUMNS})
    values (new.id, new.tenant_id, new.account_id, new.household_id, new.effective_from, new.effective_to,
      new.book_version, new.superseded_version);
  end if;
  return null;
end $$
"""
_SCOPES = {"benchmark_assignments": "subject_id", "calculation_policies": "household_id"}


def upgrade() -> None:
    op.create_table(
        "account_homes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger()),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_account_homes_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_account_homes_tenant_id_{column}_{table}"),
            )
            for column, table in (("account_id", "accounts"), ("household_id", "households"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account_homes")),
    )
    for column in ("account_id", "household_id"):
        op.create_index(f"ix_account_homes_{column}", "account_homes", ["tenant_id", column])
    for statement in ("no force", "force"):
        op.execute(f"alter table household_accounts {statement} row level security")
        if statement == "no force":
            op.execute(
                f"insert into account_homes (id, {_COLUMNS}) select id, {_COLUMNS} from household_accounts"
            )
    op.secure_table(
        "account_homes",
        Security(
            grants={"app": "SELECT, INSERT, DELETE", "portal": "SELECT"},
            scope=Scope(subjects=("account_id",), command="SELECT"),
        ),
    )
    op.execute(_FUNCTION)
    op.execute(
        "create trigger note_home after insert or update or delete on household_accounts"
        " for each row execute function note_home()"
    )
    _see(through_homes=True)


def _see(*, through_homes: bool) -> None:
    for table, column in _SCOPES.items():
        also = (column, "account_homes", "household_id") if through_homes else None
        scope = Scope(subjects=(column,), also_via=also, firm_if_null=column)
        for role in ("app", "portal"):
            seen, written = scope_predicate(scope, role), scope_predicate(for_writing(scope), role)
            op.execute(f"alter policy {role}_scope on {table} using ({seen}) with check ({written})")


def downgrade() -> None:
    _see(through_homes=False)
    op.execute("drop trigger note_home on household_accounts")
    op.execute("drop function note_home()")
    op.drop_table("account_homes")
