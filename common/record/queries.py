"""Reading the record: the head of the chain, and the whole chain for export."""

from collections.abc import Iterator
from dataclasses import asdict

from django.db import connection

from common.record.models import Chain
from common.record.verify import Entry


def head() -> Chain | None:
    """Return the newest link of the chain. Its hash, published elsewhere, vouches for all before it."""
    return Chain.objects.order_by("-position").first()


def export() -> Iterator[dict[str, object]]:
    """Yield the whole chain in order, each link with its record, in the form that `verify` reads.

    A missing record or link still yields a line, which does not verify.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT chain.position, chain.prev, chain.hash, coalesce(record.uuid, chain.record_uuid),
                   record_instant(record.at), record.actor_uuid, record.verb, record.kind,
                   record.object_uuid, record.facts
            FROM record_chain chain FULL JOIN record_record record ON record.uuid = chain.record_uuid
            ORDER BY chain.position NULLS LAST
            """
        )
        for position, prev, hash_, uuid, at, actor_uuid, verb, kind, object_uuid, facts in cursor:
            yield asdict(
                Entry(
                    position=position or 0,
                    prev=prev or "",
                    hash=hash_ or "",
                    uuid=str(uuid),
                    at=at or "",
                    actor_uuid=str(actor_uuid) if actor_uuid else None,
                    verb=verb or "",
                    kind=kind or "",
                    object_uuid=str(object_uuid or ""),
                    facts=facts or "",
                )
            )
