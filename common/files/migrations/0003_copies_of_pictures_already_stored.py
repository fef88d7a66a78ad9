"""Every picture that is stored already waits for the copy that pages show."""

from django.db import migrations

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BATCH = 2000


def expect_copies(apps, schema_editor):
    StoredFile = apps.get_model("files", "StoredFile")
    PictureCopy = apps.get_model("files", "PictureCopy")
    stored = StoredFile.objects.filter(media_type__in=PICTURES).exclude(state="removed")
    waiting = []
    for uuid in stored.order_by("pk").values_list("pk", flat=True).iterator(BATCH):
        waiting.append(PictureCopy(stored_id=uuid))
        if len(waiting) == BATCH:
            PictureCopy.objects.bulk_create(waiting, ignore_conflicts=True)
            waiting = []
    PictureCopy.objects.bulk_create(waiting, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("files", "0002_picture_copy")]
    operations = [migrations.RunPython(expect_copies, migrations.RunPython.noop)]
