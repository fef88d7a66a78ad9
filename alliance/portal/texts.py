"""The stored texts of site pages, such as the privacy notice."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.portal.models import SiteText
from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText


class PageText(StoredText[SiteText]):
    kind, name, model, text_kind = "site_text", _("Site page"), SiteText, TextKind.DOCUMENT

    def visible_to(self, viewer: Viewer) -> QuerySet[SiteText]:
        return SiteText.objects.all()

    def weight(self, text: SiteText) -> Weight:
        return Weight.FORMAL
