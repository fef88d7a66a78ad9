"""Everything that happens to an account.

| state     | is_active | suspended_at | closed_at | becomes           |
|-----------|-----------|--------------|-----------|-------------------|
| open      | yes       |              |           | suspended, closed |
| suspended | no        | set          |           | open              |
| closed    | no        |              | set       |                   |
"""

from datetime import timedelta
from typing import Any

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
from common.record.actions import record
from common.search import actions as search
from common.search.choices import Config
from common.search.models import SearchEntry
from common.unseen import refuse_unseen
from members.people import mails
from members.people.choices import TOKEN_LONGEST, TOKENS_AT_MOST, PersonAct, Scope, TokenAct
from members.people.models import ApiToken, Person, SecondFactorReset, Session
from members.people.permissions import (
    can_close,
    can_edit,
    can_restore,
    can_revoke,
    can_suspend,
)
from members.people.queries import sign_ins_of
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
    """Somebody new can sign in, by a mailed code if no password is given.

    `password_hash` is what `make_password` made of a password earlier. A name that a reader could
    take for that of staff is not taken over: who needs one chooses it in the settings.
    `actor` is None for somebody who signs up. `email_confirmed` says that a secret mailed to the
    address has come back; else the first sign-in asks for a code. Raises `Conflict` when the
    address belongs to an account already.
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
    """The person is shown by this name from now on; formal acts keep the name of their day.

    Raises Invalid for an empty name, and for one that a reader could take for that of staff.
    """
    can_edit.require(viewer_for(actor.pk), person)
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Type the name that others should see."), field="name")
    refuse_unseen(name=name)
    if name == person.name:
        return person
    if not person.is_staff and not same_name(name, person.name) and _is_like_staff(name):
        words = _("This is the name of a member of staff. Add a middle name or an initial.")
        raise Invalid(words, field="name")
    with transaction.atomic():
        person.name = name
        person.save(update_fields=["name"])
        _index(person)
        record(actor, PersonAct.RENAMED, person)
    return person


def _is_like_staff(name: str) -> bool:
    """A reader could take the name for that of a member of staff."""
    staff = Person.objects.active().filter(is_staff=True).values_list("name", flat=True)
    return any(look_alike(name, known) for known in staff)


def set_preferences(
    *, actor: Person, person: Person, zone: str, locale: str, in_directory: bool
) -> Person:
    """Dates are shown in this IANA zone, texts in this language, the name in the directory or not.

    Only a change of the directory is recorded: it decides who may find the person.
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
    """The person signs in with this password; all their sign-ins end but the one that set it.

    Django ends them by itself: each session holds a digest of the password.
    """
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record(actor, PersonAct.PASSWORD_SET, person)


def note_seen(*, person: Person) -> None:
    """The person was here just now; called at most once in ten minutes a session."""
    Person.objects.filter(pk=person.pk).update(last_seen_at=timezone.now())


def suspend(*, actor: Person, person: Person) -> Person:
    """The person cannot sign in. Every sign-in and every token of theirs ends for good."""
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
        _revoke_tokens(actor, person)
        record(actor, PersonAct.SUSPENDED, person)
    return person


def restore(*, actor: Person, person: Person) -> Person:
    """A suspended person can sign in again. No sign-in of before comes back."""
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
    """The account ends for ever, and name and addresses are erased.

    What the person did stays in the record under an id that no longer leads to a name.
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
        record(actor, PersonAct.CLOSED, person)
    return person


def _index(person: Person) -> None:
    """The alliance's search finds whoever chose to be in the directory, and nobody else."""
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
        # The card is a page of the roof, whose names this room does not know.
        url=f"/people/{person.uuid}/",
        level=Level.ALLIANCE,
        config=Config.SIMPLE,
        at=person.joined_at,
    )


def end_access(*, actor: Person, person: Person) -> None:
    """Sign the person out everywhere and revoke every API token, for good."""
    end_sign_ins(person=person)
    _revoke_tokens(actor, person)


