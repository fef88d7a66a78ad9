"""How long drafts are kept, and how much room they take."""

from datetime import timedelta

from common.text.limits import Limit

KEPT_FOR = timedelta(days=30)
# Bytes of UTF-8. More than any text may have, so that one that is too long to be saved is kept too.
DRAFT_MAX_BYTES = 2 * Limit.NOTES + 64 * 1024
PERSON_MAX_BYTES = 16 * 1024 * 1024
PERSON_MAX_DRAFTS = 100
FIELDS_MAX = 300
# A page that saves after each pause of two seconds asks at most 30 times a minute.
SAVES_PER_MINUTE = 240
# A save that is still on its way when its form has been taken must not bring the draft back.
SETTLED_SECONDS = 120
PREVIEWS_PER_MINUTE = 60
