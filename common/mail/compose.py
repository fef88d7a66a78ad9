"""From a rendered mail to the bytes that travel: headers by RFC 5322, 2369, 2919, 3834 and 8058."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import salted_hmac

from common.mail.models import Message
from common.mail.registry import Mail

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class Unsendable(Exception):
    """This mail can never be sent as it is; the text says why."""


def message_id(dedupe_key: str) -> str:
    """The same for each attempt, so that a mail program drops a copy that was sent twice."""
    digest = salted_hmac("common.mail.message-id", dedupe_key, algorithm="sha256").hexdigest()
    return f"<{digest[:40]}@{settings.MAIL_DOMAIN}>"


def compose(
    message: Message, mail: Mail, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """The mail with all its headers. Raises Unsendable for a line break or NUL in any of them."""
    headers = {
        "Message-ID": message_id(message.dedupe_key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if mail.in_reply_to_key and mail.in_reply_to_key != message.dedupe_key:
        thread = message_id(mail.in_reply_to_key)
        headers["In-Reply-To"] = headers["References"] = thread
    if mail.list_id:
        headers["List-Id"] = f"<{_list_label(mail.list_id)}.{settings.MAIL_DOMAIN}>"
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in [
        *headers.items(),
        ("Subject", mail.subject),
        ("To", message.to_address),
        ("Reply-To", mail.reply_to or ""),
        *(("attachment", attachment.filename) for attachment in mail.attachments),
    ]:
        if _CONTROL.search(value):
            raise Unsendable(f"{name} has a control character or line break.")
    email = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[message.to_address],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
        connection=connection,
    )
    email.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        if attachment.method:
            # The method belongs into the MIME type, else calendars show a file and no invitation.
            media_type = f"{attachment.media_type}; method={attachment.method}"
            email.attach_alternative(attachment.content.decode(), media_type)
        email.attach(attachment.filename, attachment.content, attachment.media_type)
    return email


def _list_label(name: str) -> str:
    """The name of a list as a label of a domain name: ASCII, since headers of lists are."""
    if name.isascii() or _CONTROL.search(name):  # a name with a line break is refused as it is
        return name
    return f"xn--{name.encode('punycode').decode()}"
