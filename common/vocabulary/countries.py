"""The countries of ISO 3166-1, from the table of the time zone database, and Kosovo.

Kosovo has no code in the standard; XK is the code that the European Union, the IMF and Unicode use.
"""

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from common.letters import without_compatibility_forms
from common.names import lookup_key, sort_key

# In place of names that the table abbreviates or that readers may not know.
PLAIN_NAMES = {
    "AS": "American Samoa",
    "CD": "Congo, Democratic Republic",
    "CF": "Central African Republic",
    "CG": "Congo, Republic",
    "CC": "Cocos Islands",
    "GB": "United Kingdom",
    "KP": "North Korea",
    "KR": "South Korea",
    "MF": "Saint Martin",
    "MM": "Myanmar",
    "SX": "Sint Maarten",
    "SZ": "Eswatini",
    "TC": "Turks and Caicos Islands",
    "TF": "French Southern Territories",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
    "WS": "Samoa",
}


@cache
def countries() -> dict[str, str]:
    """Return the English name by two-letter code, in the order of the names."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    rows.append(["XK", "Kosovo"])
    names = {code: PLAIN_NAMES.get(code, name.replace(" & ", " and ")) for code, name in rows}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def country_name(code: str) -> str:
    """Return the country's name; the code itself where ISO 3166-1 does not have it."""
    return countries().get(code, code)


