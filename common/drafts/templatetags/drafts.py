"""The tag that adds drafts to a form: `{% draft form %}`, the first line inside each `<form>`."""

from dataclasses import dataclass
from uuid import UUID

from django import forms, template
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString, mark_safe

from common.access import Viewer
from common.drafts.models import Draft
from common.drafts.posted import PostedDraft, page_of
from common.drafts.saved_time import saved_time, saved_words
from common.errors import Invalid
from common.http.redirects import with_draft
from common.http.requests import Request
from common.identifiers import new_uuid
from common.text.preview import Preview, preview

register = template.Library()

OFFERED_MAX = 2
# A one-line input that takes so many characters holds sentences.
LINE_MAX_CHARACTERS = 300


@dataclass(frozen=True)
class Toolbar:
    """The buttons below a long text: Preview, and Save for later below the first text of a form."""

    name: str
    kind: str
    page: str
    form: str
    saves: bool
    words: str


@dataclass(frozen=True)
class Offer:
    draft: Draft
    url: str
    when: str


@register.simple_tag(takes_context=True)
def draft(context: Context, form: BaseForm) -> SafeString:
    """Render the hidden fields of the form's draft, the drafts to continue, and the preview.

    Fills the form when a draft is continued. Renders nothing for a form without a long text, or
    when nobody is signed in.
    """
    request = context.get("request")
    texts = [name for name, field in form.fields.items() if is_long_text(field)]
    if not (request and texts and context.get("has_session") and request.user.is_authenticated):
        return SafeString("")
    name = form_name(form)
    person_uuid: UUID = request.viewer.person_uuid
    posted = getattr(request, "draft", None)
    if posted is not None and posted.form != name:
        posted = None
    continued = None if posted else _continued(request, person_uuid, name)
    shown: Preview | None = None
    problem = ""
    if posted and posted.preview:
        fill(form, posted.fields)
        shown, problem = _preview_of(posted, request.viewer)
    elif continued:
        fill(form, continued.fields)
    page = posted.page if posted else page_of(request)
    offers = [] if posted or continued else _offers(request, page, name)
    for number, text in enumerate(texts):
        widget = form.fields[text].widget
        widget.toolbar = Toolbar(
            name=form.add_prefix(text),
            kind=getattr(widget, "kind", ""),
            page=page,
            form=name,
            saves=number == 0,
            words=saved_words(request, continued) if continued else "",
        )
    identity = posted or continued
    is_first = not getattr(request, "has_draft_script", False)
    request.has_draft_script = True
    return mark_safe(  # noqa: S308  (a template of ours)
        render_to_string(
            "drafts/_draft.html",
            {
                "request": request,
                "uuid": identity.uuid if identity else new_uuid(),
                "tab": posted.tab if posted else get_random_string(12),
                "version": identity.version if identity else 0,
                "page": page,
                "form_name": name,
                "label": str(form.fields[texts[0]].label or ""),
                "owner": person_uuid,
                "offers": offers[:OFFERED_MAX],
                "has_more": len(offers) > OFFERED_MAX,
                # A continued draft is on the server as the form shows it.
                "is_unsaved": posted is not None,
                "preview": shown,
                "problem": problem,
                "kind": posted.preview.rpartition(".")[2] if posted else "",
                "has_session": True,
                "needs_script": is_first,
            },
        )
    )


def is_long_text(field: forms.Field) -> bool:
    """Whether the field takes more than a short line."""
    if isinstance(field.widget, forms.Textarea):
        return not field.disabled
    is_line = isinstance(field, forms.CharField) and type(field.widget) is forms.TextInput
    return is_line and (getattr(field, "max_length", None) or 0) >= LINE_MAX_CHARACTERS


def form_name(form: BaseForm) -> str:
    name = type(form).__name__
    return f"{name}-{form.prefix}" if form.prefix else name


def fill(form: BaseForm, fields: dict[str, list[str]]) -> None:
    """Fill an unbound form with these values, each as its widget reads it from a posted form.

    Hidden fields too, so that the version on which the text is based stays the same.
    """
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        html_name = form.add_prefix(name)
        if not field.widget.value_omitted_from_data(data, {}, html_name):
            form.initial[name] = field.widget.value_from_datadict(data, {}, html_name)


def _continued(request: Request, person_uuid: UUID, name: str) -> Draft | None:
    """Return the draft of `?draft=`, if it belongs to this person and form."""
    if request.method not in {"GET", "HEAD"}:
        return None
    try:
        uuid = UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    return Draft.objects.of(person_uuid).filter(uuid=uuid, form=name).first()


def _offers(request: Request, page: str, name: str) -> list[Offer]:
    mine = Draft.objects.of(request.viewer.person_uuid).filter(page=page, form=name)
    return [
        Offer(draft, with_draft(page, draft.uuid, name), saved_time(request, draft))
        for draft in mine.latest_first()[: OFFERED_MAX + 1]
    ]


def _preview_of(posted: PostedDraft, viewer: Viewer) -> tuple[Preview | None, str]:
    """Return the preview, or the sentence that says why there is none."""
    name, _dot, kind = posted.preview.rpartition(".")
    try:
        source = "\n".join(posted.fields.get(name, []))
        return preview(source, kind, page=posted.page, viewer=viewer), ""
    except Invalid as error:
        return None, error.message
