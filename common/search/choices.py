"""Languages of the index and the limits of a search."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Config(models.TextChoices):
    ENGLISH = "english", _("English")
    SIMPLE = "simple", _("Any other language")


# Only so many matches are ranked, in about 20 ms; plain ranking of a common word takes 650.
# More are told as "more than 2,000".
CANDIDATES = 2000
PAGE = 20
# Private-use characters that mark a match until the text around them is escaped.
START, STOP = "\ue000", "\ue001"
