"""One mailbox has one spelling, whatever somebody types."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from common.http.form_handling import check_mail_address
from common.mail.compose import compose
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.spelling import spelled, spelled_domain

# What one mailbox is called by different keyboards, programs and people.
SPELLINGS = [
    "ada@bücher.example",
    "Ada@BÜCHER.Example",
    " ada@xn--bcher-kva.example ",
    "ada@XN--BCHER-KVA.example",
    "ada@bu\u0308cher.example",
    "ada@\uff42ücher.example",
    "ada@bücher\u3002example",
    "ada@bücher\uff0eexample",
    "ada@bü\u00adcher.example",
    "ada@b\u200bücher.example",
]
# Letters and dots from which domains of any spelling are made.
LETTERS = "aBzéÜ\u0308ßſKıİçœﬁ１ａＺ例ー中🙂-.\u3002\u2024\u00ad\u200d\u3164أنд"


def envelope(address: str) -> str:
    """What the relay is told."""
    message = Message(to_address=address, dedupe_key="k", kind="k")
    return compose(message, Mail(subject="s", text="t", html="h")).envelope_to


@pytest.mark.parametrize("address", SPELLINGS)
def test_every_spelling_of_one_mailbox_is_the_same(address: str) -> None:
    assert spelled(address) == "ada@bücher.example"


@pytest.mark.parametrize(
    "domain",
    [
        "xn--strae-oqa.example",  # straße by the newer rules, strasse by the envelope's
        "xn--a.example",
        "xn--ab-r13a.example",  # holds an ideographic full stop
        "a" * 64 + "é.example",
        "é" * 400,
        "..é",
    ],
)
def test_a_domain_that_does_not_read_back_stays_in_small_letters(domain: str) -> None:
    assert spelled_domain(domain.upper()) in {domain, domain.upper().lower()}
    assert spelled_domain(spelled_domain(domain)) == spelled_domain(domain)


@given(
    st.text(LETTERS, min_size=1, max_size=12), st.sampled_from(["example", "EXAMPLE", "ｅxample"])
)
@example("xn--bcher-kva", "example")
@example("xn--strae-oqa", "example")
def test_addresses_that_share_an_envelope_share_a_spelling(host: str, last: str) -> None:
    address = f"ada@{host}.{last}"
    try:
        validate_email(spelled(address))
        check_mail_address(spelled(address))
    except ValidationError:
        return
    one = spelled(address)
    goes_to = envelope(address).lower()

    assert spelled(one) == one
    assert envelope(one) == goes_to
    assert spelled(goes_to) == one
    for form in ("NFC", "NFD", "NFKC"):
        other = unicodedata.normalize(form, address)
        if other.count("@") == 1 and envelope(other).lower() == goes_to:
            assert spelled(other) == one
