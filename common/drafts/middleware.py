"""Deleting or saving the draft of a form when the form is posted."""

import json
import logging
from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from common.drafts.actions import save_posted, settle_draft
from common.drafts.choices import PREVIEWS_PER_MINUTE
from common.drafts.posted import PostedDraft
from common.errors import DomainError
from common.http import errors
from common.http.requests import Request, is_api
from common.http.throttling import check

GetResponse = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)

# A redirect to these pages interrupts the action to confirm who the person is: it has not happened.
CONFIRM_PATH = "/accounts/"
# The pages of drafts themselves, which delete nothing by being answered.
OWN_PATHS = ("/drafts/", "/my/drafts/")
SUSPENDED = "account_reauthentication_state"


class DraftRequest(Request):
    draft: PostedDraft | None


class Drafts:
    """Delete the draft of an accepted form, and save the text of a refused form as a draft.

    A form posted by its Preview button is answered by its page with the typed values.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: DraftRequest) -> HttpResponseBase:
        request.draft = posted_draft(request)
        resumed = _suspended_draft(request)
        response = self.get_response(request)
        if resumed is not None and _was_accepted(response):
            _settle(request, resumed)
        if request.draft is not None:
            _follow(request, request.draft, response)
        return response

    def process_view(
        self, request: DraftRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        draft = request.draft
        if draft is None or not draft.preview:
            return None
        if not request.user.is_authenticated:
            return errors.expired(request, status=401)
        try:
            check("preview", request.user.pk, PREVIEWS_PER_MINUTE, 60)
        except DomainError as error:
            return errors.domain_error(request, error)
        # The page answers as to a GET; `{% draft form %}` fills the form with what was posted.
        request.method = "GET"
        return None


def posted_draft(request: HttpRequest) -> PostedDraft | None:
    """Return the draft of the posted form; None for a form without drafts."""
    if request.method != "POST" or is_api(request):
        return None
    if request.path_info.startswith(OWN_PATHS):
        return None
    return PostedDraft.of(request.POST)


def _follow(request: DraftRequest, draft: PostedDraft, response: HttpResponseBase) -> None:
    if not request.user.is_authenticated:
        return
    if not draft.preview and _was_accepted(response):
        _settle(request, draft)
    elif response.status_code >= (300 if draft.preview else 400):
        _keep(request, draft)


def _was_accepted(response: HttpResponseBase) -> bool:
    """Whether the answer redirects to another page, and not to one that confirms who the person is.

    307 and 308 have the browser send the form again to a moved page: nothing is done yet.
    """
    if not 300 <= response.status_code < 400 or response.status_code in {307, 308}:
        return False
    return not response.get("Location", "").startswith(CONFIRM_PATH)


def _settle(request: Request, draft: PostedDraft) -> None:
    try:
        settle_draft(person_uuid=cast(UUID, request.viewer.person_uuid), uuid=draft.uuid)
    except (DatabaseError, InterfaceError) as error:
        # The action is committed: its answer must not become an error.
        logger.warning("A draft could not be deleted: %s", type(error).__name__)


def _keep(request: Request, draft: PostedDraft) -> None:
    """Save a refused text as a draft, also without scripts; ignore a draft that cannot be saved."""
    try:
        save_posted(person_uuid=cast(UUID, request.viewer.person_uuid), posted=draft)
    except (DomainError, ValidationError):
        pass
    except (DatabaseError, InterfaceError, RedisError) as error:
        logger.warning("A refused text could not be saved as a draft: %s", type(error).__name__)


def _suspended_draft(request: HttpRequest) -> PostedDraft | None:
    """Return the draft of a form that waits in the session while the person confirms who they are."""
    if request.method != "POST" or not request.path_info.startswith(CONFIRM_PATH):
        return None
    waiting = request.session.get(SUSPENDED, {}).get("request")
    if not isinstance(waiting, str):
        return None
    return PostedDraft.of(QueryDict(json.loads(waiting)["POST"]))