def end_sign_ins(*, person: Person, except_key: str | None = None) -> None:
    """Sign the person out in every browser, but for the session with the key `except_key`."""
    Session.objects.filter(person=person).exclude(session_key=except_key or "").delete()


def _revoke_tokens(actor: Person, person: Person) -> None:
    for token in ApiToken.objects.filter(user=person).select_related("user"):
        _revoke(actor, token)


def make_staff(*, person: Person) -> Person:
    """The person administers the alliance. Done at the machine, by whoever runs the installation."""
    with transaction.atomic():
        person = _locked(person)
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        record(None, PersonAct.MADE_STAFF, person)
    return person


# --- tokens ------------------------------------------------------------------------------------


def create_token(
    *, actor: Person, name: str, scopes: list[str], valid: timedelta
) -> tuple[ApiToken, str]:
    """The actor's programs can use the API; the second value is the secret, shown only now.

    `valid` is at most a year, and a person holds at most twenty tokens. Tells the person by mail.
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Name the token after what will use it."), field="name")
    refuse_unseen(name=name)
    if not timedelta() < valid <= TOKEN_LONGEST:
        raise Invalid(_("A token lasts at most a year."), field="days")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Invalid(_("Choose what the token may do."), field="scopes")
    with transaction.atomic():
        _locked(actor)
        if ApiToken.objects.filter(user=actor).count() >= TOKENS_AT_MOST:
            raise WrongState(_("You have twenty tokens. Revoke one that is not used any more."))
        token, secret = ApiToken.objects.create(
            user=actor, expiry=valid, name=name, scopes=sorted(set(scopes))
        )
        record(
            actor,
            TokenAct.CREATED,
            token,
            facts={"scopes": token.scopes, "expires": token.expiry},
        )
        mails.queue(
            kind=mails.ACCOUNT_CHANGED, to_address=actor.email, facts={"change": "token_created"}
        )
    return token, secret


def revoke_token(*, actor: Person, token: ApiToken) -> None:
    """The token opens nothing any more."""
    can_revoke.require(viewer_for(actor.pk), token)
    with transaction.atomic():
        _revoke(actor, token)


def _revoke(actor: Person, token: ApiToken) -> None:
    record(actor, TokenAct.REVOKED, token, facts={"owner": token.user.uuid})
    token.delete()


def note_token_used(*, token: ApiToken) -> None:
    """Keeps "last used" right to about ten minutes without a write on each call."""
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())


# --- one's own data ----------------------------------------------------------------------------


def export_person(*, person: Person) -> dict[str, Any]:
    """What this room holds about the person, as plain data; the export joins all rooms' parts."""
    return {
        "uuid": str(person.uuid),
        "name": person.name,
        "email": person.email,
        "addresses": [
            {"email": address.email, "confirmed": address.verified, "main": address.primary}
            for address in EmailAddress.objects.filter(user=person).order_by("pk")
        ],
        "time_zone": person.zone,
        "language": person.locale,
        "in_directory": person.in_directory,
        "joined_at": person.joined_at.isoformat(),
        "second_factors": list(
            Authenticator.objects.filter(user=person).values_list("type", flat=True)
        ),
        "sign_ins": [
            {
                "ip": sign_in.ip,
                "browser": sign_in.browser,
                "began_at": sign_in.began_at.isoformat(),
                "last_seen_at": sign_in.seen_at.isoformat(),
            }
            for sign_in in sign_ins_of(person)
        ],
        "tokens": [
            {
                "name": token.name,
                "scopes": token.scopes,
                "created_at": token.created.isoformat(),
                "expires_at": token.expiry.isoformat(),
            }
            for token in ApiToken.objects.filter(user=person)
        ],
    }


def _locked(person: Person) -> Person:
    locked: Person = Person.objects.select_for_update().get(pk=person.pk)
    return locked
