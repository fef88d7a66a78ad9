"""The renderers of mails by kind. Apps register theirs in `apps.ready`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from common.mail.models import Message


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file attached to a mail.

    A calendar file has an iTIP `method`. It is always PUBLISH: the other methods ask for an answer by
    mail, which nobody would read.
    """

    filename: str
    content: bytes
    media_type: str
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A rendered mail. `subject` and the rest of the headers are one line each.

    `list_id` names what `unsubscribe_url` stops ("post-added.safety") and becomes
    `<post-added.safety.MAIL_DOMAIN>`. `unsubscribe_url` must answer a POST without session or cookie
    (RFC 8058). `thread_key` names the object of the mail: mails about it to one address share
    `subject`, and all but the first begin with "Re:" and refer to the first.

    `text` and `html` can be the same for many recipients, with marks for values that differ; `own` has
    this recipient's values by mark, all in ASCII. So the shared text is encoded once. `full_text` and
    `full_html` are what the recipient reads.
    """

    subject: str
    text: str
    html: str
    list_id: str | None = None
    unsubscribe_url: str | None = None
    thread_key: str | None = None
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def full_text(self) -> str:
        return self._filled(self.text)

    @property
    def full_html(self) -> str:
        return self._filled(self.html)

    def _filled(self, words: str) -> str:
        for mark, value in self.own.items():
            words = words.replace(mark, value)
        return words


Renderer = Callable[["Message"], Mail | None]
RenderMany = Callable[[Sequence["Message"]], Mapping[UUID, Mail | None]]
_renderers: dict[str, Renderer] = {}
_render_many: dict[str, RenderMany] = {}
_useful_for: dict[str, timedelta] = {}
_never_held: set[str] = set()


def register(
    kind: str,
    render: Renderer,
    *,
    render_many: RenderMany | None = None,
    useful_for: timedelta | None = None,
    never_held: bool = False,
) -> None:
    """Register `render` for mails of `kind`; it checks the permissions of that moment.

    `render` returns None for a mail that is no longer due or allowed, which is then dropped.
    `render_many` renders many mails in as many queries as one (ADR 15). A mail is tried again soon
    enough (`schedule.py`) and never sent after the time it is `useful_for`. A `never_held` kind is
    sent while all other mail is held after a restore: without its codes nobody could sign in to
    release the rest. Raises ValueError when the kind has another renderer.
    """
    if _renderers.get(kind, render) is not render:
        raise ValueError(f"Mail kind {kind!r} is registered twice.")
    _renderers[kind] = render
    if render_many:
        _render_many[kind] = render_many
    if useful_for:
        _useful_for[kind] = useful_for
    if never_held:
        _never_held.add(kind)


def useful_for(kind: str) -> timedelta | None:
    """Return how long after it was queued a mail of this kind is useful; None for always."""
    return _useful_for.get(kind)


def kinds_useful_for_at_most(longest: timedelta) -> list[str]:
    return sorted(kind for kind, time in _useful_for.items() if time <= longest)


def renderer(kind: str) -> Renderer | None:
    """Return the renderer of this kind; None for a kind that no app sends any more."""
    return _renderers.get(kind)


def render_many(kind: str) -> RenderMany | None:
    """Return the renderer of many mails; None for a kind whose mails are rendered one by one."""
    return _render_many.get(kind)


def never_held() -> list[str]:
    """Return the kinds that are sent even while mail is held."""
    return sorted(_never_held)
