"""Words that all apps share."""

from django.db import models


class FocusArea(models.Model):
    """A field of the alliance's work, shown with its glyph and hue (`.hue-<hue>` in CSS)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    glyph = models.CharField(max_length=40, help_text="Name of an icon in the sprite.")
    hue = models.SlugField(max_length=20, help_text="Name of a colour pair in the style sheet.")
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
