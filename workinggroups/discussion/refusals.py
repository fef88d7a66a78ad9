"""Why an act is not for somebody: one sentence each, for page, API and action alike."""

from django.utils.translation import gettext_lazy as _

WRITERS_ONLY = _("Participants of the group write here; observers and visitors read.")
CHAIRS_ONLY = _("The chairs of the group do this.")
CHAIRS_TOPIC = _("Only chairs start a topic for the chairs.")
OWN_POST_ONLY = _("A post is changed only by the one who wrote it.")
MEMBERS_ONLY = _("People who take part in the group follow its topics.")
