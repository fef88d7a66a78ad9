"""Who can read a row of content, from widest to narrowest. Stored on every content row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    PUBLIC = 0, _("Public")
    ALLIANCE = 1, _("The alliance")
    MEMBERS = 2, _("Members of the group")
    CHAIRS = 3, _("Chairs of the group")


def narrower(first: int, second: int) -> Level:
    """Return the narrower of two levels, which is that of an object inside a container."""
    return Level(max(first, second))
