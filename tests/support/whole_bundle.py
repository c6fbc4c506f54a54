"""A small bundle with every file: a couple, their daughter, their trust and their company; another client."""

from __future__ import annotations

from tests.support.bundles import SOUND

WHOLE: dict[str, str] = {
    **SOUND,
    "accounts.csv": SOUND["accounts.csv"]
    + "A3,H1,71104472,Ida's account,UTMA,TAXABLE,Cascade Custody,USD,2015-06-01,\n"
    + "A4,H1,71104473,Family trust,REVOCABLE_TRUST,TAXABLE,Cascade Custody,USD,2016-02-01,\n"
    + "A5,H1,71104474,Holding company,LLC,TAXABLE,Cascade Custody,USD,2016-02-01,\n"
    + "A6,H2,71105121,Retirement,ROTH_IRA,TAX_FREE,Cascade Custody,USD,2016-02-01,\n",
    "clients.csv": (
        "external_id,kind,name,given_name,family_name,birth_date,tax_id,tax_id_type,citizenship,residence,"
        "jurisdiction,formed_on,ended_on,status,kyc_state,kyc_verified_on,kyc_refresh_due,risk_profile,"
        "risk_assessed_on,email,phone,address\n"
        "C1,PERSON,Nora Whitfield,Nora,Whitfield,1961-04-12,912-34-5678,SSN,US,US,,,,,VERIFIED,2019-05-02,"
        "2022-05-02,MODERATE,2020-01-15,nora@example.com,+1 555 0100,12 Quay Lane\n"
        "C2,PERSON,Paul Whitfield,Paul,Whitfield,1959-11-30,923-45-6789,SSN,US,US,,,,,VERIFIED,2019-05-02,"
        "2022-05-02,MODERATE,2020-01-15,paul@example.com,,\n"
        "C3,PERSON,Ida Whitfield,Ida,Whitfield,2004-08-21,,,US,US,,,,,,,,,,,,\n"
        "C4,TRUST,Whitfield Family Trust,,,,98-7654321,EIN,,US,US-DE,2016-01-20,,,VERIFIED,2019-05-02,,,,,,\n"
        "C5,COMPANY,Whitfield Holdings LLC,,,,98-7654322,EIN,,US,US-DE,2016-01-25,,,VERIFIED,2019-05-02,"
        ",,,,,\n"
        "C6,PERSON,Marta Castellano,Marta,Castellano,1970-02-03,X123,FOREIGN,ES,ES,,,,,IN_PROGRESS,,,,,,,\n"
    ),
    "identifiers.csv": (
        "security_key,scheme,value,exchange,effective_from,effective_to\n"
        "AAPL,SYMBOL,AAPL,XNAS,,\n"
        "AAPL,LEI,HWUPKR0MPOU8FGXBT394,,,\n"
        "SPY,SYMBOL,SPDR,ARCX,,2000-01-01\n"
        "SPY,SYMBOL,SPY,ARCX,2000-01-01,\n"
    ),
    "liabilities.csv": (
        "external_id,household_external_id,name,kind,lender,currency,original_amount,interest_rate,opened_on,"
        "matures_on,closed_on,secured_account_external_id,secured_security_key,balance_date,balance\n"
        "L1,H1,House on Quay Lane,MORTGAGE,Harbour Bank,USD,400000,0.0425,2010-05-01,2040-05-01,,,,"
        "2021-02-28,251000.00\n"
        "L1,H1,House on Quay Lane,MORTGAGE,Harbour Bank,USD,400000,0.0425,2010-05-01,2040-05-01,,,,"
        "2021-03-31,250300.12\n"
        "L2,H1,Line on the brokerage account,SECURITIES_BACKED,,USD,,,,,,A1,,,\n"
    ),
    "owners.csv": (
        "account_external_id,liability_external_id,client_external_id,role,share,tier,is_per_stirpes,"
        "effective_from,effective_to,name\n"
        "A1,,C1,JOINT_SURVIVORSHIP,,,,,,\n"
        "A1,,C2,JOINT_SURVIVORSHIP,,,,,,\n"
        "A2,,C6,OWNER,,,,,,\n"
        "A3,,C1,CUSTODIAN,,,,,,\n"
        "A3,,C3,MINOR,,,,,,\n"
        "A4,,C4,OWNER,,,,,,\n"
        "A4,,C1,TRUSTEE,,,,,,\n"
        "A5,,C5,OWNER,,,,,,\n"
        "A6,,C6,OWNER,,,,,,\n"
        "A6,,,BENEFICIARY,0.5,PRIMARY,TRUE,,,Lucia Castellano\n"
        "A6,,C1,BENEFICIARY,0.5,PRIMARY,,,,\n"
        ",L1,C1,OWNER,0.5,,,,,\n"
        ",L1,C2,OWNER,0.5,,,,,\n"
    ),
    "relationships.csv": (
        "client_external_id,kind,related_external_id,household_external_id,member_role,share,effective_from,"
        "effective_to\n"
        "C1,SPOUSE,C2,,,,1990-06-01,\n"
        "C1,PARENT,C3,,,,,\n"
        "C1,OWNS,C5,,,0.6,,\n"
        "C4,OWNS,C5,,,0.4,2016-02-01,\n"
        "C1,MEMBER,,H1,HEAD,,,\n"
        "C2,MEMBER,,H1,SPOUSE,,,\n"
        "C3,MEMBER,,H1,CHILD,,,\n"
        "C6,MEMBER,,H2,HEAD,,,\n"
    ),
    "lots.csv": (
        "external_id,account_external_id,security_key,as_of,acquired_on,quantity,cost_basis,currency,"
        "related_external_id\n"
        "LOT1,A1,AAPL,2021-01-05,2021-01-05,100,13105.95,USD,T2\n"
        "LOT2,A1,AAPL,2021-02-11,,0.1517,,USD,\n"
    ),
    "corporate_actions.csv": (
        "external_id,security_key,type,ex_date,record_date,pay_date,ratio_new,ratio_old,cash_amount,currency,"
        "other_security_key,new_value,description\n"
        "X1,AAPL,SPLIT,2020-08-31,2020-08-24,2020-08-31,4,1,,,,,\n"
        "X2,AAPL,CASH_DIVIDEND,2021-02-05,2021-02-08,2021-02-11,,,0.205,USD,,,Quarterly\n"
    ),
    "custodian_positions.csv": (
        "account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis\n"
        "A1,2021-03-31,AAPL,APPL INC,USD,100.1517,122.15,12233.53,13126.45\n"
        "A1,2021-03-31,,,USD,86894.05,,86894.05,\n"
        "A2,2021-03-31,,,EUR,5000.00,,5000.00,\n"
    ),
    "custodian_lots.csv": (
        "account_external_id,date,security_key,custodian_key,acquired_on,quantity,cost_basis,currency\n"
        "A1,2021-03-31,AAPL,,2021-01-05,100,13105.95,USD\n"
        "A1,2021-03-31,AAPL,,2021-02-11,0.1517,20.50,USD\n"
    ),
}
