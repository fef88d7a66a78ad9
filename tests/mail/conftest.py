from collections.abc import Iterator

import pytest

from common.mail import registry
from common.mail.models import Message
from common.mail.registry import Mail
from tests.mail.sink import sink

__all__ = ["sink"]


def words(message: Message) -> Mail | None:
    """What the test kind says: `ref` itself, or nothing."""
    if message.ref.get("gone"):
        return None
    if message.ref.get("broken"):
        raise KeyError("a bug in a room")
    return Mail(
        subject=message.ref.get("subject", "The ballot closes today"),
        text="Vote.\n",
        html="<p>Vote.</p>",
        list_id=message.ref.get("list_id"),
        unsubscribe_url=message.ref.get("unsubscribe_url"),
        thread_key=message.ref.get("thread_key"),
    )


@pytest.fixture(autouse=True)
def kind() -> Iterator[str]:
    registry.register("test", words)
    yield "test"
    del registry._renderers["test"]
