"""The stored texts of this app: versions of charters."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.groups.choices import CharterState
from workinggroups.groups.models import CharterVersion, Group


class CharterText(StoredText[CharterVersion]):
    kind, name, model, text_kind = "charter", _("Charter"), CharterVersion, TextKind.DOCUMENT
    related = ("group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[CharterVersion]:
        """An adopted charter is part of its group's profile; a draft is for the members."""
        adopted = Q(state=CharterState.ADOPTED, group__in=Group.objects.visible_to(viewer))
        inside = Q(group_id__in=viewer.group_ids | viewer.break_glass_ids)
        return CharterVersion.objects.filter(adopted | inside)

    def url(self, text: CharterVersion) -> str:
        if text.state == CharterState.DRAFT:
            return reverse("group-charter-draft", args=[text.group.slug])
        return text.get_absolute_url()

    def group_id(self, text: CharterVersion) -> int:
        return text.group_id

    def weight(self, text: CharterVersion) -> Weight:
        if text.during is None:
            return Weight.CURRENT
        return Weight.FORMAL if text.during.upper is None else Weight.FORMER
