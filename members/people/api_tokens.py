"""Create and revoke the tokens with which a person's programs use the API."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people import mails
from members.people.choices import TOKEN_LONGEST, TOKENS_AT_MOST, Scope, TokenAct
from members.people.models import ApiToken, Person
from members.people.permissions import can_revoke


def create_token(
    *, actor: Person, name: str, scopes: list[str], valid: timedelta
) -> tuple[ApiToken, str]:
    """Create a token for the actor; return the token and its secret, which is stored nowhere.

    Mails the actor. Raises Invalid for a name, scope or duration that does not fit (`valid` is at
    most a year), and WrongState for a person who has twenty tokens.
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid(
            _("Give the token a name, such as the program that will use it."), field="name"
        )
    refuse_unseen(name=name)
    if not timedelta() < valid <= TOKEN_LONGEST:
        raise Invalid(_("A token can last at most a year."), field="days")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Invalid(_("Choose what the token can do."), field="scopes")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        if ApiToken.objects.filter(user=actor).count() >= TOKENS_AT_MOST:
            raise WrongState(
                _(
                    "You have 20 tokens, which is the most you can have. Revoke one you no longer use."
                )
            )
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
    """Delete the token. Raises NotAllowed for anyone but its owner and staff."""
    can_revoke.require(viewer_for(actor.pk), token)
    with transaction.atomic():
        _revoke(actor, token)


def revoke_all(*, actor: Person, person: Person) -> None:
    """Delete every token of the person."""
    for token in ApiToken.objects.filter(user=person).select_related("user"):
        _revoke(actor, token)


def _revoke(actor: Person, token: ApiToken) -> None:
    record(actor, TokenAct.REVOKED, token, facts={"owner": token.user.uuid})
    token.delete()


def note_token_used(*, token: ApiToken) -> None:
    """Set when the token was last used; called at most once in ten minutes for a token."""
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
