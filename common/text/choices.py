"""Outcomes of rendering a stored text again, and which texts staff look at first."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    CHANGED = "changed", _("Words changed")
    REFUSED = "refused", _("Not rendered again")


class Weight(models.IntegerChoices):
    """How much depends on the words of a text; the lowest number is listed first."""

    BINDING = 0, _("In force")  # an agreement that people or organizations accepted
    FORMAL = 1, _("Formal")  # published, decided, approved or adopted
    CURRENT = 2, _("Current")
    FORMER = 3, _("Former")  # an older revision or version


# Words of a text shown around its first difference.
EXCERPT_WORDS = 30
EXCERPT_WORDS_BEFORE = 6
EXCERPT_CHARACTERS = 300
