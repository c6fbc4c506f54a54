"""Registration, tax status and lot method of accounts, dated: a source that tells others tells them from the
bundle's day on; what was sold before keeps its gain. A new account has them since ever.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code

from __future__ import annotations

from typing import Final

from wealthnexus.domain.feeds.importer.dated import SINCE_EVER

# Before the accounts are overwritten.
CHOOSE: Final = (
    """
create temporary table delta_account_terms on commit drop as
select s.line, s.id as account_id, s.account_type, s.tax_status, s.lot_method, d.is_new, null::uuid as id
from stage_accounts s join delta_accounts d on d.id = s.id
left join accounts a on a.tenant_id = :tenant and a.id = s.id
where d.is_new or (s.account_type, s.tax_status, s.lot_method)
  is distinct from (a.account_type, a.tax_status, a.lot_method)""",
    """
create temporary table gone_account_terms on commit drop as
select x.id as old_id, null::uuid as id, x.effective_from < :as_of as is_ended
from account_terms x join delta_account_terms d on d.account_id = x.account_id and not d.is_new
where x.tenant_id = :tenant and x.superseded_version is null
  and (x.effective_to is null or x.effective_to > :as_of)""",
)
UNDER_VERSION: Final = (
    """
update account_terms x set superseded_version = :version from gone_account_terms g
where x.tenant_id = :tenant and x.id = g.old_id""",
    """
insert into account_terms (tenant_id, id, account_id, account_type, tax_status, lot_method, author_id,
  author_name, reason, effective_from, effective_to, book_version, batch_id, source_line)
select :tenant, g.id, x.account_id, x.account_type, x.tax_status, x.lot_method, x.author_id, x.author_name,
  x.reason, x.effective_from, :as_of, :version, :batch_id, x.source_line
from gone_account_terms g join account_terms x on x.tenant_id = :tenant and x.id = g.old_id
where g.is_ended""",
    f"""
insert into account_terms (tenant_id, id, account_id, account_type, tax_status, lot_method, effective_from,
  book_version, batch_id, source_line)
select :tenant, d.id, d.account_id, d.account_type, d.tax_status, d.lot_method,
  case when d.is_new then {SINCE_EVER} else :as_of end, :version, :batch_id, d.line
from delta_account_terms d""",
)
