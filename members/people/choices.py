"""Token scopes, verbs of the record, and how long sign-ins, codes and tokens last."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class Scope(models.TextChoices):
    READ = "read", _("Read what I can read")
    WRITE = "write", _("Also join, save notes, comment and close action items")


class PersonAct(Verb):
    CREATED = "created", _("Created")
    RENAMED = "renamed", _("Renamed")
    LISTED = "listed", _("Listed in the directory")
    UNLISTED = "unlisted", _("Removed from the directory")
    PASSWORD_SET = "password_set", _("Password set")
    SUSPENDED = "suspended", _("Suspended")
    RESTORED = "restored", _("Restored")
    CLOSED = "closed", _("Closed")
    MADE_STAFF = "made_staff", _("Made staff")
    SECOND_FACTOR_RESET_ASKED = "second_factor_reset_asked", _("Second factor reset requested")
    SECOND_FACTOR_RESET_WITHDRAWN = (
        "second_factor_reset_withdrawn",
        _("Second factor reset withdrawn"),
    )
    SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor reset")


class TokenAct(Verb):
    CREATED = "created", _("Created")
    REVOKED = "revoked", _("Revoked")


# A sign-in ends after this long without a request, and in any case after two weeks.
IDLE = timedelta(hours=12)
STAFF_IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=14)

# Keys of a session.
BEGAN = "began_at"  # seconds since 1970
SEEN = "seen_at"  # seconds since 1970
IP = "ip"
BROWSER = "browser"

# "Last seen" is written at most this often, so that most pages write nothing.
SEEN_EVERY = timedelta(minutes=10)

# Changes to an account, and acts with authority, need a sign-in no older than this.
RECENT = timedelta(minutes=5)

# A mailed code can be typed in for this long, and this many times.
CODE_VALID = timedelta(minutes=15)
CODE_ATTEMPTS = 3

# A mail about a change to an account is of no use later than this.
CHANGE_MAIL_VALID = timedelta(days=7)

TOKEN_LONGEST = timedelta(days=365)
TOKENS_AT_MOST = 20
