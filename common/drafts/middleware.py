"""What happens to the draft of a form when the form is posted."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from common.drafts.actions import save_draft, settle_draft
from common.drafts.choices import PREVIEWS_PER_MINUTE
from common.drafts.posted import PostedDraft
from common.errors import DomainError
from common.http import errors
from common.http.requests import is_api
from common.http.throttling import check

GetResponse = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)

# Where an act is interrupted to ask who somebody is, it has not happened yet.
ASKING = "/accounts/"
# Addresses about drafts themselves: being answered there settles nothing.
OWN_PATHS = ("/drafts/", "/my/drafts/")
SUSPENDED = "account_reauthentication_state"


class Drafts:
    """Deletes the draft of a form that was taken, and keeps the text of one that was refused.

    The draft goes after the act has been committed: a crash in between leaves it, and it is offered
    once more; nothing is lost. A form posted with its Preview button is answered as its page, with
    what was typed still in it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.draft = posted_draft(request)  # type: ignore[attr-defined]
        resumed = _suspended_draft(request)
        response = self.get_response(request)
        if resumed is not None and _was_taken(response):
            _settle(request, resumed)
        if request.draft is not None:  # type: ignore[attr-defined]
            _follow(request, request.draft, response)  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        draft: PostedDraft | None = request.draft  # type: ignore[attr-defined]
        if draft is None or not draft.preview:
            return None
        if not request.user.is_authenticated:
            return errors.expired(request, status=401)
        try:
            check("preview", request.user.pk, PREVIEWS_PER_MINUTE, 60)
        except DomainError as error:
            return errors.domain_error(request, error)
        # The page is asked for like any other; the form fills itself with what was posted.
        request.method = "GET"
        return None


def posted_draft(request: HttpRequest) -> PostedDraft | None:
    """The draft that this request's form belongs to, if it is a form with a draft."""
    if request.method != "POST" or is_api(request):
        return None
    if request.path_info.startswith(OWN_PATHS):
        return None
    return PostedDraft.of(request.POST)


def _follow(request: HttpRequest, draft: PostedDraft, response: HttpResponseBase) -> None:
    if not request.user.is_authenticated:
        return
    if not draft.preview and _was_taken(response):
        _settle(request, draft)
    elif response.status_code >= (300 if draft.preview else 400):
        _keep(request, draft)


def _was_taken(response: HttpResponseBase) -> bool:
    """The form led on to another page, and not to one that asks who somebody is.

    307 and 308 have the browser send the form again to where its page is now: nothing is done yet.
    """
    if not 300 <= response.status_code < 400 or response.status_code in {307, 308}:
        return False
    return not response.get("Location", "").startswith(ASKING)


def _settle(request: HttpRequest, draft: PostedDraft) -> None:
    try:
        settle_draft(
            person_uuid=request.viewer.person_uuid,  # type: ignore[attr-defined]
            uuid=draft.uuid,
        )
    except (DatabaseError, InterfaceError) as error:
        # The act itself is done: its answer must not become an error.
        logger.warning("A draft could not be deleted: %s", type(error).__name__)


def _keep(request: HttpRequest, draft: PostedDraft) -> None:
    """A refused text is a draft, also in a browser without scripts; as far as that can be done."""
    try:
        save_draft(
            person_uuid=request.viewer.person_uuid,  # type: ignore[attr-defined]
            uuid=draft.uuid,
            page=draft.page,
            form=draft.form,
            fields=draft.fields,
            label=draft.label,
            tab=draft.tab,
            version=draft.version,
        )
    except (DomainError, ValidationError):
        pass
    except (DatabaseError, InterfaceError, RedisError) as error:
        logger.warning("A refused text could not be kept: %s", type(error).__name__)


def _suspended_draft(request: HttpRequest) -> PostedDraft | None:
    """The draft of a form that waits in the session until its sender has confirmed who they are."""
    if request.method != "POST" or not request.path_info.startswith(ASKING):
        return None
    waiting = request.session.get(SUSPENDED, {}).get("request")
    if not isinstance(waiting, str):
        return None
    return PostedDraft.of(QueryDict(json.loads(waiting)["POST"]))
