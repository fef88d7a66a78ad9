"""An application from its first line to its decision.

| act              | from                | to        | who                                          |
|------------------|---------------------|-----------|----------------------------------------------|
| begin            |                     | draft     | a person with a confirmed address            |
| save_step        | draft               | draft     | its applicant                                |
| send             | draft               | received  | its applicant, when nothing is missing       |
| withdraw         | draft, received,    | withdrawn | its applicant                                |
|                  | screening           |           |                                              |
| take             | received            | screening | staff                                        |
| approve          | received, screening | approved  | staff not named in it, checklist done; a     |
|                  |                     |           | former member gets its earlier record back   |
| attach_to_member | received, screening | joined    | staff not named in it                        |
| reject           | received, screening | rejected  | staff not named in it                        |

The acts of the applicant are in this file, those of staff in `screening.py`. Every act locks the
application first, so that only one of several at once takes effect.
"""

from collections.abc import Mapping, Set

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.actions import record
from members.onboarding.actions import addresses
from members.onboarding.actions.checklist import begin_checklist
from members.onboarding.choices import (
    DRAFTS_AT_MOST,
    UNDECIDED,
    ApplicationAct,
    ApplicationState,
)
from members.onboarding.models import Application
from members.onboarding.notifications import ApplicationReceived, ApplicationSent
from members.onboarding.permissions import can_edit
from members.people.models import Person
from notifications.actions import notify

DRAFT, RECEIVED, SCREENING = (
    ApplicationState.DRAFT,
    ApplicationState.RECEIVED,
    ApplicationState.SCREENING,
)

# Without these answers no application is sent.
ESSENTIAL = [
    *("name", "legal_name", "kind", "country", "purpose"),
    *("representative_email", "signatory_email"),
]
# The states in which each act is possible; in any other it raises WrongState.
FROM: dict[str, Set[ApplicationState]] = {
    "save_step": {DRAFT},
    "send": {DRAFT},
    "withdraw": {DRAFT, RECEIVED, SCREENING},
    "begin_screening": {RECEIVED},
    "approve": UNDECIDED,
    "attach_to_member": UNDECIDED,
    "reject": UNDECIDED,
}


def begin(*, actor: Person) -> Application:
    """Start an application of the actor.

    Raises NotAllowed without a confirmed address, WrongState with too many unsent applications.
    """
    if not addresses.confirmed_addresses(person=actor):
        raise NotAllowed(_("Confirm your e-mail address first."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        if Application.objects.filter(applicant=actor, state=DRAFT).count() >= DRAFTS_AT_MOST:
            raise WrongState(_("You have several unsent applications. Finish or withdraw one."))
        return Application.objects.create(applicant=actor)


def save_step(
    *, actor: Person, application: Application, values: Mapping[str, object]
) -> Application:
    """Save these answers in the draft; answers of other steps stay as they are."""
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = lock_application(application, "save_step")
        for field, value in values.items():
            setattr(locked, field, value)
        locked.saved_at = timezone.now()
        locked.save(update_fields=[*values, "saved_at"])
    return locked


def send(*, actor: Person, application: Application) -> Application:
    """Give the application a number and a checklist and hand it to staff, who are notified.

    The caller has checked `forms.missing_steps`. Raises Invalid for an empty essential answer.
    """
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = lock_application(application, "send")
        for field in ESSENTIAL:
            if not getattr(locked, field):
                raise Invalid(_("Some answers are still missing."), field=field)
        locked.number = _next_number()
        locked.state = RECEIVED
        locked.received_at = timezone.now()
        locked.save(update_fields=["number", "state", "received_at"])
        begin_checklist(application=locked)
        record(actor, ApplicationAct.SENT, locked, facts={"number": locked.number})
        notify(
            ApplicationReceived(application=locked.pk), cause=locked.uuid, actor=locked.applicant
        )
        # Without an actor, since the actor of an event is not notified, and this is their receipt.
        notify(ApplicationSent(application=locked.pk), cause=locked.uuid)
    return locked


def withdraw(*, actor: Person, application: Application) -> Application:
    """Withdraw the application for good; its applicant can start a new one."""
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = lock_application(application, "withdraw")
        locked.state = ApplicationState.WITHDRAWN
        locked.save(update_fields=["state"])
        record(actor, ApplicationAct.WITHDRAWN, locked)
    return locked


def lock_application(application: Application, act: str) -> Application:
    """Lock the application. Raises WrongState if the act is not possible in its state."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.state not in FROM[act]:
        raise WrongState(
            _("This application is “%(state)s”, so this is no longer possible.")
            % {"state": locked.get_state_display()}
        )
    return locked


def _next_number() -> str:
    """Return the next number of this year, such as 2026-093. Takes a lock over all sendings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('onboarding.application_number'))")
    year = timezone.now().year
    last = (
        Application.objects.filter(number__startswith=f"{year}-")
        .order_by(Length("number").desc(), "-number")
        .values_list("number", flat=True)
        .first()
    )
    count = int(last.rpartition("-")[2]) if last else 0
    return f"{year}-{count + 1:03d}"
