"""charges: what an account was charged by an entry of another one

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = "tenant_id, entry_id, account_id, type, day, amount, currency, reverses_id, book_version"
_FUNCTION = f"""
create function note_charge() returns trigger language plpgsql as $$
begin
  insert into account_charges ({_COLUMNS})
  values (new.tenant_id, new.id, new.billed_account_id, new.type, new.trade_date, new.amount, new.currency,
    new.reverses_id, new.book_version);
  return null;
end $$
"""
_THERE = f"""
insert into account_charges ({_COLUMNS})
select tenant_id, id, billed_account_id, type, trade_date, amount, currency, reverses_id, book_version
from transactions where billed_account_id <> account_id
"""


def upgrade() -> None:
    keys = {"entry_id": "transactions", "account_id": "accounts"}
    op.create_table(
        "account_charges",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(28, 8), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.Uuid()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_account_charges_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_account_charges_tenant_id_{column}_{table}"),
            )
            for column, table in keys.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", "entry_id", name=op.f("pk_account_charges")),
    )
    op.create_index("ix_account_charges_entry_id", "account_charges", ["tenant_id", "entry_id"])
    op.create_index(
        "ix_account_charges_account_id_day", "account_charges", ["tenant_id", "account_id", "day"]
    )
    op.create_index(
        "ix_account_charges_reverses_id",
        "account_charges",
        ["tenant_id", "reverses_id"],
        postgresql_where=sa.text("reverses_id is not null"),
    )
    _fill()
    op.secure_table(
        "account_charges",
        Security(
            grants={"app": "SELECT, INSERT", "portal": "SELECT"},
            scope=Scope(subjects=("account_id",), command="SELECT"),
            append_only=True,
        ),
    )
    op.execute(_FUNCTION)
    op.execute(
        "create trigger note_charge after insert on transactions for each row"
        " when (new.billed_account_id <> new.account_id) execute function note_charge()"
    )
    op.execute("alter table transactions enable always trigger note_charge")


def _fill() -> None:
    """Of the entries that are there, whichever firm's: their owner reads past the forced policies."""
    op.execute("alter table transactions no force row level security")
    op.execute(_THERE)
    op.execute("alter table transactions force row level security")


def downgrade() -> None:
    op.execute("drop trigger note_charge on transactions")
    op.execute("drop function note_charge()")
    op.drop_table("account_charges")
