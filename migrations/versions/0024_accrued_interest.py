"""accrued interest: what accrued on bonds is part of what accounts are worth

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# As ``domain.ledger.accrual.accrued_per_face``: the dividend has 36 places, so that nothing rounds before 24.
_FUNCTION = """
create function accrued_per_face(
  coupon numeric, maturity date, payments integer, day_count text, day date, paid_to date
) returns numeric language plpgsql immutable strict parallel safe as $$
declare
  step integer;
  periods integer;
  begins date;
  ends date;
  first_day integer;
  last_day integer;
  days integer;
  year integer;
  due numeric := 0;
begin
  if coupon = 0 or (day >= maturity and maturity <= paid_to) then
    return 0;
  end if;
  if payments not in (1, 2, 3, 4, 6, 12)
    or day_count not in ('30/360', '30E/360', 'ACT/ACT', 'ACT/360', 'ACT/365') then
    return null;
  end if;
  if day >= maturity then
    return round(coupon * 1.000000000000000000000000000000000000 / (100 * payments), 24);
  end if;
  step := 12 / payments;
  periods := ((extract(year from maturity) - extract(year from day)) * 12
    + extract(month from maturity) - extract(month from day))::integer / step;
  if periods = 0 or (maturity - make_interval(months => periods * step))::date > day then
    periods := periods + 1;
  end if;
  begins := (maturity - make_interval(months => periods * step))::date;
  ends := (maturity - make_interval(months => (periods - 1) * step))::date;
  if day_count like '30%' then
    first_day := least(extract(day from begins)::integer, 30);
    last_day := extract(day from day)::integer;
    if day_count = '30E/360' or first_day = 30 then
      last_day := least(last_day, 30);
    end if;
    days := (extract(year from day) - extract(year from begins))::integer * 360
      + (extract(month from day) - extract(month from begins))::integer * 30 + last_day - first_day;
  else
    days := day - begins;
  end if;
  year := case day_count when 'ACT/ACT' then (ends - begins) * payments when 'ACT/365' then 365 else 360 end;
  if begins > paid_to then
    due := round(coupon * 1.000000000000000000000000000000000000 / (100 * payments), 24);
  end if;
  return round(coupon * days * 1.000000000000000000000000000000000000 / (100 * year), 24) + due;
end $$
"""
_MONEY = sa.Numeric(28, 8)


def upgrade() -> None:
    op.execute(_FUNCTION)
    _forget()
    for column in ("accrued_interest", "reporting_accrued"):
        op.add_column("account_valuations", sa.Column(column, _MONEY))
    op.add_column("account_valuations", sa.Column("unaccrued_count", sa.Integer(), nullable=False))
    op.add_column("household_summaries", sa.Column("accrued", _MONEY))
    op.add_column("household_summaries", sa.Column("unaccrued_count", sa.Integer(), nullable=False))


def downgrade() -> None:
    _forget()
    for table, columns in (
        ("household_summaries", ("unaccrued_count", "accrued")),
        ("account_valuations", ("unaccrued_count", "reporting_accrued", "accrued_interest")),
    ):
        for column in columns:
            op.drop_column(table, column)
    op.execute("drop function accrued_per_face(numeric, date, integer, text, date, date)")


def _forget() -> None:
    """What is stored of values is computed anew: until a job did, readers compute."""
    op.execute("truncate portfolio_days, portfolio_day_marks, account_valuations")
    op.execute("truncate household_summaries, summarised_days")
    for statement in ("no force", "force"):
        op.execute(f"alter table book_heads {statement} row level security")
        if statement == "no force":
            op.execute("update book_heads set valued_day = null")
