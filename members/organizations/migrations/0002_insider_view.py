"""The rule of being inside the alliance, once, as a view: nothing is propagated when it ends."""

from django.db import migrations

CREATE = """
CREATE VIEW organizations_insider AS
SELECT 'a' || a.id AS id, a.person_id, a.organization_id, m.status = 'grace' AS read_only
  FROM organizations_affiliation a
  JOIN organizations_membership m ON m.organization_id = a.organization_id
  JOIN people_person p ON p.id = a.person_id
 WHERE p.is_active AND a.during @> statement_timestamp() AND m.during @> statement_timestamp()
   AND m.status IN ('active', 'grace')
UNION ALL
SELECT 'm' || m.id, m.person_id, NULL, m.status = 'grace'
  FROM organizations_membership m
  JOIN people_person p ON p.id = m.person_id
 WHERE p.is_active AND m.during @> statement_timestamp() AND m.status IN ('active', 'grace')
UNION ALL
SELECT 's' || p.id, p.id, NULL, false
  FROM people_person p
 WHERE p.is_active AND p.is_staff
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW organizations_insider")]
