"""The eight focus areas with which the alliance begins."""

from django.db import migrations

AREAS = [
    ("safety", "Trust and safety", "shield-check", "safety"),
    ("models-and-data", "Models and data", "database", "models"),
    ("tools-and-agents", "Tools and agents", "boxes", "tools"),
    ("education", "Education and skills", "mortarboard", "education"),
    ("policy", "Policy", "bank", "policy"),
    ("climate", "Climate and sustainability", "tree", "climate"),
    ("social-good", "Social good", "people", "social"),
    ("hardware", "Hardware and compute", "cpu", "hardware"),
]


def add_areas(apps, schema_editor):
    focus_area = apps.get_model("vocabulary", "FocusArea")
    for position, (slug, name, glyph, hue) in enumerate(AREAS, start=1):
        focus_area.objects.create(slug=slug, name=name, glyph=glyph, hue=hue, position=position)


def remove_areas(apps, schema_editor):
    slugs = [slug for slug, *_ in AREAS]
    apps.get_model("vocabulary", "FocusArea").objects.filter(slug__in=slugs).delete()


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0001_initial")]

    operations = [migrations.RunPython(add_areas, remove_areas)]
