"""People's choices about mail, for pages and digests."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from common.access import Viewer
from members.people.models import Person
from notifications.choices import DIGEST, Category, Frequency
from notifications.models import Preference
from notifications.registry import names_of_scopes, notification_types
from notifications.types import AnyPayload


@dataclass(frozen=True, slots=True)
class Stopped:
    """Mail from which the person unsubscribed by a link."""

    pk: int
    label: str
    scope: str  # the name of the group; "" when the person can no longer see it


def stopped_mail(viewer: Viewer) -> list[Stopped]:
    """Return the mail of single scopes, and the digest, from which the viewer unsubscribed."""
    if viewer.person_id is None:
        return []
    rows = list(
        Preference.objects.filter(
            Q(scope_uuid__isnull=False) | Q(kind=DIGEST),
            person_id=viewer.person_id,
            rhythm=Frequency.OFF,
        ).order_by("pk")
    )
    labels = {each.name: str(each.label) for each in notification_types()}
    labels[DIGEST] = _("Daily digest")
    names = names_of_scopes({row.scope_uuid for row in rows if row.scope_uuid}, viewer)
    return [
        Stopped(row.pk, labels[row.kind], names.get(row.scope_uuid, "") if row.scope_uuid else "")
        for row in rows
        if row.kind in labels
    ]


def types_for(viewer: Viewer) -> list[type[AnyPayload]]:
    """Return the types of notifications that can reach the viewer: those of administration only staff."""
    types = [each for each in notification_types() if each.is_in_use]
    if viewer.is_staff:
        return types
    return [each for each in types if each.category != Category.ADMINISTRATION]


def chosen_frequencies(person_id: int) -> dict[str, str]:
    """Return the person's choices for all scopes, by the name of the notification type."""
    chosen = Preference.objects.filter(person_id=person_id, scope_uuid=None)
    return dict(chosen.values_list("kind", "rhythm"))


def has_stopped_digest(person: Person) -> bool:
    """Whether the person gets no daily digest."""
    return Preference.objects.filter(person=person, kind=DIGEST, rhythm=Frequency.OFF).exists()
