"""Texts a new site begins with; staff replace them with their own."""

from django.db import migrations

TEXTS = {
    "about": (
        "About the alliance",
        """An alliance of organizations that work on open, safe and useful technology. Its members come from industry, government, research and teaching. They meet in working groups, decide in the open as far as they can, and publish what they make for everybody.

## How it works

An organization applies, accepts the agreements and names its representatives. Its people join working groups. A group has a charter, meets, keeps minutes, takes decisions and publishes deliverables. Each publication says who wrote it, for which organization, and how it was decided.
""",
    ),
    "how-we-decide": (
        "How we decide",
        """Every decision of a group stands in its register, with the method by which it was taken, the counts where votes were counted, and who disagreed and why.

## From an idea to a publication

1. A group writes a draft. Each revision is numbered and sealed with a checksum.
2. The group reviews it. Comments are answered one by one, in the open.
3. The group approves one exact revision. The decision names its checksum.
4. The chair publishes it. The publication page shows the decision, the authors and the organizations they wrote for.
5. What turns out wrong is withdrawn with a reason. The page stays and says so.

## Methods

- **Consensus**: nobody upholds an objection.
- **Rough consensus**: the chair finds that the objections raised have been heard and answered; they stay on record.
- **Lazy consensus**: a proposal with a date stands if nobody objects by then.
- **Votes**: more than half, or two thirds, of the votes cast; abstentions are recorded and not counted.

## The record

Every formal act leaves a line in a chained record that cannot be changed afterwards without being found out. Its latest checksum is public.
""",
    ),
    "privacy": (
        "Privacy",
        """This page says which personal data this site keeps, why, and for how long.

## What is kept

- Your account: name, mail addresses, time zone, language, and whether you are listed in the directory.
- Your work: the organizations and groups you belong to, what you write in them, which meetings you attended, and what you decided or published.
- A record of formal acts. It holds codes and numbers, never your name.

## Who sees it

Members of your groups see your name, organization and what you write there. Everybody sees you as author of what is published with your name. Nobody else sees anything unless you choose to be listed in the directory.

## Your rights

Under Settings you can take a copy of your data and close your account. What you authored keeps your name; everything else that is personal is erased.
""",
    ),
    "terms": (
        "Terms of use",
        """By using this site you keep to the code of conduct and the competition-law guidelines that you accepted when you joined.

- Share only what you may share. Do not bring prices, costs, customers or other matters that competitors may not discuss.
- What you contribute is yours to give, under the licence named with each deliverable.
- Do not use the site to harm others or to get around its limits.
""",
    ),
    "accessibility": (
        "Accessibility",
        """Everybody should be able to take part. The site aims at level AA of the Web Content Accessibility Guidelines 2.2.

- Every page works with the keyboard alone and with scripts switched off.
- Pages are checked for contrast and structure, light and dark, on wide and narrow screens.
- Drawings stand beside the same figures as a table.

If something keeps you from taking part, write to us: see Contact.
""",
    ),
    "contact": (
        "Contact",
        """Write to the staff of the alliance at the address in your invitation, or ask a chair of your group.

To report a weakness of this site, see `/.well-known/security.txt`.
""",
    ),
}


def write_texts(apps, schema_editor):
    from common.text.markdown import TextKind, render

    SiteText = apps.get_model("desk", "SiteText")
    for position, (slug, (title, source)) in enumerate(TEXTS.items()):
        SiteText.objects.get_or_create(
            slug=slug,
            defaults={
                "title": title,
                "source": source,
                "html": render(source, TextKind.DOCUMENT),
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(write_texts, migrations.RunPython.noop)]
