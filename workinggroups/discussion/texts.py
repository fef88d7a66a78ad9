"""The stored texts of this app: posts, and their earlier texts."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.discussion.actions import index_post, locked
from workinggroups.discussion.models import Post, PostEdit


class PostText(StoredText[Post]):
    kind, name, model, text_kind = "post", _("Post"), Post, TextKind.POST
    related = ("topic__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[Post]:
        return Post.objects.visible_to(viewer).shown()

    def lock(self, text: Post) -> None:
        locked(text.topic)

    def reindex(self, text: Post) -> None:
        if not text.is_hidden:
            index_post(text.topic, text)

    def group_id(self, text: Post) -> int:
        return text.group_id


class PostEditText(StoredText[PostEdit]):
    kind, name, model, text_kind = "post_edit", _("Earlier text of a post"), PostEdit, TextKind.POST
    related = ("post__topic__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[PostEdit]:
        return PostEdit.objects.filter(post__in=Post.objects.visible_to(viewer).shown())

    def url(self, text: PostEdit) -> str:
        return text.post.get_absolute_url()

    def group_id(self, text: PostEdit) -> int:
        return text.post.group_id

    def weight(self, text: PostEdit) -> Weight:
        return Weight.FORMER
