"""Verbs of the record for the texts of the site and for mail that is held after a restore."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class SiteTextAct(Verb):
    EDITED = "edited", _("Edited")


class MailAct(Verb):
    RELEASED = "released", _("Released")
