"""Open, change, suspend and close accounts.

| state     | is_active | suspended_at | closed_at | becomes           |
|-----------|-----------|--------------|-----------|-------------------|
| open      | yes       |              |           | suspended, closed |
| suspended | no        | set          |           | open              |
| closed    | no        |              | set       |                   |
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Level, viewer_for
from common.drafts.actions import forget_drafts
from common.errors import Conflict, Invalid, WrongState
from common.mail.spelling import spelled
from common.names import look_alike, same_name
from common.pdf.keeping import forget_person
from common.record.actions import record
from common.search import actions as search
from common.search.choices import Config
from common.search.models import SearchEntry
from common.unseen import refuse_unseen
from members.people.api_tokens import revoke_all
from members.people.choices import PersonAct
from members.people.models import ApiToken, Person, SecondFactorReset, Session
from members.people.permissions import can_close, can_edit, can_restore, can_suspend
from members.people.zones import is_zone


def create_person(
    *,
    actor: Person | None,
    email: str,
    name: str,
    password: str | None = None,
    password_hash: str = "",
    zone: str = "UTC",
    email_confirmed: bool = False,
) -> Person:
    """Create an account; its owner signs in by a mailed code if no password is given.

    `actor` is None for a person who signs up. `password_hash` is a result of `make_password`.
    A name that looks like a staff member's is left out. With `email_confirmed` the address counts
    as proved; otherwise the first sign-in asks for a code. Raises Conflict when the address
    already has an account.
    """
    address = spelled(email)
    name = " ".join(name.split())
    refuse_unseen(name=name)
    is_trusted = actor is not None and actor.is_staff
    if name and not is_trusted and _is_like_staff(name):
        name = ""
    person = Person(email=address, name=name, zone=zone)
    person.password = password_hash or make_password(password)
    try:
        with transaction.atomic():
            person.save()
            if email_confirmed:
                EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
            record(actor or person, PersonAct.CREATED, person)
    except IntegrityError:
        raise Conflict(_("This address already has an account.")) from None
    return person


def rename(*, actor: Person, person: Person, name: str) -> Person:
    """Change the name of the person.

    Raises Invalid for an empty name, and for one that looks like a staff member's.
    """
    can_edit.require(viewer_for(actor.pk), person)
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Enter the name others should see."), field="name")
    refuse_unseen(name=name)
    if name == person.name:
        return person
    if not person.is_staff and not same_name(name, person.name) and _is_like_staff(name):
        refusal = _("This is the name of a member of staff. Add a middle name or an initial.")
        raise Invalid(refusal, field="name")
    with transaction.atomic():
        person.name = name
        person.save(update_fields=["name"])
        _index(person)
        record(actor, PersonAct.RENAMED, person)
    return person


def _is_like_staff(name: str) -> bool:
    """Return whether a reader could take the name for that of a member of staff."""
    staff_names = Person.objects.active().filter(is_staff=True).values_list("name", flat=True)
    return any(look_alike(name, staff_name) for staff_name in staff_names)


def set_preferences(
    *, actor: Person, person: Person, zone: str, locale: str, in_directory: bool
) -> Person:
    """Set the person's IANA time zone and language, and whether the directory lists them.

    Only a change of the listing goes on record, since it decides who can find the person.
    """
    can_edit.require(viewer_for(actor.pk), person)
    if not is_zone(zone):
        raise Invalid(_("Choose a time zone from the list."), field="zone")
    with transaction.atomic():
        if in_directory != person.in_directory:
            record(actor, PersonAct.LISTED if in_directory else PersonAct.UNLISTED, person)
        person.zone, person.locale, person.in_directory = zone, locale, in_directory
        person.save(update_fields=["zone", "locale", "in_directory"])
        _index(person)
    return person


def set_password(*, actor: Person, person: Person, password: str) -> None:
    """Set the person's password, which ends all their sign-ins but the one that set it.

    Django ends them by itself: each session holds a digest of the password.
    """
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record(actor, PersonAct.PASSWORD_SET, person)


def note_seen(*, person: Person) -> None:
    """Set when the person was last seen; called at most once in ten minutes for a session."""
    Person.objects.filter(pk=person.pk).update(last_seen_at=timezone.now())


def suspend(*, actor: Person, person: Person) -> Person:
    """Bar the person from signing in; end all their sign-ins and tokens for good.

    Raises WrongState for an account that is suspended or closed.
    """
    can_suspend.require(viewer_for(actor.pk), person)
    with transaction.atomic():
        person = _locked(person)
        if not person.is_active:
            raise WrongState(_("This account is already suspended or closed."))
        person.is_active = False
        person.suspended_at = timezone.now()
        person.save(update_fields=["is_active", "suspended_at"])
        _index(person)
        end_sign_ins(person=person)
        revoke_all(actor=actor, person=person)
        record(actor, PersonAct.SUSPENDED, person)
    return person


def restore(*, actor: Person, person: Person) -> Person:
    """Let a suspended person sign in again; earlier sign-ins and tokens stay ended.

    Raises WrongState for an account that is not suspended.
    """
    can_restore.require(viewer_for(actor.pk), person)
    with transaction.atomic():
        person = _locked(person)
        if person.suspended_at is None or person.closed_at is not None:
            raise WrongState(_("This account is not suspended."))
        # A sign-in that was under way while the account was suspended.
        end_sign_ins(person=person)
        person.is_active = True
        person.suspended_at = None
        person.save(update_fields=["is_active", "suspended_at"])
        _index(person)
        record(actor, PersonAct.RESTORED, person)
    return person


def close(*, actor: Person, person: Person) -> Person:
    """Close the account for good and erase the person's name and addresses, also from PDF files.

    The person's formal acts stay on record under an id that no longer leads to a name. Raises
    WrongState for a closed account.
    """
    can_close.require(viewer_for(actor.pk), person)
    with transaction.atomic():
        person = _locked(person)
        if person.closed_at is not None:
            raise WrongState(_("This account is already closed."))
        person.is_active = person.is_staff = person.in_directory = False
        person.closed_at, person.suspended_at = timezone.now(), None
        person.name = _("Former member")
        person.email = f"closed-{person.uuid}@invalid.invalid"
        person.set_unusable_password()
        person.save()
        _index(person)
        end_sign_ins(person=person)
        EmailAddress.objects.filter(user=person).delete()
        Authenticator.objects.filter(user=person).delete()
        ApiToken.objects.filter(user=person).delete()
        SecondFactorReset.objects.filter(person=person).update(reason="")
        forget_drafts(person_uuid=person.uuid)
        forget_person(person.uuid)
        record(actor, PersonAct.CLOSED, person)
    return person


def _index(person: Person) -> None:
    """Add the person to search if the directory lists them; remove the person otherwise."""
    if not (person.in_directory and person.is_active):
        search.remove(kind="person", uuid=person.uuid)
        return
    search.store(person_entries(person))


def person_entries(person: Person) -> list[SearchEntry]:
    """Return the rows, unsaved, by which search finds a person who is in the directory."""
    return search.entries_of(
        kind="person",
        uuid=person.uuid,
        title=person.name,
        body="",
        # The page is in a higher layer, whose URL names are not known here.
        url=f"/people/{person.uuid}/",
        level=Level.ALLIANCE,
        config=Config.SIMPLE,
        at=person.joined_at,
    )


def end_access(*, actor: Person, person: Person) -> None:
    """Sign the person out everywhere and revoke every API token, for good."""
    end_sign_ins(person=person)
    revoke_all(actor=actor, person=person)


def end_sign_ins(*, person: Person, except_key: str | None = None) -> None:
    """Sign the person out in every browser, but for the session with the key `except_key`."""
    Session.objects.filter(person=person).exclude(session_key=except_key or "").delete()


def make_staff(*, person: Person) -> Person:
    """Make the person staff. Done on the server by its operator, so there is no actor."""
    with transaction.atomic():
        person = _locked(person)
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        record(None, PersonAct.MADE_STAFF, person)
    return person


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)
