"""Every sentence the API itself says to a person."""

from __future__ import annotations

from datetime import date

from wealthnexus.kit.text import message

UNAUTHENTICATED = message("graphql.unauthenticated", "Sign in first; nothing was read or changed.")
NO_SUCH_THING = message(
    "graphql.no_such_thing", "There is no such {kind} for you; nothing was read or changed.", kind=str
)
NOT_PERMITTED = message(
    "graphql.not_permitted",
    "{permission} is not among what your roles allow; nothing was read or changed.",
    permission=str,
)
BEYOND_SCOPE = message(
    "graphql.beyond_scope",
    "This reaches beyond the part of the firm that your access is limited to; nothing was changed.",
)
INTERNAL = message(
    "graphql.internal",
    "Something went wrong on our side. Quote {request_id} when you ask us about it.",
    request_id=str,
)
UNAVAILABLE = message(
    "graphql.unavailable",
    "The books cannot be reached for a moment; try again. If you sent a change, send it again as it was:"
    " with the same key it is made once. Quote {request_id} when you ask us about it.",
    request_id=str,
)
TOO_LONG = message(
    "graphql.too_long", "This took longer than {seconds, number} seconds and was stopped.", seconds=int
)
TOO_COSTLY = message(
    "graphql.too_costly",
    "This operation may answer {cost, number} fields, your budget is {budget, number}; ask for shorter pages."
    " Nothing was read or changed.",
    cost=int,
    budget=int,
)
TOO_MANY_REQUESTS = message(
    "graphql.too_many_requests",
    "You have made more requests than the {limit, number} a minute you may; try again in"
    " {seconds, plural, one {# second} other {# seconds}}.",
    limit=int,
    seconds=int,
)
TOO_LARGE_REQUEST = message(
    "graphql.too_large_request",
    "The request is larger than {limit, number} bytes; nothing was executed.",
    limit=int,
)
TOO_LARGE_ANSWER = message(
    "graphql.too_large_answer",
    "The answer would be larger than {limit, number} bytes; ask for shorter pages.",
    limit=int,
)
TRUSTED_ONLY = message(
    "graphql.trusted_only",
    "The web app may send its own documents only; nothing was executed.",
)
UNKNOWN_DOCUMENT = message(
    "graphql.unknown_document",
    "This page is of another version than the server: load it again. Nothing was executed.",
)
NO_INTROSPECTION = message(
    "graphql.no_introspection", "The schema may be read with api.introspect only; nothing was executed."
)
BAD_BODY = message(
    "graphql.bad_body",
    "The body is not a GraphQL request: {reason}. Nothing was executed.",
    reason=str,
)
METHOD = message("graphql.method", "GraphQL answers POST, and GET for queries; nothing was executed.")
GET_QUERIES_ONLY = message(
    "graphql.get_queries_only", "Only queries can be sent by GET; nothing was executed."
)
SUBSCRIBE_ELSEWHERE = message(
    "graphql.subscribe_elsewhere",
    "Subscriptions need a WebSocket (graphql-transport-ws) or Accept: text/event-stream.",
)
TOO_MANY_RELATIONSHIPS = message(
    "graphql.too_many_relationships",
    "{count} relationships were given, expected at most {limit}; nothing was written",
    count=int,
    limit=int,
)
MUST_STAY = message(
    "graphql.must_stay", "{name} cannot be emptied, expected a value; nothing was changed.", name=str
)
MUST_BE_GIVEN = message(
    "graphql.must_be_given", "{name} was left out, expected a value or null; nothing was changed.", name=str
)
ONE_OF_TWO = message(
    "graphql.one_of_two", "Give exactly one of {first} and {second}; nothing was read.", first=str, second=str
)
TOO_MANY_IDS = message(
    "graphql.too_many_ids",
    "{name} has {count, number} entries, expected at most {limit, number}; nothing was read.",
    name=str,
    count=int,
    limit=int,
)
SUBSCRIPTION_LIMIT = message(
    "graphql.subscription_limit",
    "You have {limit, number} live subscriptions open, which is all you may; close one first.",
    limit=int,
)
HTTP_FOR_OTHERS = message(
    "graphql.http_for_others", "Sockets carry subscriptions; send queries and mutations by POST."
)
BAD_COMMAND_HASH = message(
    "graphql.bad_command_hash", "commandHash is not the hash of a command; nothing was decided."
)
NOT_A_SHARE = message(
    "graphql.not_a_share", "{value} is no share, expected a number from 0 to 1; nothing was read.", value=str
)
ONE_OF_TWO_GIVEN = message(
    "graphql.one_of_two_given",
    "Give exactly one of {first} and {second}; nothing was changed.",
    first=str,
    second=str,
)
TOO_MANY_LISTED = message(
    "graphql.too_many_listed",
    "More than {limit, number} households match, which is the most that may be changed at once; narrow the"
    " list. Nothing was changed.",
    limit=int,
)
LIST_CHANGED = message(
    "graphql.list_changed",
    "{count, number} households match now, {expected, number} did when you looked; look again. Nothing was"
    " changed.",
    count=int,
    expected=int,
)
CLOSES = message("api.closes", "{count} closes were asked for, expected 1 to {limit}", count=int, limit=int)
PUBLICATIONS = message(
    "api.publications",
    "{count} publications were asked for, expected 1 to {limit}",
    count=int,
    limit=int,
)
POINTS = message(
    "graphql.points", "{count} points were asked for, expected 2 to {limit}", count=int, limit=int
)
CUSTOM_PERIOD = message(
    "graphql.custom_period",
    "a custom period needs the first day it has, from {first, date} to {last, date}",
    first=date,
    last=date,
)
ALL_YOU_SEE = message("graphql.all_you_see", "All accounts you see")
FIRM_IS_TRUE = message("graphql.firm_is_true", "the whole firm is asked for with firm: true")
NO_SUCH_YEAR = message(
    "graphql.no_such_year",
    "the tax year is {year}, expected {first} to {last}",
    year=int,
    first=int,
    last=int,
)
PERIOD_BACKWARDS = message(
    "graphql.period_backwards",
    "the period begins on {first, date} and ends on {last, date}, before it begins",
    first=date,
    last=date,
)
NET_ONLY = message("graphql.net_only", "performance is shown to clients net of fees only")
ONE_SUBJECT = message(
    "graphql.one_subject", "a household or an account is named, not both; nothing was changed"
)
