"""Verbs of external works, words of the catalogue's addresses, and how much it shows."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb
from workinggroups.deliverables.choices import DeliverableKind


class OutsideEntryAct(Verb):
    ADDED = "added", _("Added")
    EDITED = "edited", _("Edited")
    RETIRED = "retired", _("Retired")


# ?kind=standard reads better than ?kind=S, and stays when a letter changes.
KIND_SLUGS: dict[str, str] = {kind.name.lower(): kind.value for kind in DeliverableKind}
SLUG_OF_KIND: dict[str, str] = {value: slug for slug, value in KIND_SLUGS.items()}

PAGE = 20
# How long a reader's program may keep the feed without asking again. Pages are asked for each
# time, so that a withdrawal shows at once; a 304 costs next to nothing.
FEED_SECONDS = 60
# A text up to this many characters of HTML stands on its publication's page, a longer one apart.
TEXT_INLINE_CHARACTERS = 24_000
FEED_ENTRIES = 50
SITEMAP_ADDRESSES = 5_000
