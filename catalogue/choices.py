"""Verbs of external works, values in the catalogue's addresses, and limits of its pages."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb
from workinggroups.deliverables.choices import DeliverableKind


class ExternalWorkAct(Verb):
    ADDED = "added", _("Added")
    EDITED = "edited", _("Edited")
    RETIRED = "retired", _("Removed")


# ?kind=standard reads better than ?kind=S, and survives a change of the letter.
KIND_SLUGS: dict[str, str] = {kind.name.lower(): kind.value for kind in DeliverableKind}
SLUG_OF_KIND: dict[str, str] = {value: slug for slug, value in KIND_SLUGS.items()}

PAGE = 20
# How long a feed reader can keep the feed. Pages are revalidated each time, so that a withdrawal
# shows at once; a 304 costs next to nothing.
FEED_SECONDS = 60
# A text with more characters of HTML than this has a page of its own.
TEXT_INLINE_CHARACTERS = 24_000
FEED_ENTRIES = 50
SITEMAP_ADDRESSES = 5_000
