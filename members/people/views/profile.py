"""A person's own settings: the profile, the sign-ins, the export, and closing the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.forms import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.http import throttling
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people import actions, exports
from members.people.forms import CloseForm, ProfileForm
from members.people.queries import sign_ins_of
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: PersonRequest) -> HttpResponse:
    """Edit the name, time zone, language, and whether the directory lists the person."""
    person = request.user
    fields = ["name", "zone", "locale", "in_directory"]
    form = ProfileForm(posted(request), initial=model_to_dict(person, fields))
    if form.is_valid():
        name = form.cleaned_data.pop("name")
        with refusals_shown_in(form):
            actions.rename(actor=person, person=person, name=name)
            actions.set_preferences(actor=person, person=person, **form.cleaned_data)
            messages.success(request, _("Profile saved."))
            return redirect("settings_profile")
    return render(request, "people/profile.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_ins(request: PersonRequest) -> HttpResponse:
    """List the person's sign-ins; a POST ends all but the current one."""
    own_key = request.session.session_key
    if request.method == "POST":
        actions.end_sign_ins(person=request.user, except_key=own_key)
        messages.success(request, _("Signed out everywhere else."))
        return redirect("settings_sign_ins")
    context = {"sign_ins": sign_ins_of(request.user), "own_key": own_key}
    return render(request, "people/sign_ins.html", context)


@require_safe
@recent_sign_in_required
def export(request: PersonRequest) -> HttpResponse:
    """Download everything held about the person as one JSON file, at most ten times an hour."""
    throttling.check("export", request.user.pk, limit=10, per_seconds=3600)
    response = JsonResponse(
        {"made_at": timezone.now().isoformat(), **exports.export(request.user)},
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def close(request: PersonRequest) -> HttpResponse:
    """Close the account once its address has been typed."""
    form = CloseForm(posted(request), person=request.user)
    if not form.is_valid():
        status = status_of(form)
        return render(request, "people/close.html", {"form": form}, status=status)
    actions.close(actor=request.user, person=request.user)
    logout(request)
    messages.success(request, _("Account closed. Your name and addresses have been erased."))
    return redirect("/")
