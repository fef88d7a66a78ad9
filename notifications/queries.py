"""What pages ask of people's choices."""

from notifications.models import Preference


def chosen_rhythms(person_id: int) -> dict[str, str]:
    """What the person chose everywhere, by kind."""
    return dict(
        Preference.objects.filter(person_id=person_id, scope_uuid=None).values_list(
            "kind", "rhythm"
        )
    )
