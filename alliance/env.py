"""Typed readers for environment values: the only place that reads os.environ."""

import json
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the value of `name`, or the content of the file in `<name>_FILE`."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        return Path(file_name).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def address(name: str) -> str:
    """Return a mail address, or ""."""
    value = text(name).strip()
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise ImproperlyConfigured(f"{name}={value!r} is not a mail address.") from None
    return value


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither 1 nor 0.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """Return comma-separated values, trimmed, without empty ones."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choices(name: str, default: str, *, allowed: set[str]) -> list[str]:
    """Return comma-separated values; raise ImproperlyConfigured for one that is not allowed."""
    values = words(name, default)
    if unknown := set(values) - allowed:
        raise ImproperlyConfigured(
            f"{name} has {', '.join(sorted(unknown))}; it can have {', '.join(sorted(allowed))}."
        )
    return values


def mailbox(name: str, default: str, *, name_default: str) -> tuple[str, str]:
    """Return name and address of a sender; `name_default` when the value is only an address."""
    value = text(name, default) or default
    display, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(character.isspace() for character in address):
        raise ImproperlyConfigured(
            f"{name}={value!r} is no sender: write an address, or Name <address>."
        )
    return " ".join(display.split()) or name_default, address


def scanner(name: str) -> str:
    """Return the address of clamd, tcp://host:3310 or unix:///path, or ""."""
    value = text(name).strip()
    parts = urlsplit(value)
    if value and not (
        (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)
    ):
        raise ImproperlyConfigured(f"{name}={value!r} is neither tcp://host:3310 nor unix:///path.")
    return value


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a URL like postgresql://user:secret@host:5432/name?sslmode=require."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// (no other database is supported)."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "alliance",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
    }


def celery_broker(redis_url: str) -> str:
    """Return the broker URL for Celery, which has redis+socket:// where redis-py has unix://."""
    if redis_url.startswith("unix://"):
        path = redis_url.removeprefix("unix://")
        return "redis+socket://" + path.replace("?db=", "?virtual_host=")
    return redis_url


def running_servers(data_dir: Path) -> dict[str, str]:
    """Return the URLs of the embedded servers that `make run` started for this folder, or nothing."""
    try:
        loaded = json.loads((data_dir / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in loaded.items() if isinstance(value, str)}
