"""Encrypting the few secrets that have to be read again: mailed codes and authenticator keys."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Sealed with a key that is gone, altered, or older than it may be."""


def seal(facts: dict[str, Any]) -> str:
    """`facts` as text that only this installation can read."""
    return _box().encrypt(json.dumps(facts).encode()).decode()


def unseal(sealed: str, *, valid: timedelta | None = None) -> dict[str, Any]:
    """What was sealed, or `Unreadable` if that is longer ago than `valid`."""
    seconds = int(valid.total_seconds()) if valid else None
    try:
        opened: dict[str, Any] = json.loads(_box().decrypt(sealed.encode(), ttl=seconds))
    except (InvalidToken, ValueError):
        raise Unreadable from None
    return opened


def _box() -> MultiFernet:
    """Seals with SECRET_KEY and still opens what its fallbacks sealed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=b"people.sealing")
    return base64.urlsafe_b64encode(digest.digest())
