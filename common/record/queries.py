"""Reading the record: the head of the chain, and the whole chain for export."""

from collections.abc import Iterator
from dataclasses import fields

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
            SELECT coalesce(chain.position, 0), coalesce(chain.prev, ''), coalesce(chain.hash, ''),
                   coalesce(record.uuid, chain.record_uuid)::text,
                   coalesce(record_instant(record.at), ''), record.actor_uuid::text,
                   coalesce(record.verb, ''), coalesce(record.kind, ''),
                   coalesce(record.object_uuid::text, ''), coalesce(record.facts, '')
            FROM record_chain chain FULL JOIN record_record record ON record.uuid = chain.record_uuid
            ORDER BY chain.position NULLS LAST
            """
        )
        names = [field.name for field in fields(Entry)]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
