"""The answers of mail servers in words, for staff (RFC 5321, section 4.2; RFC 3463)."""

import re

from django.utils.translation import gettext as _

_REPLY = re.compile(r"([245])(\d\d) (?:([245])\.(\d{1,3})\.(\d{1,3}))?")


def in_words(answer: str) -> str:
    """One sentence for the code that `answer` begins with; empty for no answer."""
    if not answer:
        return ""
    found = _REPLY.match(answer)
    if found is None:
        if (
            answer.startswith(("BatchRendering failed", "gave up"))
            or " has a control character" in answer
        ):
            return _("The mail could not be written.")
        if answer.startswith("The address cannot be written"):
            return _("The address cannot be written in a mail.")
        return _("Our mail server could not be reached, or refused to talk to us.")
    reply, subject = int(found[1] + found[2]), found[4]
    if found[1] == "4":
        return _("The mail server asks us to try again later.")
    if reply == 552 or (subject == "2" and found[5] == "2"):
        return _("The mailbox is full.")
    if reply in {550, 551, 553} or subject == "1":
        return _("The mail server does not take mail for this address. It may be misspelt.")
    return _("The mail server refused this mail.")
