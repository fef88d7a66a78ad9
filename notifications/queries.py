"""What pages ask of people's choices."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from common.access import Viewer
from members.people.models import Person
from notifications.choices import DIGEST, Rhythm
from notifications.models import Preference
from notifications.registry import all_kinds, names_of_scopes


@dataclass(frozen=True, slots=True)
class Stopped:
    """Mail that the reader stopped by the link in it."""

    pk: int
    label: str
    scope: str  # the name of the group, empty where the reader may not know it any more


def stopped_mail(viewer: Viewer) -> list[Stopped]:
    """What the viewer stopped in one scope, and the daily digest."""
    if viewer.person_id is None:
        return []
    rows = list(
        Preference.objects.filter(
            Q(scope_uuid__isnull=False) | Q(kind=DIGEST),
            person_id=viewer.person_id,
            rhythm=Rhythm.OFF,
        ).order_by("pk")
    )
    labels = {kind.name: str(kind.label) for kind in all_kinds()}
    labels[DIGEST] = _("The daily digest")
    names = names_of_scopes({row.scope_uuid for row in rows if row.scope_uuid}, viewer)
    return [
        Stopped(row.pk, labels[row.kind], names.get(row.scope_uuid, "") if row.scope_uuid else "")
        for row in rows
        if row.kind in labels
    ]


def chosen_rhythms(person_id: int) -> dict[str, str]:
    """What the person chose everywhere, by kind."""
    return dict(
        Preference.objects.filter(person_id=person_id, scope_uuid=None).values_list(
            "kind", "rhythm"
        )
    )


def has_stopped_digest(person: Person) -> bool:
    """Whether the person gets no daily digest."""
    return Preference.objects.filter(person=person, kind=DIGEST, rhythm=Rhythm.OFF).exists()
