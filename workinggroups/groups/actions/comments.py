"""Every change of a comment on an action item.

comment   shown --hide--> hidden --show--> shown;   edited by its author for a day
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text.rendered import html_fields
from members.people.models import Person
from workinggroups.groups.actions import contributions
from workinggroups.groups.actions.indexing import index_item
from workinggroups.groups.choices import COMMENTS_MAX, CommentAct
from workinggroups.groups.models import ActionItem, ActionItemComment, ActionItemCommentEdit
from workinggroups.groups.notifications import ActionItemCommented, notify_in
from workinggroups.groups.permissions import (
    can_comment_on_item,
    can_edit_comment,
    can_hide_comment,
    is_editable,
)


@transaction.atomic
def add_comment(*, actor: Person, item: ActionItem, source: str) -> ActionItemComment:
    """Add a comment; notify the owners of the item, and who commented on it before.

    Raises NotAllowed, WrongState for a concluded group and past COMMENTS_MAX, and Invalid for a text
    that cannot be rendered. Locks the item, so that its comments are numbered in order.
    """
    html = _rendered(source)
    item = _locked(item)
    viewer = viewer_for(actor.pk)
    can_comment_on_item.require(viewer, item)
    number = item.comments.count() + 1
    if number > COMMENTS_MAX:
        message = _("An action item can have at most %(most)d comments. Start a topic instead.")
        raise WrongState(message % {"most": COMMENTS_MAX})
    seat = viewer.seats.get(item.group_id)
    comment = ActionItemComment.objects.create(
        group=item.group,
        level=item.level,
        item=item,
        number=number,
        author=actor,
        organization_id=seat.organization_id if seat else None,
        source=source,
        **html_fields(html),
    )
    index_item(item)
    commented = ActionItemCommented(group=item.group_id, comment=str(comment.uuid))
    notify_in(item.group, actor, commented, cause=comment.uuid)
    return comment


@transaction.atomic
def edit_comment(
    *, actor: Person, comment: ActionItemComment, version: int, source: str
) -> ActionItemComment:
    """Replace the text of the comment; the text before is kept.

    `version` is the one that the author has read: raises Conflict where it was edited since, in
    another window. Raises WrongState after EDIT_HOURS, for a hidden comment and in a
    concluded group.
    """
    html = _rendered(source)
    comment = _current(comment)
    viewer = viewer_for(actor.pk)
    can_edit_comment.require(viewer, comment)
    if not is_editable(viewer, comment):
        raise WrongState(_("You can edit a comment for a day. Add another comment instead."))
    if comment.version != version:
        raise Conflict(
            _("You saved this comment in another window. Reload the page, then edit it.")
        )
    if comment.source == source:
        return comment
    ActionItemCommentEdit.objects.create(comment=comment, **contributions.former_text(comment))
    contributions.replace_text(comment, source, html)
    index_item(comment.item)
    return comment


@transaction.atomic
def hide_comment(*, actor: Person, comment: ActionItemComment, reason: str) -> ActionItemComment:
    """Show the reason in place of the comment, whose text only the chairs can read then.

    Raises Invalid without a reason, WrongState for a hidden comment.
    """
    if not reason.strip():
        raise Invalid(
            _("Give a reason in one sentence. It is shown in place of the comment."), "reason"
        )
    comment = _current(comment)
    can_hide_comment.require(viewer_for(actor.pk), comment)
    if comment.is_hidden:
        raise WrongState(_("This comment is already hidden."))
    contributions.set_hidden(comment, by=actor, reason=reason.strip())
    index_item(comment.item)
    record(actor, CommentAct.HIDDEN, comment, facts=_facts(comment))
    return comment


@transaction.atomic
def show_comment(*, actor: Person, comment: ActionItemComment) -> ActionItemComment:
    """Show a hidden comment again to everyone who reads the action item."""
    comment = _current(comment)
    can_hide_comment.require(viewer_for(actor.pk), comment)
    if not comment.is_hidden:
        raise WrongState(_("This comment is not hidden."))
    contributions.set_hidden(comment, by=None)
    index_item(comment.item)
    record(actor, CommentAct.SHOWN, comment, facts=_facts(comment))
    return comment


def _rendered(source: str) -> str:
    return contributions.rendered(source, if_empty=_("Write something before you comment."))


def _locked(item: ActionItem) -> ActionItem:
    """Lock the item's row until the end of the transaction; return it as it is now."""
    items = ActionItem.objects.select_for_update(of=("self",), no_key=True)
    return items.select_related("group__focus_area").get(pk=item.pk)


def _current(comment: ActionItemComment) -> ActionItemComment:
    """Lock the item and the comment; return the comment as it is now."""
    item = _locked(comment.item)
    comments = ActionItemComment.objects.select_for_update(no_key=True)
    current: ActionItemComment = comments.get(pk=comment.pk)
    current.item = item
    return current


def lock_item_of(comment: ActionItemComment) -> None:
    """Lock what every action on the comment locks first."""
    _locked(comment.item)


def _facts(comment: ActionItemComment) -> dict[str, object]:
    return {"group": comment.item.group.uuid, "action_item": comment.item.uuid}
