"""Letting search find action items, by their text and their comments."""

from common.search import actions as search
from common.search.models import SearchEntry
from common.text import markdown
from workinggroups.groups.models import ActionItem
from workinggroups.groups.search import about

ACTION_ITEM = "action_item"


def index_item(item: ActionItem) -> None:
    """Index the item with its comments, without hidden ones."""
    comments = item.comments.shown().order_by("number")
    search.store(item_entries(item, [comment.html for comment in comments.only("html")]))


def item_entries(item: ActionItem, comments: list[str]) -> list[SearchEntry]:
    """Return the item's search entries, unsaved; `comments` are HTML."""
    return search.entries_of(
        kind=ACTION_ITEM,
        uuid=item.uuid,
        title=item.text,
        body="\n\n".join(markdown.plain_blocks(html) for html in comments),
        url=item.get_absolute_url(),
        level=item.level,
        group_id=item.group_id,
        at=item.created_at,
        about=["Action item", *about(item.group, item.level)],
    )
