"""The sentence for each refusal. Areas raise codes; only here they become words, in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.core.i18n import lazy
from eventsys.core.money import format_money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventsys.core.errors import DomainError

PAGES: Final[dict[int | str, tuple[Any, Any]]] = {
    400: (
        lazy("This could not be read"),
        lazy("Something in the request was incomplete. Please go back and try again."),
    ),
    403: (
        lazy("You may not see this page"),
        lazy("Your account has no permission for it. Ask the secretariat if you need it."),
    ),
    404: (
        lazy("Page not found"),
        lazy(
            "The address may be incomplete, or the page was moved. Check the link in your mail, or start from the calendar."
        ),
    ),
    405: (
        lazy("This cannot be done here"),
        lazy("Please go back and use the buttons of the page."),
    ),
    410: (
        lazy("This link is no longer valid"),
        lazy("It was replaced or withdrawn. Look for a newer mail, or ask the organisers."),
    ),
    413: (
        lazy("This is too large"),
        lazy("The file or the text is larger than we can accept. Nothing was stored."),
    ),
    422: (
        lazy("This was not possible"),
        lazy("Please go back, check what you entered and try again."),
    ),
    429: (lazy("Too many attempts"), lazy("Please wait a few minutes and try again.")),
    500: (
        lazy("Something went wrong on our side"),
        lazy("Nothing was lost that we confirmed to you. Please try again in a moment."),
    ),
    503: (
        lazy("Very many people are here right now"),
        lazy("Nothing was stored. Please wait a few seconds and send it again."),
    ),
    "csrf": (
        lazy("This could not be read"),
        lazy(
            "The page was open too long or cookies are switched off. Please go back, reload the page and send it again."
        ),
    ),
}

# code → sentence; the facts of the refusal fill the placeholders.
REFUSALS: Final[dict[str, Any]] = {
    "wrong_password": lazy("The email address or the password is not right"),
    "too_many_tries": lazy("Too many attempts. Please wait fifteen minutes and try again."),
    "weak_password": lazy("Use at least 12 characters, and not your email address"),
    "account_link_spent": lazy(
        "This link was used already or has expired. Ask the secretariat for a new one."
    ),
    "wrong_code": lazy(
        "This code is not right or was used already. Wait until the app shows a new one."
    ),
    "sign_in_spent": lazy("The sign-in was not finished within five minutes. Please begin again."),
    "second_factor_on": lazy("The second factor is turned on already"),
    "no_second_factor": lazy("This account has no second factor"),
    "own_second_factor": lazy(
        "You turn off your own second factor under “Your account”, with your password and a code"
    ),
    "form_closed": lazy("Registration is not open."),
    "category_not_offered": lazy("This category is not on offer."),
    "event_full": lazy("The last place was taken just now, and there is no waiting list."),
    "no_place_free": lazy(
        "All places are taken. Raise the number of places of the event or the quota of the category first."
    ),
    "category_full": lazy("All places of this category are taken"),
    "email_taken": lazy("This address has a registration of its own for this event"),
    "address_link_old": lazy(
        "This link does not hold any more, or is not whole. Change the address once more on your own page."
    ),
    "too_late_to_change": lazy("The deadline for changes has passed. Write to the organisers."),
    "wrong_state": lazy(
        "The registration has changed in the meantime. Reload the page to see where it stands."
    ),
    "link_unknown": lazy(
        "No registration has this link. Use the newest mail, and copy the whole address."
    ),
    "link_replaced": lazy("This link was replaced by a newer one. Use the newest mail."),
    # money
    "code_unknown": lazy("We do not know this code, or its time is over. Check how it is written."),
    "code_used_up": lazy("Everybody who could use this code has used it"),
    "fee_would_change": lazy(
        "With these changes the fee is %(now)s instead of %(shown)s. If you agree, press the button once more."
    ),
    "price_changed": lazy(
        "The fee has changed since you saw it: it was %(shown)s and is now %(now)s. Look, then send again."
    ),
    "nothing_due": lazy("There is nothing to pay"),
    "method_not_offered": lazy("This way of paying is not offered"),
    "too_little": lazy(
        "This is too little to be paid online. Pay it by bank transfer, or write to the organisers."
    ),
    "gateway_away": lazy(
        "The payment service does not answer at the moment. Nothing was charged; try again in a few minutes."
    ),
    "refund_too_large": lazy("At most %(most)s can be sent back of this payment"),
    "wrong_amount": lazy("Enter an amount above zero, such as 125.50"),
    "fees_in_use": lazy("Somebody has registered with it, so it stays"),
    "no_fee": lazy("Nothing was billed for this registration"),
    "wrong_money": lazy("This money cannot be counted here any more"),
    "moved_meanwhile": lazy(
        "Money has moved here since you opened this page. Look at the amounts; if it is still right, send it again."
    ),
    "case_closed": lazy("Somebody has decided this already"),
    "bank_file_unread": lazy("This file cannot be read as one of a bank"),
    "bank_line_taken": lazy("Somebody has just dealt with this transfer: look again"),
    "other_currency": lazy(
        "The transfer is in %(line)s and the fee in %(charge)s: it cannot pay this fee"
    ),
    "partly_refunded": lazy("Money of this transfer has gone back already, so the match stays"),
    "no_issuer": lazy(
        "Nobody has entered yet who issues documents. The secretariat does it once, under “Who issues”."
    ),
    "nothing_to_invoice": lazy("There is nothing to invoice at the moment"),
    "invoice_stands": lazy(
        "The invoice names somebody else. The organisers can take it back and issue a new one: write to them."
    ),
    "no_badge": lazy("Only a confirmed registration has a badge"),
    "unknown_layout": lazy("There is no layout “%(layout)s” for badges"),
    "account_exists": lazy("There is an account with this email address already"),
    "no_token": lazy("Send the token of the device as a bearer token"),
    "bad_body": lazy("This is not what the description of the interface says; see openapi.json"),
    "device_without_name": lazy("Give the device a name: the log shows it with every scan"),
    "unknown_device": lazy("No device has this link. Ask the organisers for a new one."),
    "device_withdrawn": lazy("This device was signed out by the organisers"),
    "search_not_allowed": lazy("This device may only scan"),
    "search_too_short": lazy("Type at least three letters"),
    "override_not_allowed": lazy("This device may not let anybody in against the rules"),
    "scan_id_taken": lazy("Two different scans came under one number; nothing was kept"),
    "scan_not_found": lazy("This scan was not made on this device"),
    "nothing_to_undo": lazy(
        "There is nothing to undo: the scan let nobody in, or it was undone already"
    ),
    "undo_too_late": lazy(
        "A device can undo a scan for %(minutes)s minutes; after that the organisers can"
    ),
    "small_group_setting": lazy("Choose a number from %(low)s to %(high)s"),
    "too_few_to_publish": lazy(
        "Fewer than %(fewest)s people stand on this rung: nothing can be published about them"
    ),
    # events
    "slug_taken": lazy(
        "Another event has the address “%(slug)s” already. If you sent the form twice, the event is there: look in the list."
    ),
    "code_taken": lazy("There is one with the code “%(value)s” already"),
    "places_given": lazy("%(taken)s places are given already: enter that number or more"),
    "category_in_use": lazy(
        "Somebody has registered with it, so it stays. You can close it to the public instead."
    ),
    "category_asked": lazy(
        "The question “%(name)s” is asked of this category only. Change or remove the question first."
    ),
    "question_answered": lazy(
        "Somebody has answered it, so it stays. You can make it optional instead."
    ),
    "last_category": lazy("An event needs at least one category: without one nobody can register"),
    "not_ready": lazy("Add at least one category first: without one nobody can register"),
    "changed_meanwhile": lazy(
        "Somebody else changed this while you had it open. Your entries are below: compare, then save again."
    ),
    "unknown_role": lazy("Choose a role from the list"),
    "own_account": lazy("You cannot close the account that you are signed in with"),
    "last_secretariat": lazy(
        "This is the last account that can manage accounts: give the role to somebody else first"
    ),
    # members
    "member_exists": lazy(
        "There is an organisation of this name, or with this identifier, already"
    ),
    "missing_column": lazy(
        "The table has no column “%(column)s”. Its first row must name the columns."
    ),
    "too_many_rows": lazy("One import takes at most %(limit)s rows. Split the table."),
    # tables that people bring
    "sheet_unreadable": lazy(
        "This file could not be read as a table. Save it as CSV (UTF-8) or XLSX and try again."
    ),
    "sheet_encoding": lazy("The file is not written in this encoding. Choose another one."),
    "sheet_empty": lazy("The file holds no table: its first row must name the columns."),
    "sheet_too_large": lazy("The file unpacks to more than can be read at once. Split it."),
    "sheet_column_twice": lazy("Two columns are called “%(column)s”. Give each its own name."),
    "sheet_quote_open": lazy("In line %(line)s a quotation mark is opened and not closed."),
    "columns_missing": lazy("There is no column for: %(fields)s. Choose the columns below."),
    "import_in_hand": lazy("This table is being read or stored, or was stored already."),
    # places
    "city_unknown": lazy("We do not know this city"),
    "country_unknown": lazy("We do not know this country"),
    "place_name_empty": lazy("The text has no letter by which it could be recognised again"),
    "place_decision_undone": lazy("The decision was taken back already"),
    "place_merge_circle": lazy(
        "A city cannot be counted as itself, nor as one that is counted as it"
    ),
}

# What is wrong with one field.
REASONS: Final[dict[str, Any]] = {
    "missing": lazy("Enter this in at least one language"),
    "too_long": lazy("Use at most %(limit)s characters"),
    "bad_slug": lazy("Use small letters, digits and single dashes, such as world-congress-2026"),
    "slug_stays": lazy(
        "The address is public: links, mails and printed codes name it, so it stays"
    ),
    "unknown": lazy("Choose one from the list"),
    "before_start": lazy("The end cannot be before the start"),
    "too_far": lazy("An event lasts at most 400 days: check the years"),
    "no_such_time": lazy("This hour does not exist there: the clocks go forward that night"),
    "bad_address": lazy("Enter a full web address that begins with https://"),
    "bad_email": lazy("Enter an email address, like name@example.org"),
    "out_of_range": lazy("Enter a number from 1 to %(limit)s, or leave it empty"),
    "after_end": lazy("This cannot be after the end of the event"),
    "after_close": lazy("Registration must open before it closes"),
    "bad_colour": lazy("Enter a colour like #0a5a7a"),
    "status_colour": lazy(
        "This colour looks like the ones that mean “done”, “careful” or “wrong”. Choose another one."
    ),
    "pale_colour": lazy(
        "White letters cannot be read on this colour. A readable one close to it is %(better)s."
    ),
    "bad_code": lazy(
        "Begin with a small letter; use small letters, digits, dashes and underscores, 40 at most"
    ),
    "name_taken": lazy("The form has a field of this name already. Choose another one."),
    "too_few": lazy("Enter at least two answers, one on each line"),
    "too_many": lazy("There can be at most %(limit)s"),
    "twice": lazy("One of the answers is there twice"),
    # fees
    "bad_rate": lazy("Enter per cent, such as 21 or 5.5, or leave it empty"),
    "no_method": lazy("Choose at least one way of paying"),
    "from_to": lazy("Enter a number from %(low)s to %(high)s"),
    "odd_amount": lazy(
        "In %(currency)s the last digit must be 0: cards are charged in steps of 0.010"
    ),
    "bad_amount": lazy("Enter an amount, such as 125.50"),
    "until_before_from": lazy("The end must be after the beginning"),
    "currency_stays": lazy("Somebody has registered with a fee, so the currency stays"),
    "bad_fee_code": lazy("Use 3 to 32 letters, digits and dashes"),
    "code_twice": lazy("There is a code “%(value)s” already"),
    "used_more": lazy("It was used %(used)s times already: enter that number or more"),
    # who issues documents
    "missing_issuer": lazy("Enter the name under which documents are issued"),
    "missing_address": lazy("Enter the address"),
    "bad_iban": lazy("This account number has a slip: its check digits do not fit. Compare it."),
    "missing_account": lazy("Enter the IBAN, or the account number where the bank has none"),
    "bad_number": lazy("Use letters, digits, blanks, dashes, dots and slashes, 34 at most"),
    "missing_bank": lazy("Enter the BIC or the code of the bank: a number alone finds no bank"),
    "missing_code_kind": lazy("Choose what kind of code this is"),
    "missing_code": lazy("Enter the code, or choose “None”"),
    "bad_bank_code": lazy("This is no such code. Compare it with what the bank wrote."),
    "unknown_currency": lazy("Enter three letters such as EUR, or leave it empty"),
    "missing_countries": lazy("Enter at least one country"),
    "bad_bic": lazy("Enter the 8 or 11 characters of the BIC, such as CAIXESBB"),
    "bad_series": lazy("Use at most 6 capital letters and digits, such as MET"),
    # members
    "missing_name": lazy("Enter a name"),
    "missing_since": lazy("Enter since when it is a member, such as 1995 or 1995-06-01"),
    "bad_day": lazy("“%(value)s” is not a year or a day like 2023-05-01"),
    "until_before_since": lazy("The end must be after the beginning"),
    "overlap": lazy("This overlaps another period of membership"),
    "twice_in_file": lazy("The same organisation stands in line %(first)s already"),
    "name_exists": lazy("Another organisation has this name already"),
    "unknown_country": lazy("“%(value)s” is not a country that we know"),
    "city_unknown": lazy(
        "We do not know the city “%(value)s”: it is kept as typed, for you to look at"
    ),
    "city_ambiguous": lazy(
        "There are several cities called “%(value)s”: it is kept as typed, for you to look at"
    ),
}


def reason_sentence(reason: str, facts: Mapping[str, object]) -> str:
    """Give the sentence for what is wrong with one field."""
    text = REASONS.get(reason)
    return error_page(422)[1] if text is None else str(text) % dict(facts)


def error_page(status: int | str) -> tuple[str, str]:
    """Give title and text of an error page."""
    title, text = PAGES.get(
        status, PAGES[500 if isinstance(status, int) and status >= 500 else 400]
    )
    return str(title), str(text)


def sentence(error: DomainError) -> str:
    """Give the sentence for a refusal."""
    if error.code not in REFUSALS:
        return error_page(error.status)[1]
    return code_sentence(error.code, error.facts)


def code_sentence(code: str, facts: Mapping[str, object]) -> str:
    """Give the sentence for the code of a refusal that was kept, such as by a job."""
    text = REFUSALS.get(code)
    return error_page(422)[1] if text is None else str(text) % _with_money(facts)


def _with_money(facts: Mapping[str, object]) -> dict[str, object]:
    # Where a currency is among the facts, the whole numbers beside it are amounts of it.
    currency = facts.get("currency")
    return {
        name: format_money(value, str(currency)) if currency and isinstance(value, int) else value
        for name, value in facts.items()
    }
