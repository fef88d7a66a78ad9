"""Three regions by country (ISO 3166-1), for statistics."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    AMERICAS = "americas", _("Americas")
    EUROPE_AFRICA = "europe_africa", _("Europe and Africa")
    ASIA_PACIFIC = "asia_pacific", _("Asia and Pacific")


AMERICAS = """
AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GT GY HN HT JM KN
KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI
"""
ASIA_PACIFIC = """
AF AS AU BD BN BT CC CK CN CX FJ FM GU HK ID IN IO JP KG KH KI KP KR KZ LA LK MH MM MN MO MP MV
MY NC NF NP NR NU NZ PF PG PH PK PN PW SB SG TH TJ TK TL TM TO TV TW UZ VN VU WF WS
"""
_REGIONS = {
    country: region
    for region, countries in (
        (Region.AMERICAS, AMERICAS),
        (Region.ASIA_PACIFIC, ASIA_PACIFIC),
    )
    for country in countries.split()
}


def region_of(country: str) -> Region:
    """Return the region of a country by its two-letter code, Europe and Africa if not listed."""
    return _REGIONS.get(country, Region.EUROPE_AFRICA)