# The codes of three letters of the same standard.
_ALPHA_3 = """
ABW=AW AFG=AF AGO=AO AIA=AI ALA=AX ALB=AL AND=AD ARE=AE ARG=AR ARM=AM ASM=AS ATA=AQ ATF=TF
ATG=AG AUS=AU AUT=AT AZE=AZ BDI=BI BEL=BE BEN=BJ BES=BQ BFA=BF BGD=BD BGR=BG BHR=BH BHS=BS
BIH=BA BLM=BL BLR=BY BLZ=BZ BMU=BM BOL=BO BRA=BR BRB=BB BRN=BN BTN=BT BVT=BV BWA=BW CAF=CF
CAN=CA CCK=CC CHE=CH CHL=CL CHN=CN CIV=CI CMR=CM COD=CD COG=CG COK=CK COL=CO COM=KM CPV=CV
CRI=CR CUB=CU CUW=CW CXR=CX CYM=KY CYP=CY CZE=CZ DEU=DE DJI=DJ DMA=DM DNK=DK DOM=DO DZA=DZ
ECU=EC EGY=EG ERI=ER ESH=EH ESP=ES EST=EE ETH=ET FIN=FI FJI=FJ FLK=FK FRA=FR FRO=FO FSM=FM
GAB=GA GBR=GB GEO=GE GGY=GG GHA=GH GIB=GI GIN=GN GLP=GP GMB=GM GNB=GW GNQ=GQ GRC=GR GRD=GD
GRL=GL GTM=GT GUF=GF GUM=GU GUY=GY HKG=HK HMD=HM HND=HN HRV=HR HTI=HT HUN=HU IDN=ID IMN=IM
IND=IN IOT=IO IRL=IE IRN=IR IRQ=IQ ISL=IS ISR=IL ITA=IT JAM=JM JEY=JE JOR=JO JPN=JP KAZ=KZ
KEN=KE KGZ=KG KHM=KH KIR=KI KNA=KN KOR=KR KWT=KW LAO=LA LBN=LB LBR=LR LBY=LY LCA=LC LIE=LI
LKA=LK LSO=LS LTU=LT LUX=LU LVA=LV MAC=MO MAF=MF MAR=MA MCO=MC MDA=MD MDG=MG MDV=MV MEX=MX
MHL=MH MKD=MK MLI=ML MLT=MT MMR=MM MNE=ME MNG=MN MNP=MP MOZ=MZ MRT=MR MSR=MS MTQ=MQ MUS=MU
MWI=MW MYS=MY MYT=YT NAM=NA NCL=NC NER=NE NFK=NF NGA=NG NIC=NI NIU=NU NLD=NL NOR=NO NPL=NP
NRU=NR NZL=NZ OMN=OM PAK=PK PAN=PA PCN=PN PER=PE PHL=PH PLW=PW PNG=PG POL=PL PRI=PR PRK=KP
PRT=PT PRY=PY PSE=PS PYF=PF QAT=QA REU=RE ROU=RO RUS=RU RWA=RW SAU=SA SDN=SD SEN=SN SGP=SG
SGS=GS SHN=SH SJM=SJ SLB=SB SLE=SL SLV=SV SMR=SM SOM=SO SPM=PM SRB=RS SSD=SS STP=ST SUR=SR
SVK=SK SVN=SI SWE=SE SWZ=SZ SXM=SX SYC=SC SYR=SY TCA=TC TCD=TD TGO=TG THA=TH TJK=TJ TKL=TK
TKM=TM TLS=TL TON=TO TTO=TT TUN=TN TUR=TR TUV=TV TWN=TW TZA=TZ UGA=UG UKR=UA UMI=UM URY=UY
USA=US UZB=UZ VAT=VA VCT=VC VEN=VE VGB=VG VIR=VI VNM=VN VUT=VU WLF=WF WSM=WS YEM=YE ZAF=ZA
ZMB=ZM ZWE=ZW
"""
ALPHA_3 = dict(pair.split("=") for pair in _ALPHA_3.split())
# Codes that people use beside those of ISO 3166-1 (in sport, in the European Union, on cars), where
# they are no other country's in the standard.
OTHER_CODES = {
    "UK": "GB",
    "EL": "GR",
    "UAE": "AE",
    "PRC": "CN",
    "ROC": "TW",
    "ROK": "KR",
    "DPRK": "KP",
    "ALG": "DZ",
    "BUL": "BG",
    "CHI": "CL",
    "CRC": "CR",
    "CRO": "HR",
    "DEN": "DK",
    "GER": "DE",
    "GRE": "GR",
    "HAI": "HT",
    "INA": "ID",
    "IRI": "IR",
    "KSA": "SA",
    "KUW": "KW",
    "LAT": "LV",
    "MAS": "MY",
    "MGL": "MN",
    "NED": "NL",
    "NEP": "NP",
    "NGR": "NG",
    "PAR": "PY",
    "PHI": "PH",
    "POR": "PT",
    "PUR": "PR",
    "RSA": "ZA",
    "SLO": "SI",
    "SRI": "LK",
    "SUI": "CH",
    "TAN": "TZ",
    "TPE": "TW",
    "URU": "UY",
    "VIE": "VN",
    "XKX": "XK",
    "KOS": "XK",
    "ZAM": "ZM",
    "ZIM": "ZW",
}
# Official names, former names, and names in everyday English, by code.
OTHER_NAMES = {
    "AE": ["United Arab Emirates", "Emirates"],
    "AX": ["Aland", "Aland Islands"],
    "BA": ["Bosnia", "Bosnia-Herzegovina"],
    "BL": ["Saint Barthelemy", "Saint Barts"],
    "BN": ["Brunei Darussalam"],
    "BO": ["Plurinational State of Bolivia"],
    "BQ": ["Bonaire, Sint Eustatius and Saba"],
    "BS": ["The Bahamas"],
    "BY": ["Byelorussia"],
    "CC": ["Cocos (Keeling) Islands", "Keeling Islands"],
    "CD": [
        "Congo-Kinshasa",
        "Democratic Republic of Congo",
        "Democratic Republic of the Congo",
        "DR Congo",
        "DRC",
        "The Democratic Republic of the Congo",
        "Zaire",
    ],
    "CG": ["Congo", "Congo-Brazzaville", "Republic of Congo", "Republic of the Congo"],
    "CH": ["Swiss Confederation"],
    "CI": ["Cote d'Ivoire", "Ivory Coast"],
    "CN": ["Mainland China", "People's Republic of China", "PR China"],
    "CV": ["Cabo Verde", "Cape Verde"],
    "CZ": ["Czech Republic", "Czechia"],
    "DE": ["Federal Republic of Germany"],
    "FK": ["Falkland Islands (Malvinas)", "Malvinas"],
    "FM": ["Federated States of Micronesia"],
    "FR": ["French Republic"],
    "GB": [
        "Britain",
        "England",
        "Great Britain",
        "Northern Ireland",
        "Scotland",
        "United Kingdom of Great Britain and Northern Ireland",
        "Wales",
    ],
    "GM": ["The Gambia"],
    "GR": ["Hellas", "Hellenic Republic"],
    "GW": ["Guinea Bissau"],
    "HK": ["Hong Kong SAR", "Hong Kong SAR China"],
    "HM": ["Heard Island and McDonald Islands"],
    "IE": ["Eire", "Republic of Ireland"],
    "IR": ["Islamic Republic of Iran", "Persia"],
    "KG": ["Kyrgyz Republic"],
    "KN": ["Saint Kitts and Nevis"],
    "KP": ["Korea (North)", "Democratic People's Republic of Korea", "DPRK"],
    "KR": ["Korea", "Korea (South)", "Republic of Korea"],
    "LA": ["Lao", "Lao PDR", "Lao People's Democratic Republic"],
    "LC": ["Saint Lucia"],
    "LY": ["Libyan Arab Jamahiriya", "State of Libya"],
    "MD": ["Moldavia", "Republic of Moldova"],
    "MF": ["Saint Martin (French part)"],
    "MK": ["Macedonia", "Republic of North Macedonia"],
    "MM": ["Burma"],
    "MO": ["Macao", "Macao SAR", "Macao SAR China", "Macau"],
    "MX": ["United Mexican States"],
    "NL": ["Holland", "Kingdom of the Netherlands", "The Netherlands"],
    "NZ": ["Aotearoa"],
    "PH": ["The Philippines"],
    "PL": ["Republic of Poland"],
    "PM": ["Saint Pierre and Miquelon"],
    "PN": ["Pitcairn Islands"],
    "PS": ["Palestinian Territories", "State of Palestine"],
    "PT": ["Portuguese Republic"],
    "RE": ["Reunion"],
    "RU": ["Russian Federation"],
    "SH": ["Saint Helena", "Saint Helena, Ascension and Tristan da Cunha"],
    "SK": ["Slovak Republic"],
    "ST": ["Sao Tome and Principe"],
    "SX": ["Sint Maarten (Dutch part)"],
    "SY": ["Syrian Arab Republic"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor", "Timor-Leste"],
    "TR": ["Republic of Turkiye", "Turkey", "Turkiye"],
    "TW": ["Chinese Taipei", "Republic of China", "Taiwan, Province of China"],
    "TZ": ["United Republic of Tanzania"],
    "US": ["America", "United States", "United States of America"],
    "UM": ["United States Minor Outlying Islands"],
    "VA": ["Holy See", "Holy See (Vatican City State)", "Vatican", "Vatican City State"],
    "VC": ["Saint Vincent", "Saint Vincent and the Grenadines"],
    "VE": ["Bolivarian Republic of Venezuela"],
    "VG": ["Virgin Islands (British)"],
    "VI": ["United States Virgin Islands", "Virgin Islands (US)"],
    "VN": ["Viet Nam"],
    "WS": ["Western Samoa"],
    "XK": ["Republic of Kosovo"],
}
# What larger countries call themselves, in each of their languages that many write.
NATIVE_NAMES = {
    "AD": ["Andorra"],
    "AE": ["الإمارات", "الإمارات العربية المتحدة"],
    "AL": ["Shqipëria"],
    "AM": ["Հայաստան"],
    "AT": ["Österreich"],
    "AZ": ["Azərbaycan"],
    "BA": ["Bosna i Hercegovina", "Босна и Херцеговина"],
    "BD": ["বাংলাদেশ"],
    "BE": ["België", "Belgique", "Belgien"],
    "BG": ["България"],
    "BH": ["البحرين"],
    "BR": ["Brasil"],
    "BY": ["Беларусь"],
    "CH": ["Schweiz", "Suisse", "Svizzera", "Svizra"],
    "CM": ["Cameroun"],
    "CN": ["中国", "中國", "中华人民共和国", "中華人民共和國"],
    "CY": ["Κύπρος", "Kıbrıs"],
    "CZ": ["Česko", "Česká republika"],
    "DE": ["Deutschland", "Bundesrepublik Deutschland", "BRD"],
    "DK": ["Danmark"],
    "DO": ["República Dominicana"],
    "DZ": ["الجزائر", "Algérie"],
    "EE": ["Eesti"],
    "EG": ["مصر"],
    "ES": ["España", "Espanya", "Espainia"],
    "ET": ["ኢትዮጵያ"],
    "FI": ["Suomi"],
    "GE": ["საქართველო"],
    "GR": ["Ελλάδα", "Ελλάς"],
    "HK": ["香港"],
    "HR": ["Hrvatska"],
    "HU": ["Magyarország"],
    "IL": ["ישראל", "إسرائيل"],
    "IN": ["भारत", "Bharat"],
    "IQ": ["العراق"],
    "IR": ["ایران"],
    "IS": ["Ísland"],
    "IT": ["Italia"],
    "JO": ["الأردن"],
    "JP": ["日本", "日本国", "にほん", "ニッポン", "Nippon"],
    "KE": ["Jamhuri ya Kenya"],
    "KG": ["Кыргызстан"],
    "KH": ["កម្ពុជា"],
    "KR": ["대한민국", "한국", "韓國"],
    "KW": ["الكويت"],
    "KZ": ["Қазақстан", "Казахстан"],
    "LA": ["ລາວ"],
    "LB": ["لبنان", "Liban"],
    "LK": ["ශ්‍රී ලංකාව", "இலங்கை"],
    "LT": ["Lietuva"],
    "LU": ["Lëtzebuerg", "Luxemburg"],
    "LV": ["Latvija"],
    "LY": ["ليبيا"],
    "MA": ["المغرب", "Maroc"],
    "ME": ["Crna Gora", "Црна Гора"],
    "MK": ["Северна Македонија"],
    "MM": ["မြန်မာ"],
    "MN": ["Монгол Улс"],
    "MO": ["澳門", "澳门"],
    "MX": ["México", "Estados Unidos Mexicanos"],
    "NL": ["Nederland"],
    "NO": ["Norge", "Noreg"],
    "NP": ["नेपाल"],
    "OM": ["عُمان"],
    "PE": ["Perú"],
    "PH": ["Pilipinas"],
    "PK": ["پاکستان"],
    "PL": ["Polska"],
    "PS": ["فلسطين"],
    "QA": ["قطر"],
    "RO": ["România"],
    "RS": ["Србија", "Srbija"],
    "RU": ["Россия", "Российская Федерация"],
    "SA": ["السعودية", "المملكة العربية السعودية"],
    "SD": ["السودان"],
    "SE": ["Sverige"],
    "SG": ["新加坡", "Singapura", "சிங்கப்பூர்"],
    "SI": ["Slovenija"],
    "SK": ["Slovensko", "Slovenská republika"],
    "SN": ["Sénégal"],
    "SY": ["سوريا", "سورية"],
    "TH": ["ไทย", "ประเทศไทย"],
    "TJ": ["Тоҷикистон"],
    "TN": ["تونس", "Tunisie"],
    "TR": ["Türkiye Cumhuriyeti"],
    "TW": ["台灣", "臺灣", "台湾", "中華民國"],
    "UA": ["Україна", "Украина"],
    "US": ["Estados Unidos", "États-Unis"],
    "UZ": ["Oʻzbekiston", "Ўзбекистон"],
    "VN": ["Việt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"],
    "XK": ["Kosova", "Косово"],
    "YE": ["اليمن"],
    "ZA": ["Suid-Afrika", "iNingizimu Afrika"],
}

# What comes before the usual name in an official one.
_FORMS = re.compile(r"^(the )?((republic|kingdom|state|commonwealth|principality) of )?(the )?")

# The dots of an abbreviation: those after a single letter.
_DOTS = re.compile(r"(?<=\b\w)\.")


@cache
def _codes_by_name() -> dict[str, str]:
    others = {
        name: code
        for table in (NATIVE_NAMES, OTHER_NAMES)
        for code, names in table.items()
        for name in names
    }
    names = others | {name: code for code, name in countries().items()}
    return {_key(name): code for name, code in names.items()}


def _key(name: str) -> str:
    """Return the same key for all spellings of a country's name.

    Case, accents, “St.”, “&”, dots of abbreviations ("D.R. Congo") and full-width letters make no
    difference.
    """
    plain = _DOTS.sub("", without_compatibility_forms(name))
    key = lookup_key(plain.replace("&", " and "))
    return re.sub(r"\bst\b", "saint", " ".join(re.sub(r"[^\w]+", " ", key).split()))


def code_of(typed: str) -> str:
    """Return the code of a country given by code, in English or in its own language.

    Codes can have two or three letters, and dots. Anything else is returned in capitals, which is
    no key of `countries()`.
    """
    code = typed.upper()
    short = re.sub(r"[.\s]", "", without_compatibility_forms(code))
    if short in countries():
        return short
    if alpha_2 := ALPHA_3.get(short) or OTHER_CODES.get(short):
        return alpha_2
    # Official lists write "Moldova, Republic of".
    head, comma, tail = typed.partition(",")
    for name in (typed, f"{tail} {head}" if comma else typed):
        key = _key(name)
        # "Republic of" a name is the country of that name, unless it is a country of its own.
        known = _codes_by_name().get(key) or _codes_by_name().get(_FORMS.sub("", key))
        if known:
            return known
    return code


def likely_code(typed: str) -> str:
    """Return the most likely code for a name that `code_of` does not know, or ""."""
    alike = get_close_matches(_key(typed), _codes_by_name(), n=1, cutoff=0.8)
    return _codes_by_name()[alike[0]] if alike else ""


def country_choices() -> list[tuple[str, str]]:
    """Return a form's `choices`, with an empty one first."""
    return [("", _("Not given")), *countries().items()]
