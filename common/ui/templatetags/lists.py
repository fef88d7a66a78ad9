"""Lists and tables: the head of a section with what is at its end, the title of a row, a table's head."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag
def section_head_with(content: str, title: str, anchor: str = "") -> SafeString:
    """The heading of a section, and at its end what is between the tags: a link, a figure or nothing."""
    return format_html(
        '<div class="section-head"><h2{}>{}</h2>{}</div>',
        format_html(' id="{}"', anchor) if anchor else "",
        title,
        mark_safe(content.strip()),  # noqa: S308  (the template's own, already escaped)
    )


@register.simple_tag
def row_title(title: object, url: str, style: str = "", level: int = 0) -> SafeString:
    """The title of a row, a link to what the row is about.

    `style` is "record" for what is on the record, "light" for what is not set in bold. With a `level`
    the title is a heading of that level, else a paragraph.
    """
    return format_html(
        '<{0} class="row-title{1}"><a class="title-link" href="{2}">{3}</a></{0}>',
        f"h{level}" if level else "p",
        f" row-title--{style}" if style else "",
        url,
        title,
    )


@register.simple_tag
def table_head(*columns: str, numbers: str = "", unseen: str = "") -> SafeString:
    """The head of a table with these columns.

    `numbers` names those of figures by their places, "2 4"; `unseen` is the heading of a last column
    that explains itself to the eye: only a screen reader says it.
    """
    right = set(numbers.split())
    heads = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        (
            (mark_safe(' class="num"') if str(place) in right else "", column)
            for place, column in enumerate(columns, 1)
        ),
    )
    last = format_html('<th scope="col"><span class="visually-hidden">{}</span></th>', unseen)
    return format_html("<thead><tr>{}{}</tr></thead>", heads, last if unseen else "")
