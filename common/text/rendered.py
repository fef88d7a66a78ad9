"""The HTML of a stored text: always written together with the version of the renderer it is from."""

from typing import Any

from django.db import models

from common.text.markdown import RENDERER_VERSION

FIRST_RENDERER = 1
# The columns that are derived from the source. Triggers let these change in a sealed row.
HTML_FIELDS = ("html", "renderer_version")


class RenderedText(models.Model):
    """Abstract: a row that stores HTML beside the `source` it was rendered from.

    The HTML is derived and never sealed. A task renders it again when RENDERER_VERSION rises
    (`common/text/render_again.py`); each such model is registered in `common.text.registry`.
    """

    html = models.TextField()
    # The default is for rows that a version of the code from before this column writes.
    renderer_version = models.PositiveSmallIntegerField(
        db_index=True, db_default=FIRST_RENDERER, editable=False
    )

    class Meta:
        abstract = True

    def set_html(self, html: str) -> None:
        """Assign HTML that was rendered just now; saves nothing."""
        self.html, self.renderer_version = html, RENDERER_VERSION


def html_fields(html: str) -> dict[str, Any]:
    """Values of HTML_FIELDS for HTML that was rendered just now, for `create` and `update`."""
    return {"html": html, "renderer_version": RENDERER_VERSION}


def copied_html_fields(text: RenderedText) -> dict[str, Any]:
    """Values of HTML_FIELDS for a row that copies source and HTML of `text`."""
    return {"html": text.html, "renderer_version": text.renderer_version}
