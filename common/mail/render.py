"""Rendering a mail from `templates/emails/<kind>/`."""

from collections.abc import Mapping
from typing import cast

from django.conf import settings
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.utils.translation import gettext as _

from common.mail.registry import Mail


def render_templates(kind: str, context: Mapping[str, object]) -> Mail:
    """Render `subject.txt`, `body.txt` and `body.html` of this kind with `context`.

    Every template also gets `site_name` and `site_url`. Only the HTML part escapes.
    """
    values = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    return Mail(
        # A template can break the sentence over lines; a subject is one line.
        subject=" ".join(_render(f"emails/{kind}/subject.txt", values).split()),
        text=with_contact(_render(f"emails/{kind}/body.txt", values)),
        html=_render(f"emails/{kind}/body.html", values, escape=True),
    )


def with_contact(text: str) -> str:
    """Return the text of a mail with a last line that says where to get help."""
    where = settings.CONTACT_EMAIL or f"{settings.SITE_URL}/pages/contact/"
    return f"{text.strip()}\n{_('Questions:')} {where}\n"


def _render(name: str, values: Mapping[str, object], *, escape: bool = False) -> str:
    engine = cast(DjangoTemplates, engines["django"]).engine
    return str(engine.get_template(name).render(Context(dict(values), autoescape=escape)))
