"""The same rule of having a seat, joined so that each row is found by its index.

A participation on behalf of an organization holds while the person is affiliated with it and the
organization is a member; one without holds while the person is inside by itself, as an individual
member or as staff; an invited expert's holds while it can sign in.

Constraints allow one current affiliation per person and organization and one current membership per
holder, so no join doubles a row and nothing has to be grouped. (Grouped, the roll of one group cost
a walk over everybody in the alliance, and without statistics minutes.)

`+ 0` keeps the planner from looking for an affiliation by its organization: a person has a few of
them, an organization thousands, and on tables without fresh statistics it took the second way.

Backwards nothing is to be done: the former view answered the same.
"""

from django.db import migrations

CREATE = """
CREATE OR REPLACE VIEW groups_seat AS
SELECT 'p' || pa.id AS id, pa.person_id, pa.group_id, pa.organization_id, pa.level,
       pa.level <> 'expert' AND CASE
           WHEN pa.organization_id IS NOT NULL THEN of_organization.status = 'grace'
           ELSE own.status = 'grace' AND NOT p.is_staff
       END IS TRUE AS read_only,
       EXISTS (SELECT 1 FROM groups_office o
                WHERE o.person_id = pa.person_id AND o.group_id = pa.group_id
                  AND o.office IN ('chair', 'co_chair') AND o.during @> statement_timestamp()) AS is_chair
  FROM groups_participation pa
  JOIN people_person p ON p.id = pa.person_id AND p.is_active
  LEFT JOIN organizations_affiliation a
    ON a.person_id = pa.person_id AND a.organization_id + 0 = pa.organization_id
   AND a.during @> statement_timestamp()
  LEFT JOIN organizations_membership of_organization
    ON of_organization.organization_id = a.organization_id
   AND of_organization.during @> statement_timestamp() AND of_organization.status IN ('active', 'grace')
  LEFT JOIN organizations_membership own
    ON own.person_id = pa.person_id AND pa.organization_id IS NULL
   AND own.during @> statement_timestamp() AND own.status IN ('active', 'grace')
 WHERE pa.during @> statement_timestamp()
   AND (pa.level = 'expert' OR of_organization.id IS NOT NULL OR own.id IS NOT NULL
        OR (pa.organization_id IS NULL AND p.is_staff))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0003_secret_keeps_its_content"),
        ("organizations", "0002_insider_view"),
    ]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
