"""From a rendered mail to its bytes: headers by RFC 5322, 2369, 2919, 3834 and 8058.

Every mail of the platform is built here. What is the same for all recipients of an event is encoded
once; each recipient's own values are inserted (`Mail.own`).
"""

import re
from binascii import b2a_base64
from collections.abc import Mapping
from email.quoprimime import body_encode
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.utils.crypto import salted_hmac

from common.mail import headers
from common.mail.headers import Unsendable
from common.mail.models import Message
from common.mail.registry import Attachment, Mail

# "=_" occurs in no part, since parts are quoted-printable or base64, so that no part ends early.
_BETWEEN_FILES = "=_files"
_BETWEEN_WORDS = "=_words"
_SOFT_BREAK = b"=\r\n"
# Addresses that need no encoding and no quotes; Django parses or refuses all others.
_PLAIN_ADDRESS = re.compile(r"[\w+-]+(\.[\w+-]+)*@[\w-]+(\.[\w-]+)*", re.ASCII)
_SECTION = 56  # characters of one section of a long file name


def message_id(dedupe_key: str) -> str:
    """Return the Message-ID, the same for each attempt, so that mail programs drop a duplicate."""
    digest = salted_hmac("common.mail.message-id", dedupe_key, algorithm="sha256").hexdigest()
    return f"<{digest[:40]}@{settings.MAIL_DOMAIN}>"


class ComposedMail(EmailMessage):
    """A mail in its final bytes, as Django's mail backends take it.

    The addresses of the envelope, which the relay gets beside the mail, are ASCII.
    """

    content = b""
    envelope_from = ""
    envelope_to = ""

    def message(self) -> "ComposedMail":  # type: ignore[override]
        return self

    def as_bytes(self, *args: object, **kwargs: object) -> bytes:
        """Return the whole mail with lines that end in CR LF."""
        return self.content


def compose(
    message: Message,
    mail: Mail,
    connection: BaseEmailBackend | None = None,
    *,
    first_key: str = "",
) -> ComposedMail:
    """Return the mail with all its headers. Raises Unsendable for a line break or NUL in a header.

    `first_key` is the dedupe key of the first mail to this address about the same object.
    """
    is_answer = bool(first_key) and first_key != message.dedupe_key
    to = _address("To", message.to_address)
    lines = [
        headers.mailbox("From", settings.MAIL_FROM_NAME, settings.MAIL_FROM_ADDRESS),
        headers.tokens("To", to),
        headers.words("Subject", f"Re: {mail.subject}" if is_answer else mail.subject),
        headers.tokens("Date", *formatdate().split(" ")),
        headers.tokens("Message-ID", message_id(message.dedupe_key)),
        b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
    ]
    if is_answer:
        first = message_id(first_key)
        lines += [headers.tokens("In-Reply-To", first), headers.tokens("References", first)]
    if mail.reply_to:
        lines.append(headers.tokens("Reply-To", _address("Reply-To", mail.reply_to)))
    if mail.list_id:
        label = f"{_list_label(mail.list_id)}.{settings.MAIL_DOMAIN}"
        lines.append(headers.tokens("List-Id", f"<{label}>"))
    if mail.unsubscribe_url:
        lines.append(headers.tokens("List-Unsubscribe", f"<{mail.unsubscribe_url}>"))
        lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    lines.append(b"MIME-Version: 1.0\r\n")
    email = ComposedMail(
        from_email=settings.MAIL_FROM_ADDRESS, to=[message.to_address], connection=connection
    )
    email.envelope_from = _address("From", settings.MAIL_FROM_ADDRESS)
    email.envelope_to = to
    email.content = b"".join([*lines, *_body(mail)])
    return email


def _address(name: str, value: str) -> str:
    """Return the address in ASCII, the domain in Punycode if needed. Raises Unsendable."""
    headers.refuse_control(name, value)
    if _PLAIN_ADDRESS.fullmatch(value):
        return value
    try:
        return sanitize_address(value, "utf-8")
    except (ValueError, UnicodeError) as error:
        raise Unsendable(f"The address cannot be written: {type(error).__name__}") from None


def _body(mail: Mail) -> list[bytes]:
    words = [
        _multipart("alternative", _BETWEEN_WORDS),
        _part("text/plain", mail.text, mail.own),
        _separator(_BETWEEN_WORDS),
        _part("text/html", mail.html, mail.own),
        _separator(_BETWEEN_WORDS, "--"),
    ]
    if not mail.attachments:
        return words
    files = [_multipart("mixed", _BETWEEN_FILES), *words]
    for attachment in mail.attachments:
        files += [_separator(_BETWEEN_FILES), _file(attachment)]
    return [*files, _separator(_BETWEEN_FILES, "--")]


def _multipart(kind: str, boundary: str) -> bytes:
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()


def _separator(boundary: str, end: str = "") -> bytes:
    return f"\r\n--{boundary}{end}\r\n".encode()


def _part(media_type: str, words: str, own: Mapping[str, str]) -> bytes:
    head = (
        f"Content-Type: {media_type}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()
    pieces = _pieces(words, tuple(own))
    # The soft line break between two pieces is not shown to the reader.
    body = [_quoted(own[piece]) if isinstance(piece, str) else piece for piece in pieces]
    return head + _SOFT_BREAK.join(body)


@lru_cache(maxsize=64)
def _pieces(words: str, marks: tuple[str, ...]) -> tuple[bytes | str, ...]:
    """Return the encoded text, split at the marks that stand for a recipient's own values."""
    if not marks:
        return (_quoted(words),)
    split = re.split("(" + "|".join(map(re.escape, marks)) + ")", words)
    return tuple(piece if piece in marks else _quoted(piece) for piece in split)


def _quoted(words: str) -> bytes:
    """Return the text in UTF-8 as quoted-printable, in lines of at most 76 characters."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    octets = lines.encode("utf-8", "replace").decode("latin-1")
    return body_encode(octets, eol="\r\n").encode("ascii") if octets else b""


@lru_cache(maxsize=16)
def _file(attachment: Attachment) -> bytes:
    headers.refuse_control("attachment", attachment.filename)
    method = f"; method={attachment.method}" if attachment.method else ""
    charset = "; charset=utf-8" if attachment.media_type.startswith("text/") else ""
    name = _filename(attachment.filename)
    head = (
        f"Content-Type: {attachment.media_type}{charset}{method}\r\n"
        f"Content-Disposition: attachment;{name}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    octets = attachment.content
    lines = [b2a_base64(octets[at : at + 57], newline=False) for at in range(0, len(octets), 57)]
    return head.encode("ascii") + b"\r\n".join(lines)


def _filename(name: str) -> str:
    """Return the parameter `filename`, folded; a long or non-ASCII name by RFC 2231."""
    if re.fullmatch(r"[\w .,+()-]{1,60}", name, re.ASCII):
        return f'\r\n filename="{name}"'
    sections = ["utf-8''"]
    for character in name:
        coded = quote(character, safe="")
        if len(sections[-1]) + len(coded) > _SECTION:
            sections.append("")
        sections[-1] += coded
    return ";".join(f"\r\n filename*{number}*={part}" for number, part in enumerate(sections))


def _list_label(name: str) -> str:
    """Return the name of a list as ASCII labels of a domain name, which List-Id requires."""
    headers.refuse_control("List-Id", name)
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
        for label in name.split(".")
    )
