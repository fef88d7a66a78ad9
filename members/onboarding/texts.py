"""The stored texts of this app: versions of agreements."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from members.onboarding.models import AgreementVersion
from members.onboarding.permissions import can_publish_agreements


class AgreementText(StoredText[AgreementVersion]):
    kind, name, model, text_kind = "agreement", _("Agreement"), AgreementVersion, TextKind.AGREEMENT

    def visible_to(self, viewer: Viewer) -> QuerySet[AgreementVersion]:
        versions = AgreementVersion.objects.all()
        return versions if can_publish_agreements(viewer) else versions.published()

    def weight(self, text: AgreementVersion) -> Weight:
        return Weight.CURRENT if text.in_force_at is None else Weight.BINDING
