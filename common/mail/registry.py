"""Who can say what a mail of a kind says. Rooms register in `apps.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from common.mail.models import Message


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that travels with a mail.

    A calendar part names its iTIP `method`. It is always PUBLISH: the other methods ask for an
    answer by mail, and nobody reads those.
    """

    filename: str
    content: bytes
    media_type: str
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A rendered mail. `subject` and the rest of the headers are one line each.

    `list_id` names what `unsubscribe_url` stops ("post-added.safety") and becomes
    `<post-added.safety.MAIL_DOMAIN>`. `unsubscribe_url` must answer a POST without login or cookie
    (RFC 8058). `thread_key` names the thing that the mail is about: mails about it to one address
    share `subject`, and each but the first begins with "Re:" and refers to the first.

    `text` and `html` may be the same for many readers, with a mark wherever a reader has something
    of their own; `own` says what stands there for this one. Marks and values are ASCII. So what is
    shared is encoded once. `full_text` and `full_html` are what the reader reads.
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
    """Mails of `kind` are worded by `render`, which asks the rights of that moment.

    None means that the mail is no longer due or allowed; it is then dropped, not retried. A kind
    that goes to many at once says by `render_many` what each of some mails says, in as many queries
    for a hundred as for one (ADR 15). A kind that is useless after a time says how long it is
    `useful_for`: it is tried again soon enough (`schedule.py`), and never sent later. A kind that is
    `never_held` goes out while all other mail is held after a restore: without its codes nobody
    could sign in to release the rest.
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
    """How long after it was queued a mail of this kind is of use; None for ever."""
    return _useful_for.get(kind)


def kinds_useful_for_at_most(longest: timedelta) -> list[str]:
    return sorted(kind for kind, time in _useful_for.items() if time <= longest)


def renderer(kind: str) -> Renderer | None:
    """None for a kind that no room sends any more."""
    return _renderers.get(kind)


def render_many(kind: str) -> RenderMany | None:
    """None for a kind whose mails are worded one by one."""
    return _render_many.get(kind)


def never_held() -> list[str]:
    """The kinds that go out even while mail is held."""
    return sorted(_never_held)
