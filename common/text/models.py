"""The text kit of every room: what was typed, what is shown, and which renderer made it."""

from django.db import models
from django.utils.safestring import SafeString, mark_safe

from common.text.limits import Limit
from common.text.markdown import RENDERER_VERSION, plain, render


class WrittenText(models.Model):
    """A model with one Markdown text. `source` is the truth, `html` its clean rendering."""

    source = models.TextField(blank=True)
    html = models.TextField(blank=True, editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=RENDERER_VERSION, editable=False)

    class Meta:
        abstract = True

    TEXT_FIELDS = ["source", "html", "renderer_version"]

    def set_text(self, source: str, limit: Limit = Limit.POST) -> None:
        """The three fields agree; the caller saves them. Raises Invalid as `render` does."""
        self.html = render(source, limit)
        self.source = source
        self.renderer_version = RENDERER_VERSION

    @property
    def safe_html(self) -> SafeString:
        """For templates: cleaned when it was written."""
        return mark_safe(self.html)  # noqa: S308

    def excerpt(self, characters: int = 200) -> str:
        return plain(self.html, characters)
