"""The attached files of one object: listing, adding, removing and downloading them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Invalid
from common.files.responses import download as serve
from common.files.responses import show_picture
from common.http.form_handling import add_refusal, posted, posted_files, status_of
from common.http.once import once
from common.http.page_limit import part_of_page
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments import actions, permissions
from workinggroups.attachments.forms import AttachForm
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place, find_place
from workinggroups.attachments.queries import attached_to
from workinggroups.groups.lookup import readable_group
from workinggroups.groups.page_frame import group_page_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def attachments(request: PersonRequest, slug: str, kind: str, uuid: UUID) -> HttpResponse:
    place = _place(request, slug, kind, uuid)
    if request.method == "POST":
        permissions.can_attach.require(request.viewer, place)
    form = AttachForm(posted(request), files=posted_files(request))
    if form.is_valid() and _add(request, place, form):
        return redirect("attachments", slug, kind, uuid)
    listed = attached_to(place.group, {kind: [uuid]})
    context = {
        **group_page_context(request, place.group, place.tab),
        "place": place,
        "form": form,
        "attachments": listed,
        "can_attach": permissions.can_attach(request.viewer, place) and not place.closed,
        "removable": {
            attachment.pk
            for attachment in listed
            if not place.closed and permissions.can_remove(request.viewer, place, attachment)
        },
    }
    return render(request, "attachments/attachments.html", context, status=status_of(form))


def _add(request: PersonRequest, place: Place, form: AttachForm) -> bool:
    """Add the files one by one, up to the first that is refused; return whether all were added."""
    names: list[str] = []
    for upload in form.cleaned_data["file"]:
        try:
            added = actions.attach(
                actor=request.user, kind=place.kind, uuid=place.uuid, upload=upload
            )
        except Invalid as error:
            if names:
                message = _("These files were added: %(names)s.") % {"names": ", ".join(names)}
                error = Invalid(f"{upload.name}: {error.message} {message}", error.field)
            add_refusal(form, error)
            return False
        names.append(added.name)
    messages.success(request, _("Files added: %(names)s.") % {"names": ", ".join(names)})
    return True


@require_POST
@login_required
def remove(request: PersonRequest, slug: str, kind: str, uuid: UUID, name: str) -> HttpResponse:
    attachment = _attachment(request, slug, kind, uuid, name)
    actions.remove(actor=request.user, attachment=attachment)
    messages.success(request, _("%(name)s removed.") % {"name": name})
    return redirect("attachments", slug, kind, uuid)


@require_safe
@login_required
def download(
    request: PersonRequest, slug: str, kind: str, uuid: UUID, name: str
) -> HttpResponseBase:
    """The file as it was uploaded, for those who can read the object."""
    return serve(_attachment(request, slug, kind, uuid, name).stored, request)


@part_of_page
@require_safe
@login_required
def figure(request: PersonRequest, slug: str, kind: str, uuid: UUID, name: str) -> HttpResponseBase:
    """The copy of a picture that pages show, for the same readers."""
    return show_picture(_attachment(request, slug, kind, uuid, name).stored, request)


def _place(request: PersonRequest, slug: str, kind: str, uuid: UUID) -> Place:
    """Return the object at this address; Http404 as for one that does not exist."""
    group = readable_group(request, slug, (kind, uuid))
    place = find_place(request.viewer, kind, uuid)
    if place is None or place.group.pk != group.pk:
        raise Http404
    return place


def _attachment(request: PersonRequest, slug: str, kind: str, uuid: UUID, name: str) -> Attachment:
    place = _place(request, slug, kind, uuid)
    rows = Attachment.objects.of(kind, [uuid]).select_related("stored__picture")
    attachment = get_object_or_404(rows, name=name)
    attachment.group = place.group
    return attachment
