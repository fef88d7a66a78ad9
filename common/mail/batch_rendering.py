"""Rendering the mails of one batch together where their kind allows it, and again once outdated."""

import logging
import time
from collections.abc import Mapping
from uuid import UUID

from common.mail import registry
from common.mail.headers import Unsendable
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.threads import Threads

logger = logging.getLogger(__name__)

# The permissions behind a mail are not older than this when it is sent. With a slow relay the rest of
# the batch is rendered again about once a second, which costs a few queries.
FRESH_SECONDS = 1.0


class BatchRendering:
    """The rendered mails of a batch, in the order in which it is sent."""

    def __init__(self, batch: list[Message], threads: Threads) -> None:
        self._threads = threads
        self._waiting = {message.uuid: message for message in batch}
        self._rendered: dict[str, tuple[float, Mapping[UUID, Mail | None]]] = {}

    def of(self, message: Message) -> Mail | None:
        """Return this mail as of now; None when it is not due or allowed any more. Call it once.

        Raises Unsendable for an unknown kind, and what the renderer raises.
        """
        render = registry.renderer(message.kind)
        if render is None:
            raise Unsendable(f"No app renders mails of kind {message.kind}.")
        rendered_at, mails = self._rendered.get(message.kind, (0.0, {}))
        if message.uuid not in mails or time.monotonic() - rendered_at > FRESH_SECONDS:
            mails = self._render(message.kind)
        del self._waiting[message.uuid]
        return mails[message.uuid] if message.uuid in mails else render(message)

    def _render(self, kind: str) -> Mapping[UUID, Mail | None]:
        """Render the waiting mails of this kind; return none when they are rendered one by one."""
        render_many = registry.render_many(kind)
        if render_many is None:
            return {}
        try:
            mails = render_many([each for each in self._waiting.values() if each.kind == kind])
            self._threads.load((self._waiting[uuid], mail) for uuid, mail in mails.items())
        except Exception:  # the fault of one mail: rendered one by one, only that mail fails
            logger.exception("A batch of %s mails could not be rendered together.", kind)
            mails = {}
        # Counted from the end: however long rendering takes, some mails are sent before the next time.
        self._rendered[kind] = time.monotonic(), mails
        return mails
