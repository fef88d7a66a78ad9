"""Encrypt the few secrets that have to be read again: mailed codes and authenticator keys."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """The text was encrypted with a lost key, altered, or is too old."""


def seal(facts: Mapping[str, object]) -> str:
    """Encrypt `facts` with a key derived from SECRET_KEY."""
    return _fernet().encrypt(json.dumps(facts).encode()).decode()


def unseal(sealed: str, *, valid: timedelta | None = None) -> dict[str, object]:
    """Decrypt what `seal` returned. Raises Unreadable, also if it is older than `valid`."""
    seconds = int(valid.total_seconds()) if valid else None
    try:
        facts: dict[str, object] = json.loads(_fernet().decrypt(sealed.encode(), ttl=seconds))
    except (InvalidToken, ValueError):
        raise Unreadable from None
    return facts


def _fernet() -> MultiFernet:
    """Encrypt with SECRET_KEY, and also decrypt what its fallbacks encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=b"people.sealing")
    return base64.urlsafe_b64encode(digest.digest())
