"""What each file of a bundle holds, as one statement a file: $1 the firm, $2 the source the bundle is of.

The columns of a statement are the columns of the file, in its order; dates, numbers and words come out as
the bundle writes them. A row that speaks of another source's things names them as ``[source]key``.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from typing import Final

from wealthnexus.domain.ledger.statements import not_withdrawn


def reference(alias: str, key: str = "external_id") -> str:
    """The key of a thing, with its source when that is another one; null when there is no thing."""
    other = f"'[' || {alias}.source || ']' || {alias}.{key}"
    return f"case when {alias}.source = $2 then {alias}.{key} else {other} end"


def number(column: str, places: int | None = None) -> str:
    """Without the zeros of its column's scale."""
    return f"trim_scale({column if places is None else f'round({column}, {places})'})"


_STANDING: Final = (
    "t.entry_kind <> 'REVERSAL' and not exists"
    " (select 1 from transactions r where r.tenant_id = $1 and r.reverses_id = t.id)"
)
# A dated row belongs to the source that gave it; what a person wrote, to the source of its subject.
_ORIGIN: Final = """
left join book_versions v on v.tenant_id = $1 and v.version = t.book_version
left join import_batches b on b.tenant_id = $1 and b.id = v.batch_id"""


def _of_source(subject: str) -> str:
    return f"t.tenant_id = $1 and t.superseded_version is null and coalesce(b.source, {subject}.source) = $2"


SOURCES: Final = """
select s.source from (
  select b.source, min(b.created_at) as first from import_batches b where b.tenant_id = $1
    and not exists (select 1 from import_undos u where u.tenant_id = $1 and u.batch_id = b.id)
  group by b.source
  union all select source, max(created_at) from households where tenant_id = $1 group by source
  union all select source, max(created_at) from accounts where tenant_id = $1 group by source
  union all select source, max(created_at) from securities where tenant_id = $1 group by source
  union all select source, max(created_at) from parties where tenant_id = $1 group by source
  union all select source, max(created_at) from liabilities where tenant_id = $1 group by source
  union all select source, max(recorded_at) from transactions where tenant_id = $1 and batch_id is null
    group by source
) s group by s.source order by s.source = 'MANUAL', min(s.first), s.source"""

LAST_DAY: Final = f"""
select max(d.day) from (
  (select t.trade_date as day from transactions t where t.tenant_id = $1 and {_STANDING}
   order by t.trade_date desc limit 1)
  union all
  (select p.day from security_prices p where p.tenant_id = $1
    and {not_withdrawn("security_prices", "p", "security_id", "day", "source")} order by p.day desc limit 1)
  union all select max(x.day) from fx_rates x where x.tenant_id = $1
    and {not_withdrawn("fx_rates", "x", "base", "quote", "day", "source")}
  union all select max(y.day) from liability_balances y where y.tenant_id = $1
    and {not_withdrawn("liability_balances", "y", "liability_id", "day", "source")}
  union all select max(day) from custodian_positions where tenant_id = $1
  union all select max(day) from custodian_lots where tenant_id = $1
  union all select max(as_of) from lots where tenant_id = $1 and superseded_version is null
  union all select max(greatest(opened_on, closed_on)) from accounts where tenant_id = $1
  union all select max(left_on) from households where tenant_id = $1
  union all select max(greatest(opened_on, closed_on)) from liabilities where tenant_id = $1
  union all
  select max(greatest(formed_on, ended_on, kyc_verified_on, risk_assessed_on)) from parties
  where tenant_id = $1
) d"""

HOUSEHOLDS: Final = """
select h.external_id, h.name, h.left_on from households h
where h.tenant_id = $1 and h.source = $2 order by h.external_id"""

# The sealed number stands where the file has the number.
ACCOUNTS: Final = f"""
select a.external_id, {reference("h")} as household_external_id, a.account_number, a.name, a.account_type,
  a.tax_status, a.custodian, a.currency, a.opened_on, a.lot_method, a.closed_on, a.has_margin,
  a.custodianship_ends_on, m.effective_from as member_from, m.effective_to as member_to, a.id
from accounts a
left join household_accounts m on m.tenant_id = $1 and m.account_id = a.id and m.superseded_version is null
left join households h on h.tenant_id = $1 and h.id = m.household_id
where a.tenant_id = $1 and a.source = $2 order by a.external_id, m.effective_from, h.external_id"""

