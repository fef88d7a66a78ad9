"""Moments around now, for dated rows."""

from datetime import datetime, timedelta

from django.utils import timezone


def ago(**parts: float) -> datetime:
    """A moment in the past: `ago(days=3)`."""
    return timezone.now() - timedelta(**parts)


def ahead(**parts: float) -> datetime:
    return timezone.now() + timedelta(**parts)
