"""Reading the sign-in's mails as they will be sent."""

import re

from common.mail.models import Message
from common.mail.registry import Mail, renderer


def mails_to(address: str) -> list[Mail]:
    """Everything queued for this address, worded now, oldest first."""
    rows = Message.objects.filter(to_address=address).order_by("created_at")
    worded = []
    for row in rows:
        render = renderer(row.kind)
        assert render is not None, row.kind
        mail = render(row)
        if mail is not None:
            worded.append(mail)
    return worded


def code_in(mail: Mail) -> str:
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.text)
    assert found, mail.text
    return found.group()