CLIENTS: Final = """
select p.external_id, upper(p.kind) as kind, p.name, p.given_name, p.family_name, p.birth_date, p.tax_id,
  p.tax_id_type, p.citizenship, p.residence, p.jurisdiction, p.formed_on, p.ended_on,
  upper(p.status) as status, upper(p.kyc_state) as kyc_state, p.kyc_verified_on, p.kyc_refresh_due,
  upper(p.risk_profile) as risk_profile, p.risk_assessed_on, c.email, c.phone, c.address, p.id
from parties p
left join lateral (
  select max(x.value) filter (where x.kind = 'email') as email,
    max(x.value) filter (where x.kind = 'phone') as phone,
    max(x.value) filter (where x.kind = 'address') as address
  from party_contacts x where x.tenant_id = $1 and x.party_id = p.id and x.is_primary
) c on true
where p.tenant_id = $1 and p.source = $2 order by p.external_id"""

_SECURITY: Final = f"""
select s.security_key, s.symbol, s.exchange, i.cusip, i.isin, i.sedol, i.figi, s.name, s.security_type,
  s.asset_class, s.sub_asset_class, s.currency, {number("s.price_multiplier")} as price_multiplier,
  {reference("u", "security_key")} as underlying_key, s.option_type, {number("s.strike")} as strike,
  s.expiry, {number("s.contract_size")} as contract_size, {number("s.coupon", 10)} as coupon, s.maturity,
  s.day_count, s.payments_per_year
from securities s
left join securities u on u.tenant_id = $1 and u.id = s.underlying_id
left join lateral (
  select max(x.value) filter (where x.scheme = 'CUSIP') as cusip,
    max(x.value) filter (where x.scheme = 'ISIN') as isin,
    max(x.value) filter (where x.scheme = 'SEDOL') as sedol,
    max(x.value) filter (where x.scheme = 'FIGI') as figi
  from security_identifiers x
  where x.tenant_id = $1 and x.security_id = s.id and x.superseded_version is null and x.effective_to is null
) i on true
where s.tenant_id = $1 and s.source = $2 order by s.security_key"""

_PRICES: Final = f"""
select {reference("s", "security_key")} as security_key, p.day, {number("p.open")}, {number("p.high")},
  {number("p.low")}, {number("p.close")}, {number("p.volume")}, nullif(p.source, $2) as source
from (
  select distinct on (x.security_id, x.day, x.source) x.* from security_prices x where x.tenant_id = $1
  order by x.security_id, x.day, x.source, x.book_version desc
) p
join securities s on s.tenant_id = $1 and s.id = p.security_id
left join import_batches b on b.tenant_id = $1 and b.id = p.batch_id
where not p.is_withdrawn and coalesce(b.source, s.source) = $2
order by p.security_id, p.day, p.source"""

_FX_RATES: Final = f"""
select x.base, x.quote, x.day, {number("x.rate", 10)}, nullif(x.source, $2) as source
from (
  select distinct on (r.base, r.quote, r.day, r.source) r.* from fx_rates r where r.tenant_id = $1
  order by r.base, r.quote, r.day, r.source, r.book_version desc
) x
left join import_batches b on b.tenant_id = $1 and b.id = x.batch_id
where not x.is_withdrawn and coalesce(b.source, x.source) = $2
order by x.base, x.quote, x.day, x.source"""

