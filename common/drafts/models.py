"""Drafts: what a person typed into a form and has not submitted yet."""

from typing import Self, cast
from uuid import UUID

from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator

from common.drafts.choices import KEPT_FOR
from common.identifiers import new_uuid


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, person_uuid: UUID | None) -> Self:
        """The drafts of one person, which nobody else can read, without exception."""
        if person_uuid is None:
            return self.none()
        return self.filter(person_uuid=person_uuid, saved_at__gt=timezone.now() - KEPT_FOR)

    def latest_first(self) -> Self:
        return self.order_by("-saved_at", "-pk")

    def expired(self) -> Self:
        """The drafts whose time is over."""
        return self.filter(saved_at__lte=timezone.now() - KEPT_FOR)


class Draft(models.Model):
    """Unsaved text of one person in one form, visible only to that person.

    Two browser tabs with the same form have a draft each, so that neither overwrites the other.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    person_uuid = models.UUIDField(editable=False)
    # The address of the page with the form, and the form's name on it.
    page = models.CharField(max_length=500, validators=[ProhibitNullCharactersValidator()])
    form = models.CharField(max_length=80, validators=[ProhibitNullCharactersValidator()])
    label = models.CharField(max_length=120, blank=True)
    # The list of values of each field by its name, as posted.
    fields = models.JSONField()
    size = models.PositiveIntegerField()
    # The tab that saved last, and the number of saves.
    tab = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person_uuid", "page"], name="draft_of_page"),
            models.Index(fields=["saved_at"], name="draft_saved_at"),
        ]

    def __str__(self) -> str:
        return f"{self.form} on {self.page}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The label and text of each field that a person typed into."""
        values = cast("dict[str, list[str]]", self.fields)
        return [
            (name.replace("_", " ").replace("-", " ").strip().capitalize(), value)
            for name, given in values.items()
            if name not in {"version", "base", "sequence", "seen", "read_at", "form"}
            for value in given
            if value.strip()
        ]

    @property
    def excerpt(self) -> str:
        """The first words of the longest text."""
        longest = max((value for _name, value in self.texts), key=len, default="")
        return Truncator(" ".join(longest[:400].split())).chars(120)
