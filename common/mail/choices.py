"""States and timings of outgoing mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not sent: no longer due or allowed")
    FAILED = "failed", _("Failed")


OPEN = [State.QUEUED, State.SENDING]

# How many messages one claim takes, and how long they stay claimed by a process that is paused or
# disconnected; those of a process that died are free at once.
BATCH = 100
LEASE_SECONDS = 180
# A run begins no mail after so long and enqueues the next run, so that a long mailing neither keeps
# the workers from fanning out notifications nor reaches the hard time limit of a task.
TURN_SECONDS = 10
# The wait after the first failure; it doubles with each further one up to the longest.
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 6 * 3600
# After a failure no sender tries the relay for so long; doubles with each failure up to the longest.
RELAY_FIRST_WAIT_SECONDS = 15
RELAY_LONGEST_WAIT_SECONDS = 60
# For so long one sender alone tries whether the relay is back: connecting and one mail.
PROBE_SECONDS = 50
# Outcomes are flushed to disk after so many mails, or after so long when the relay is slow.
OUTCOMES = 16
OUTCOME_SECONDS = 0.05
# A sender whose database is restarting keeps the outcomes of its mails for so long.
DATABASE_AWAY_SECONDS = 30
# Thirteen tries under that rule span a little over 24 hours.
MAX_ATTEMPTS = 13
# A mail that is useful for less than this, such as a code, is tried again after these many seconds,
# the last of them repeated: eleven tries in a quarter of an hour.
SHORT_USE_SECONDS = 3600
SHORT_USE_WAITS_SECONDS = (5, 15, 45, 60, 90, 120)
# When a code waits longer than this for our own mail server, the page warns the reader.
TROUBLE_AFTER_SECONDS = 20
# How long the delivery log, which holds addresses, is kept.
KEEP_DAYS = 30
KEEP_FAILED_DAYS = 180
# Later mails about an object refer to the first one for so long.
KEEP_THREAD_DAYS = 730
