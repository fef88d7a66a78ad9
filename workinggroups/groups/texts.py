"""The stored texts of this app: versions of charters, and comments on action items."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.groups.actions.comments import lock_item_of
from workinggroups.groups.actions.indexing import index_item
from workinggroups.groups.choices import CharterState
from workinggroups.groups.models import (
    ActionItemComment,
    ActionItemCommentEdit,
    CharterVersion,
    Group,
)


class CharterText(StoredText[CharterVersion]):
    kind, name, model, text_kind = "charter", _("Charter"), CharterVersion, TextKind.DOCUMENT
    related = ("group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[CharterVersion]:
        """An adopted charter is part of its group's profile; a draft is for the members, and for who
        votes about it."""
        adopted = Q(state=CharterState.ADOPTED, group__in=Group.objects.visible_to(viewer))
        inside = Q(group_id__in=viewer.group_ids | viewer.break_glass_ids)
        granted = Q(uuid__in=viewer.granted.get("charter_version", ()))
        return CharterVersion.objects.filter(adopted | inside | granted)

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


class CommentText(StoredText[ActionItemComment]):
    kind, name, model = "action_item_comment", _("Comment on an action item"), ActionItemComment
    text_kind = TextKind.POST
    related = ("item__group__focus_area",)

    def visible_to(self, viewer: Viewer) -> QuerySet[ActionItemComment]:
        return ActionItemComment.objects.visible_to(viewer).shown()

    def lock(self, text: ActionItemComment) -> None:
        lock_item_of(text)

    def reindex(self, text: ActionItemComment) -> None:
        index_item(text.item)

    def group_id(self, text: ActionItemComment) -> int:
        return text.group_id


class CommentEditText(StoredText[ActionItemCommentEdit]):
    kind, name = "action_item_comment_edit", _("Earlier text of a comment on an action item")
    model, text_kind = ActionItemCommentEdit, TextKind.POST
    related = ("comment__item__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[ActionItemCommentEdit]:
        comments = ActionItemComment.objects.visible_to(viewer).shown()
        return ActionItemCommentEdit.objects.filter(comment__in=comments)

    def url(self, text: ActionItemCommentEdit) -> str:
        return text.comment.get_absolute_url()

    def group_id(self, text: ActionItemCommentEdit) -> int:
        return text.comment.group_id

    def weight(self, text: ActionItemCommentEdit) -> Weight:
        return Weight.FORMER
