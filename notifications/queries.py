"""Figures and lists that other pages show."""

from common.access import Viewer
from notifications.models import Notice, Preference

BADGE_LIMIT = 100


def unread_count(viewer: Viewer) -> int:
    """How many notices are unread, counted up to 100: the badge says 99+ beyond."""
    if viewer.person_id is None:
        return 0
    unread = Notice.objects.visible_to(viewer).unread().order_by()
    return unread.values("pk")[:BADGE_LIMIT].count()


def chosen_rhythms(person_id: int) -> dict[str, str]:
    """What the person chose everywhere, by kind."""
    return dict(
        Preference.objects.filter(person_id=person_id, scope_uuid=None).values_list(
            "kind", "rhythm"
        )
    )
