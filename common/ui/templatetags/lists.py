"""Lists and tables: the head of a section with what is at its end, the title of a row, a table's head."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()

# A page has many of these, so they escape what they are given themselves: format_html takes longer.


@register.simple_block_tag
def section_head_with(content: str, title: str, anchor: str = "") -> SafeString:
    """The heading of a section, and at its end what is between the tags: a link, a figure or nothing."""
    id_ = f' id="{conditional_escape(anchor)}"' if anchor else ""
    heading = f"<h2{id_}>{conditional_escape(title)}</h2>"
    # What is between the tags is the template's own, already escaped.
    return SafeString(f'<div class="section-head">{heading}{content.strip()}</div>')


@register.simple_tag
def row_title(title: object, url: str, variant: str = "", tag: str = "p") -> SafeString:
    """The title of a row, a link to what the row is about.

    `variant` is "record" for what is on the record, "light" for what is not set in bold; `tag` is the
    name of the element, such as "h3" where the title is a heading.
    """
    classes = f"row-title row-title--{variant}" if variant else "row-title"
    words = conditional_escape(str(title))
    link = f'<a class="title-link" href="{conditional_escape(url)}">{words}</a>'
    return SafeString(f'<{tag} class="{classes}">{link}</{tag}>')


@register.simple_tag
def table_head(*columns: str, numbers: str = "", unseen: str = "") -> SafeString:
    """The head of a table with these columns.

    `numbers` names those of figures by their places, "2 4"; `unseen` is the heading of a last column
    that explains itself to the eye: only a screen reader says it.
    """
    right = numbers.split()
    heads = [
        f'<th scope="col" class="num">{conditional_escape(column)}</th>'
        if str(place) in right
        else f'<th scope="col">{conditional_escape(column)}</th>'
        for place, column in enumerate(columns, 1)
    ]
    if unseen:
        words = conditional_escape(unseen)
        heads.append(f'<th scope="col"><span class="visually-hidden">{words}</span></th>')
    return SafeString(f"<thead><tr>{''.join(heads)}</tr></thead>")
