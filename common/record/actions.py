"""Writing the record. A record is never changed or removed; a mistake is corrected by a new act."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from common.identifiers import Identified
from common.record import registry
from common.record.models import CODE, Record
from common.record.verbs import Verb

FACT_MAX_CHARACTERS = 200


def record(
    actor: Identified | None,
    verb: Verb,
    obj: Identified,
    /,
    *,
    facts: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Record:
    """Record that the actor did this to the object, in the caller's transaction.

    `actor` is a person, or None for a periodic task or a command on the server. `facts` and `at`
    are as for `write`. Raises KeyError when the object's model is not registered, ValueError when
    its model lacks the verb.
    """
    return write(
        actor_uuid=actor.uuid if actor else None,
        verb=verb.value,
        kind=registry.kind_for(verb, obj),
        object_uuid=obj.uuid,
        facts=facts,
        at=at,
    )


def write(
    *,
    actor_uuid: UUID | None,
    verb: str,
    kind: str,
    object_uuid: UUID,
    facts: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Record:
    """Write one record in the caller's transaction.

    `actor_uuid` is None for a periodic task. `verb` and `kind` are codes such as `approved` and
    `application`. `facts` can hold ids, codes, numbers, dates and checksums: a text with a space or
    an @ raises ValueError, since personal text could never be erased from the record. `at` is only
    for imports of past acts. The database gives the row its place in the chain at COMMIT.
    """
    if not re.fullmatch(CODE, verb) or not re.fullmatch(CODE, kind):
        raise ValueError(f"{verb!r} {kind!r}: verb and kind are codes in lower case.")
    return Record.objects.create(
        at=at or timezone.now(),
        actor_uuid=actor_uuid,
        verb=verb,
        kind=kind,
        object_uuid=object_uuid,
        facts=canonical(facts or {}),
    )


def canonical(facts: Mapping[str, object]) -> str:
    """Return the facts as canonical JSON: keys sorted, no spaces, UTF-8 not escaped."""
    return json.dumps(
        _plain(dict(facts)),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case str():
            return _code(value)
        case dict():
            return {_code(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            items = [_plain(item) for item in value]
            return sorted(items, key=str) if isinstance(value, set | frozenset) else items
        case _:
            raise ValueError(f"A fact cannot be a {type(value).__name__}.")


def _code(text: str) -> str:
    if len(text) > FACT_MAX_CHARACTERS or re.search(r"[\s@\x00-\x1f\ud800-\udfff]", text):
        raise ValueError(f"{text[:40]!r} is not an id, code or checksum; the record keeps no text.")
    return str(text)
