"""Pages of the site that staff edit (privacy, terms, accessibility, contact, about), and the demo."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person


class SiteText(RenderedText):
    """One public page whose text staff write, such as the privacy notice."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=120)
    source = models.TextField(_("text"), help_text=_("Markdown."))
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("site-text", args=[self.slug])


class DemoMark(models.Model):
    """All organizations, people and acts in this database are invented; one row at most."""

    id = models.BooleanField(primary_key=True, default=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=True), name="demo_mark_once")]

    def __str__(self) -> str:
        return f"demo of {self.loaded_at:%Y-%m-%d}"
