"""The base of all verbs, with which the record names what was done to an object."""

from django.db import models


class Verb(models.TextChoices):
    """Base of the verbs of one tracked model, which an app lists in its `choices.py`.

    The value is stored and never changes, since the hashes of the chain depend on it; the label can
    change. A value that several models use has the same label for each of them.
    """
