"""Makes the words of the entries that are there. Begun again after a stop, it goes on."""

from django.db import migrations, transaction

from common.search.vectors import vector
from common.search.words import parts_of

BATCH = 200
VERSION = 1


def fill(apps, schema_editor):
    entries = apps.get_model("search", "SearchEntry").objects
    while batch := list(entries.filter(version__lt=VERSION).defer("tsv").order_by("pk")[:BATCH]):
        with transaction.atomic():
            more = []
            for entry in batch:
                first, *rest = parts_of(entry.body)
                more += [part_of(entries.model, entry, n, body) for n, body in enumerate(rest, 1)]
                entry.body, entry.version, entry.tsv = first, VERSION, words_of(entry, first)
            entries.bulk_update(batch, ["body", "version", "tsv"])
            entries.bulk_create(more, batch_size=BATCH)


def part_of(model, entry, number, body):
    same = ("kind", "uuid", "group_id", "level", "title", "about", "url", "config", "at", "day")
    fields = {name: getattr(entry, name) for name in same}
    return model(
        **fields, part=number, body=body, version=VERSION, tsv=words_of(entry, body)
    )


def words_of(entry, body):
    return vector(config=entry.config, title=entry.title, about=entry.about, body=body)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0003_entries_in_parts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
