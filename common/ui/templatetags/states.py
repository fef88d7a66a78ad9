"""States, banners and empty states."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.ui.states import state_of
from common.ui.templatetags.icons import icon_html

register = template.Library()


@register.simple_tag(takes_context=True)
def state(context: Context, kind: str, word: str = "") -> SafeString:
    """Render glyph, word and colour of a state; `word` is a more exact word ("4 days late")."""
    shown = state_of(str(kind))
    return format_html(
        '<span class="state is-{}">{}{}</span>',
        shown.tone,
        icon_html(context, shown.glyph, 14),
        word or shown.word,
    )


@register.simple_block_tag(takes_context=True)
def banner(context: Context, content: str, kind: str = "info", glyph: str = "") -> SafeString:
    """Render the state of the whole page at its top; the content begins with a bold sentence.

    `kind` is a state, or one of info, ok, wait, stop.
    """
    plain = {
        "info": ("info-circle-fill", "accent"),
        "ok": ("check-circle-fill", "ok"),
        "wait": ("exclamation-triangle-fill", "wait"),
        "stop": ("exclamation-octagon-fill", "stop"),
        "current": ("check-circle-fill", "ok"),
        "superseded": ("arrow-right-circle-fill", "wait"),
        "withdrawn": ("slash-circle-fill", "stop"),
        "review": ("chat-left-text-fill", "accent"),
    }
    shape, tone = plain.get(kind) or (state_of(kind).glyph, state_of(kind).tone)
    return format_html(
        '<div class="banner banner--{}">{}<div>{}</div></div>',
        tone,
        icon_html(context, glyph or shape, 18),
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """Render an empty state: what will be here, and how to begin."""
    return format_html(
        '<div class="empty"><div><h2>{}</h2>{}</div></div>',
        title,
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )
