"""Check digits of the identifiers a security may carry: the rules of the markets room."""

from wealthnexus.domain.markets.rules.identifiers import (
    cusip_check_digit,
    fault_of,
    figi_check_digit,
    is_cusip,
    is_figi,
    is_isin,
    is_lei,
    is_sedol,
    isin_check_digit,
    lei_check_digits,
    sedol_check_digit,
)

__all__ = [
    "cusip_check_digit",
    "fault_of",
    "figi_check_digit",
    "is_cusip",
    "is_figi",
    "is_isin",
    "is_lei",
    "is_sedol",
    "isin_check_digit",
    "lei_check_digits",
    "sedol_check_digit",
]