# Dividends before what is bought with them; else in the order in which their source gave them.
_TRANSACTIONS: Final = f"""
select t.source_id, {reference("a")}, t.type, t.trade_date, t.settlement_date,
  {reference("s", "security_key")}, {number("t.quantity")}, {number("t.price")}, {number("t.amount")},
  {number("t.fees")}, t.currency,
  t.lot_selection, t.related_source_id, {number("t.accrued_interest")}, t.description, {reference("c")},
  t.order_reference, {number("t.exchange_rate", 10)}, {reference("o")}, upper(t.is_deep_in_the_money::text),
  case when not f.is_default then f.name end
from transactions t
join portfolios f on f.tenant_id = $1 and f.id = t.portfolio_id
join accounts a on a.tenant_id = $1 and a.id = t.account_id
left join securities s on s.tenant_id = $1 and s.id = t.security_id
left join corporate_actions c on c.tenant_id = $1 and c.id = t.corporate_action_id
left join accounts o on o.tenant_id = $1 and o.id = t.billed_account_id
where t.tenant_id = $1 and t.source = $2 and {_STANDING}
order by t.trade_date, t.type = 'REINVEST', t.source_line nulls last, t.source_id"""

_IDENTIFIERS: Final = f"""
select {reference("s", "security_key")}, t.scheme, t.value, t.exchange, t.effective_from, t.effective_to
from security_identifiers t join securities s on s.tenant_id = $1 and s.id = t.security_id {_ORIGIN}
where {_of_source("s")}
order by s.security_key, t.scheme, t.effective_from nulls first, t.value"""

_LIABILITIES: Final = f"""
select l.external_id, {reference("h")}, l.name, upper(l.kind), l.lender, l.currency,
  {number("l.original_amount")}, {number("l.interest_rate", 10)}, l.opened_on, l.matures_on, l.closed_on,
  {reference("a")}, {reference("s", "security_key")}, y.day, {number("y.balance")}
from liabilities l
join households h on h.tenant_id = $1 and h.id = l.household_id
left join accounts a on a.tenant_id = $1 and a.id = l.secured_account_id
left join securities s on s.tenant_id = $1 and s.id = l.secured_security_id
left join (
  select distinct on (x.liability_id, x.day) x.liability_id, x.day, x.balance
  from liability_balances x where x.tenant_id = $1
    and {not_withdrawn("liability_balances", "x", "liability_id", "day", "source")}
  order by x.liability_id, x.day, x.book_version desc
) y on y.liability_id = l.id
where l.tenant_id = $1 and l.source = $2 order by l.external_id, y.day"""

_OWNERS: Final = f"""
select account, liability, client, role, share, tier, is_per_stirpes, effective_from, effective_to, name
from (
  select {reference("a")} as account, null as liability, {reference("p")} as client, upper(t.role) as role,
    {number("t.share")} as share, null as tier, null as is_per_stirpes, t.effective_from, t.effective_to,
    null as name, 1 as part
  from account_owners t join accounts a on a.tenant_id = $1 and a.id = t.account_id
  join parties p on p.tenant_id = $1 and p.id = t.party_id {_ORIGIN} where {_of_source("a")}
  union all
  select {reference("a")}, null, {reference("p")}, 'BENEFICIARY', {number("t.share")}, upper(t.tier),
    upper(t.is_per_stirpes::text), t.effective_from, t.effective_to,
    case when t.party_id is null then t.name end, 2
  from account_beneficiaries t join accounts a on a.tenant_id = $1 and a.id = t.account_id
  left join parties p on p.tenant_id = $1 and p.id = t.party_id {_ORIGIN} where {_of_source("a")}
  union all
  select null, {reference("l")}, {reference("p")}, 'OWNER', {number("t.share")}, null, null,
    t.effective_from, t.effective_to, null, 3
  from liability_owners t join liabilities l on l.tenant_id = $1 and l.id = t.liability_id
  join parties p on p.tenant_id = $1 and p.id = t.party_id {_ORIGIN} where {_of_source("l")}
) o order by part, account, liability, effective_from, role, client, name"""

