"""The HTML of a stored text, always saved with the version of its renderer."""

from django.db import models

from common.text.markdown import RENDERER_VERSION

FIRST_RENDERER = 1
# The columns derived from the source. Triggers allow them to change in a sealed row.
HTML_FIELDS = ("html", "renderer_version")


class RenderedText(models.Model):
    """Abstract: a row that stores HTML beside the `source` it was rendered from.

    The HTML is derived and never sealed. A task renders it again when RENDERER_VERSION rises
    (`common/text/render_again.py`); each such model is registered in `common.text.registry`.
    """

    source: "models.TextField[str, str]"

    html = models.TextField()
    # The default is for rows that older code writes, which does not know this column.
    renderer_version = models.PositiveSmallIntegerField(
        db_index=True, db_default=FIRST_RENDERER, editable=False
    )

    class Meta:
        abstract = True

    def set_html(self, html: str) -> None:
        """Assign HTML that was just rendered, without saving."""
        self.html, self.renderer_version = html, RENDERER_VERSION


def html_fields(html: str) -> dict[str, object]:
    """Return HTML_FIELDS for HTML that was just rendered, for `create` and `update`."""
    return {"html": html, "renderer_version": RENDERER_VERSION}


def copied_html_fields(text: RenderedText) -> dict[str, object]:
    """Return HTML_FIELDS for a row that copies source and HTML of `text`."""
    return {"html": text.html, "renderer_version": text.renderer_version}
