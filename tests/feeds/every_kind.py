"""A book in which every corporate action is carried out, and some rows say what few sources say."""

from __future__ import annotations

from decimal import Decimal

from tests.factories_ledger import Book, acme_book

D = Decimal


def entries_of_every_kind() -> Book:
    """100 ACME split four for one, spun CHILD off, paid shares, were renamed NEWC and merged into BIGC."""
    book = acme_book().account("A2", currency="USD").account("A3", currency="EUR")
    for name in ("CHILD", "NEWC", "BIGC", "PUT"):
        book.security(name).price(name, "2021-03-05", "10")
    book.rate("EUR", "USD", "2021-03-01", "1.2")
    book.action("SPLIT", "2021-03-02", key="X1", ratio_new=D(4), ratio_old=D(1))
    book.action(
        "SPIN_OFF", "2021-03-03", key="X2", ratio_new=D(1), ratio_old=D(3), other_security_key="CHILD",
        basis_fraction=D("0.4"), cash_in_lieu_price=D(9), fractions="CASH_IN_LIEU",
    )  # fmt: skip
    book.action("STOCK_DIVIDEND", "2021-03-04", key="X3", ratio_new=D(1), ratio_old=D(100))
    book.action("SYMBOL_CHANGE", "2021-03-05", key="X4", new_value="NEWC", other_security_key="NEWC")
    book.action(
        "MERGER", "2021-03-08", key="X5", security="NEWC", ratio_new=D(1), ratio_old=D(2), cash_amount=D(2),
        currency="USD", other_security_key="BIGC", is_taxable=False,
    )  # fmt: skip
    for kind, amount, on, security, units, action in (
        ("SPLIT", "0", "2021-03-02", "ACME", "300", "X1"),
        ("SPIN_OFF", "3", "2021-03-03", "CHILD", "133", "X2"),
        ("STOCK_DIVIDEND", "0", "2021-03-04", "ACME", "4", "X3"),
        ("SYMBOL_CHANGE", "0", "2021-03-05", "ACME", "-404", "X4"),
        ("SYMBOL_CHANGE", "0", "2021-03-05", "NEWC", "404", "X4"),
        ("MERGER", "808", "2021-03-08", "NEWC", "-404", "X5"),
        ("MERGER", "0", "2021-03-08", "BIGC", "202", "X5"),
        ("CASH_IN_LIEU", "4.50", "2021-03-09", "BIGC", "-0.5", "X5"),
    ):
        book.transaction(
            kind, amount, on=on, security=security, quantity=units, corporate_action_external_id=action
        )
    book.buy("BIGC", "1", "-10", order_reference="O-1").buy("BIGC", "2", "-20", order_reference="O-1")
    book.transaction("ADVISORY_FEE", "-25", billed_account_external_id="A2")
    book.transaction("SHORT", "300", security="PUT", quantity="1", is_deep_in_the_money=True)
    for amount, sleeve in (("-60", None), ("60", "Satellite")):
        book.transaction("JOURNAL", amount, on="2021-03-10", sleeve=sleeve)
    book.deposit("1000", account="A3").buy("BIGC", "10", "-90", account="A3", exchange_rate=D("0.8333"))
    return book
