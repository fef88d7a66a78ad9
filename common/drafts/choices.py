"""How long drafts are kept, and their limits."""

from datetime import timedelta

from common.text.limits import Limit

KEPT_FOR = timedelta(days=30)
# Bytes of UTF-8. More than any text can have, so that a text too long to be submitted is kept too.
DRAFT_MAX_BYTES = 2 * Limit.NOTES + 64 * 1024
PERSON_MAX_BYTES = 16 * 1024 * 1024
PERSON_MAX_DRAFTS = 100
FIELDS_MAX = 300
# A page that saves after each pause of two seconds saves at most 30 times a minute.
SAVES_PER_MINUTE = 240
# For so long a late save is refused, so that it does not restore the draft of a submitted form.
SETTLED_SECONDS = 120
PREVIEWS_PER_MINUTE = 60