_RELATIONSHIPS: Final = f"""
select client, kind, related, household, member_role, share, effective_from, effective_to from (
  select {reference("p")} as client, upper(t.kind) as kind, {reference("r")} as related, null as household,
    null as member_role, cast(null as numeric) as share, t.effective_from, t.effective_to
  from party_relationships t join parties p on p.tenant_id = $1 and p.id = t.party_id
  join parties r on r.tenant_id = $1 and r.id = t.related_id {_ORIGIN} where {_of_source("p")}
  union all
  select {reference("p")}, 'OWNS', {reference("r")}, null, null, {number("t.share")}, t.effective_from,
    t.effective_to
  from party_ownerships t join parties p on p.tenant_id = $1 and p.id = t.owner_id
  join parties r on r.tenant_id = $1 and r.id = t.owned_id {_ORIGIN} where {_of_source("r")}
  union all
  select {reference("p")}, 'MEMBER', null, {reference("h")}, upper(t.relationship), null, t.effective_from,
    t.effective_to
  from household_members t join parties p on p.tenant_id = $1 and p.id = t.party_id
  join households h on h.tenant_id = $1 and h.id = t.household_id {_ORIGIN} where {_of_source("h")}
) r order by client, kind, related, household, effective_from"""

_LOTS: Final = f"""
select t.source_id, {reference("a")}, {reference("s", "security_key")}, t.as_of, t.acquired_on,
  {number("t.quantity")}, {number("t.cost_basis")}, t.currency, t.related_source_id
from lots t join accounts a on a.tenant_id = $1 and a.id = t.account_id
join securities s on s.tenant_id = $1 and s.id = t.security_id
where t.tenant_id = $1 and t.source = $2 and t.superseded_version is null order by t.source_id"""

_CORPORATE_ACTIONS: Final = f"""
select t.external_id, {reference("s", "security_key")}, t.type, t.ex_date, t.record_date, t.pay_date,
  {number("t.ratio_new")}, {number("t.ratio_old")}, {number("t.cash_amount")}, t.currency,
  {reference("o", "security_key")}, t.new_value, t.description, {number("t.basis_fraction", 12)},
  upper(t.is_taxable::text), {number("t.cash_in_lieu_price")}, t.fractions
from corporate_actions t join securities s on s.tenant_id = $1 and s.id = t.security_id
left join securities o on o.tenant_id = $1 and o.id = t.other_security_id
where t.tenant_id = $1 and t.source = $2 and t.superseded_version is null order by t.external_id"""


def _latest_evidence(table: str) -> str:
    """Of an account and day what the source said last; one reading of the table, in any number of rows."""
    return f"""(
  select * from (
    select e.*, rank() over (
      partition by e.account_id, e.day order by e.received_at desc, e.batch_id desc
    ) as age
    from {table} e where e.tenant_id = $1 and e.source = $2
  ) e where e.age = 1
) t"""


_CUSTODIAN_POSITIONS: Final = f"""
select {reference("a")}, t.day, {reference("s", "security_key")}, t.custodian_key, t.currency,
  {number("t.quantity")}, {number("t.price")}, {number("t.market_value")}, {number("t.cost_basis")}
from {_latest_evidence("custodian_positions")}
join accounts a on a.tenant_id = $1 and a.id = t.account_id
left join securities s on s.tenant_id = $1 and s.id = t.security_id
order by t.day, a.external_id, t.source_line"""

_CUSTODIAN_LOTS: Final = f"""
select {reference("a")}, t.day, {reference("s", "security_key")}, t.custodian_key, t.acquired_on,
  {number("t.quantity")}, {number("t.cost_basis")}, t.currency
from {_latest_evidence("custodian_lots")}
join accounts a on a.tenant_id = $1 and a.id = t.account_id
join securities s on s.tenant_id = $1 and s.id = t.security_id
order by t.day, a.external_id, t.source_line"""

COPIED: Final = {
    "households": HOUSEHOLDS,
    "securities": _SECURITY,
    "prices": _PRICES,
    "fx_rates": _FX_RATES,
    "transactions": _TRANSACTIONS,
    "identifiers": _IDENTIFIERS,
    "liabilities": _LIABILITIES,
    "owners": _OWNERS,
    "relationships": _RELATIONSHIPS,
    "lots": _LOTS,
    "corporate_actions": _CORPORATE_ACTIONS,
    "custodian_positions": _CUSTODIAN_POSITIONS,
    "custodian_lots": _CUSTODIAN_LOTS,
}
"""Files the database writes by itself; accounts and clients hold sealed values and are opened here."""
