"""What the mails of one batch say: rendered together where their room can, asked anew once old."""

import logging
import time
from collections.abc import Mapping
from uuid import UUID

from common.mail import registry
from common.mail.compose import Unsendable
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.threads import Threads

logger = logging.getLogger(__name__)

# A mail is not begun on rights that were asked longer ago. A slow relay thus makes the rest of the
# batch be worded again about once a second, which costs a few queries.
FRESH_SECONDS = 1.0


class BatchRendering:
    """The words of a batch, in the order in which it is sent."""

    def __init__(self, batch: list[Message], threads: Threads) -> None:
        self._threads = threads
        self._waiting = {message.uuid: message for message in batch}
        self._said: dict[str, tuple[float, Mapping[UUID, Mail | None]]] = {}

    def of(self, message: Message) -> Mail | None:
        """What this mail says now, or None; it is not asked for again. Raises what its room does."""
        render = registry.renderer(message.kind)
        if render is None:
            raise Unsendable(f"Nobody words {message.kind} mails.")
        worded_at, said = self._said.get(message.kind, (0.0, {}))
        if message.uuid not in said or time.monotonic() - worded_at > FRESH_SECONDS:
            said = self._word(message.kind)
        del self._waiting[message.uuid]
        return said[message.uuid] if message.uuid in said else render(message)

    def _word(self, kind: str) -> Mapping[UUID, Mail | None]:
        """What all that is left of this kind says; nothing, if it is to be asked one by one."""
        render_many = registry.render_many(kind)
        if render_many is None:
            return {}
        try:
            said = render_many([each for each in self._waiting.values() if each.kind == kind])
            self._threads.load((self._waiting[uuid], mail) for uuid, mail in said.items())
        except Exception:  # one mail's fault: alone, only that one fails
            logger.exception("A batch of %s mails could not be worded together.", kind)
            said = {}
        # Counted from the end: however long wording takes, some mails go out before the next time.
        self._said[kind] = time.monotonic(), said
        return said
