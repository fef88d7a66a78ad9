"""A mail's words from `templates/emails/<kind>/`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.utils.translation import gettext as _

from common.mail.registry import Mail


def render_templates(kind: str, context: Mapping[str, Any]) -> Mail:
    """The mail that `subject.txt`, `body.txt` and `body.html` of this kind make of `context`.

    Every template also gets `site_name` and `site_url`. Only the HTML part escapes.
    """
    values = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    return Mail(
        # A sentence may be broken over lines in the template; a subject is one line.
        subject=" ".join(_render(f"emails/{kind}/subject.txt", values).split()),
        text=with_contact(_render(f"emails/{kind}/body.txt", values)),
        html=_render(f"emails/{kind}/body.html", values, escape=True),
    )


def with_contact(text: str) -> str:
    """The text of a mail, with a last line that says where help is: an address, or the page."""
    where = settings.CONTACT_EMAIL or f"{settings.SITE_URL}/pages/contact/"
    return f"{text.strip()}\n{_('Questions:')} {where}\n"


def _render(name: str, values: Mapping[str, Any], *, escape: bool = False) -> str:
    template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(dict(values), autoescape=escape)))
