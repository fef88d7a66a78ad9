"""The queue of applications, and what staff do with one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.http.errors import not_found_unless
from common.http.once import once
from common.http.sign_in_required import login_required
from common.vocabulary.countries import country_name
from members.onboarding import queries
from members.onboarding.actions import checklist, screening
from members.onboarding.choices import (
    CHECKS_BEFORE_APPROVAL,
    CHECKS_BY_ACT,
    UNDECIDED,
    AgreementKind,
    ApplicationState,
    CheckState,
    MatchOutcome,
)
from members.onboarding.duplicates import Candidate, candidates, same_in_queue
from members.onboarding.forms.staff import (
    STAGES,
    CheckForm,
    NoteForm,
    OutcomeForm,
    OwnerForm,
    QueueForm,
    RejectForm,
)
from members.onboarding.forms.steps import STEPS
from members.onboarding.models import AgreementVersion, Application, ApplicationCheck
from members.onboarding.permissions import can_decide
from members.onboarding.registry import current_interests, interest_choices
from members.organizations.models import Organization
from members.people.models import Person
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest

PAGE_SIZE = 25


@require_safe
@login_required
def applications_queue(request: PersonRequest) -> HttpResponse:
    """Show the numbers of each stage, and list the applications of one stage."""
    not_found_unless(request.viewer.is_staff)
    form = QueueForm(request.GET)
    form.is_valid()
    filters = form.cleaned_data
    stage = filters.get("stage") or "open"
    queue = queries.queue(
        stage=stage,
        owner=request.user if filters.get("mine") else None,
        words=filters.get("q", "").strip(),
    )
    page = Paginator(queue.select_related("owner"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "funnel": queries.funnel(),
        "page": page,
        "rows": queries.queue_rows(page.object_list),
        "stage": stage,
        "stages": STAGES,
        "form": form,
    }
    return render(request, "onboarding/queue.html", context)


@require_safe
@login_required
def application(request: PersonRequest, number: str) -> HttpResponse:
    """Show one application with its likely duplicates, checklist and notes."""
    return _page(request, _fetch(request, number))


@require_POST
@login_required
def begin_screening(request: PersonRequest, number: str) -> HttpResponse:
    """Assign the application to the viewer and begin its screening."""
    screening.begin_screening(actor=request.user, application=_fetch(request, number))
    return redirect("staff-application", number)


@require_POST
@login_required
def owner(request: PersonRequest, number: str) -> HttpResponse:
    """Assign the application to a member of staff."""
    fetched = _fetch(request, number)
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, fetched, owner_form=form)
    checklist.assign_application(actor=request.user, application=fetched, **form.cleaned_data)
    return redirect("staff-application", number)


@require_POST
@login_required
def check(request: PersonRequest, number: str, code: str) -> HttpResponse:
    """Change the state, owner and due day of an item of the checklist."""
    fetched = _fetch(request, number)
    line = get_object_or_404(fetched.checks, code=code)
    form = CheckForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(e) for es in form.errors.values() for e in es))
        return _page(request, fetched, status=422)
    checklist.assign(
        actor=request.user,
        check=line,
        owner=form.cleaned_data["owner"],
        due_on=form.cleaned_data["due_on"],
    )
    if form.cleaned_data["state"] != line.state:
        checklist.settle(actor=request.user, check=line, state=form.cleaned_data["state"])
    return redirect("staff-application", number)


@require_POST
@login_required
@once
def note(request: PersonRequest, number: str) -> HttpResponse:
    """Add a note that only staff can read."""
    fetched = _fetch(request, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, fetched, note_form=form)
    checklist.add_note(actor=request.user, application=fetched, **form.cleaned_data)
    return redirect("staff-application", number)


@require_POST
@recent_sign_in_required
def compare(request: PersonRequest, number: str) -> HttpResponse:
    """Record how an organization that looks like the applicant relates to it."""
    fetched = _fetch(request, number)
    form = OutcomeForm(request.POST)
    not_found_unless(form.is_valid())
    other = Organization.objects.at_address(form.cleaned_data["organization"]).first()
    if other is None:
        raise Http404
    outcome = form.cleaned_data["outcome"]
    if outcome == MatchOutcome.SAME:
        screening.attach_to_member(actor=request.user, application=fetched, organization=other)
        outcome_message = _(
            "The applicant now belongs to %(organization)s. The others named in the application "
            "have been invited."
        )
        messages.success(request, outcome_message % {"organization": other})
    else:
        screening.compare(
            actor=request.user, application=fetched, organization=other, outcome=outcome
        )
        messages.success(request, _("Outcome saved."))
    return redirect("staff-application", number)


@require_POST
@recent_sign_in_required
def approve(request: PersonRequest, number: str) -> HttpResponse:
    """Approve the application."""
    approved = screening.approve(actor=request.user, application=_fetch(request, number))
    words = {"organization": approved}
    messages.success(request, _("%(organization)s approved. We have invited its people.") % words)
    return redirect("staff-application", number)


@require_POST
@recent_sign_in_required
def reject(request: PersonRequest, number: str) -> HttpResponse:
    """Decline the application, with a reason for the applicant."""
    fetched = _fetch(request, number)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, fetched, reject_form=form)
    screening.reject(actor=request.user, application=fetched, **form.cleaned_data)
    messages.success(request, _("Application declined."))
    return redirect("staff-application", number)


def _fetch(request: PersonRequest, number: str) -> Application:
    """Return the application for staff. Raises Http404 for other viewers."""
    not_found_unless(request.viewer.is_staff)
    applications = Application.objects.visible_to(request.viewer)
    applications = applications.select_related("applicant", "owner", "organization", "decided_by")
    return get_object_or_404(applications, number=number)


def _page(
    request: PersonRequest, fetched: Application, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """Render the page of one application; `forms` are the submitted forms that have errors."""
    checks = list(fetched.checks.select_related("owner", "done_by"))
    names = dict(interest_choices())
    compared = candidates(fetched)
    is_undecided = fetched.state in UNDECIDED
    context = {
        "application": fetched,
        "answers": [(step, step.answers(fetched)) for step in STEPS],
        "interests": [names.get(slug, slug) for slug in current_interests(fetched.interests)],
        "candidates": compared,
        "open_candidates": [one for one in compared if not one.outcome],
        "comparisons": [(one, comparison(fetched, one)) for one in compared],
        "same_in_queue": same_in_queue(fetched) if is_undecided else [],
        "checks": checks,
        "settled": sum(item.state != CheckState.OPEN for item in checks),
        "blocking": blocking(checks) + unanswered(compared),
        "by_act": CHECKS_BY_ACT,
        "states": CheckState.choices,
        "staff": list(Person.objects.active().filter(is_staff=True)),
        "notes": list(fetched.notes.select_related("author")),
        "days_late": queries.days_late(fetched) if is_undecided else 0,
        "is_undecided": is_undecided,
        "can_take": fetched.state == ApplicationState.RECEIVED,
        "can_decide": is_undecided and can_decide(request.viewer, fetched),
        "note_form": NoteForm(),
        "owner_form": OwnerForm(initial={"owner": fetched.owner and fetched.owner.uuid}),
        "reject_form": RejectForm(),
        **forms,
    }
    status = 422 if forms else status
    return render(request, "onboarding/staff_application.html", context, status=status)


def blocking(checks: list[ApplicationCheck]) -> list[str]:
    """Return the names of what has to be done before the application can be approved."""
    items = [
        str(check)
        for check in checks
        if check.code in CHECKS_BEFORE_APPROVAL and check.state == CheckState.OPEN
    ]
    if not AgreementVersion.objects.in_force().filter(kind=AgreementKind.MEMBERSHIP).exists():
        items.append(_("A membership agreement in force"))
    return items


def unanswered(compared: list[Candidate]) -> list[str]:
    """Return an item for each likely duplicate that staff have not compared yet."""
    return [
        _("Relation to %(organization)s") % {"organization": one.organization}
        for one in compared
        if one.is_likely and not one.outcome
    ]


def comparison(application: Application, candidate: Candidate) -> list[tuple[str, str, str, str]]:
    """Return the rows of the comparison: label, the application's and the other's value, match."""
    other = candidate.organization
    sentences = {match.field: match.sentence for match in candidate.matches}
    rows = [
        ("name", _("Name"), application.name, other.name),
        ("legal", _("Legal name"), application.legal_name, other.legal_name),
        (
            "names",
            _("Other names"),
            ", ".join(application.lines_of("other_names")),
            candidate.names,
        ),
        (
            "domains",
            _("Mail domains"),
            ", ".join(application.lines_of("domains")),
            candidate.domains,
        ),
        ("website", _("Website"), application.website, other.website),
        ("parent", _("Parent"), application.parent, ""),
        ("country", _("Country"), country_name(application.country), country_name(other.country)),
    ]
    return [(label, ours, theirs, sentences.get(key, "")) for key, label, ours, theirs in rows]
