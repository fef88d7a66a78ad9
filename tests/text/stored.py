"""Putting stored HTML back to what an older renderer left, as a database of before an upgrade has it."""

from typing import Any

from django.db import connection

from common.text.registry import stored_texts
from common.text.rendered import RenderedText


def make_old(text: RenderedText, html: str) -> None:
    """The row has this HTML of an older renderer; the triggers have to allow it."""
    table = text._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET html = %s, renderer_version = 0 WHERE id = %s",
            [html, text.pk],
        )
    text.refresh_from_db()


def all_html() -> dict[tuple[str, int], tuple[Any, ...]]:
    """HTML and renderer's version of every stored text."""
    return {
        (kind.kind, pk): rest
        for kind in stored_texts()
        for pk, *rest in kind.rows().values_list("pk", "html", "renderer_version")
    }
