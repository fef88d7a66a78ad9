"""Why an act on a meeting is not for somebody: one sentence each, for page, API and action alike."""

from django.utils.translation import gettext_lazy as _

OFFICERS_ONLY = _("The chairs and the secretary of the group do this.")
CHAIRS_ONLY = _("The chairs of the group do this.")
WRITERS_ONLY = _("Participants of the group write its notes; observers and visitors read them.")
DRAFT_OFFICERS_ONLY = _(
    "The notes were offered as minutes: now only the chairs and the secretary change them. "
    "Ask for a correction below them."
)
WRITERS_ATTACH = _(
    "Files of a meeting are added by those who write its notes, its chairs and its secretary."
)
SEATS_ONLY = _("People who take part in the group say whether they come.")
OWN_TEXT_ONLY = _("This text waits for the choice of the one who wrote it.")
