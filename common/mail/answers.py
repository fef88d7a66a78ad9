"""The answers of mail servers as sentences, for staff (RFC 5321, section 4.2; RFC 3463)."""

import re

from django.utils.translation import gettext as _

# How errors of our own begin; the second and the third are in the log of former releases.
FAULTS = ("Rendering failed", "BatchRendering failed", "Wording failed", "gave up")
_REPLY = re.compile(r"([245])(\d\d) (?:([245])\.(\d{1,3})\.(\d{1,3}))?")


def in_words(answer: str) -> str:
    """Return a sentence for the code with which `answer` begins; "" for no answer."""
    if not answer:
        return ""
    match = _REPLY.match(answer)
    if match is None:
        if answer.startswith(FAULTS) or " has a control character" in answer:
            return _("We could not create this e-mail.")
        if answer.startswith("The address cannot be written"):
            return _("We cannot send e-mail to this kind of address.")
        return _("We could not connect to our mail server.")
    reply, subject = int(match[1] + match[2]), match[4]
    if match[1] == "4":
        return _("The mail server asked us to try again later.")
    if reply == 552 or (subject == "2" and match[5] == "2"):
        return _("The mailbox is full.")
    if reply in {550, 551, 553} or subject == "1":
        return _(
            "The mail server does not accept e-mail for this address. The address may be misspelled."
        )
    return _("The mail server refused this e-mail.")
