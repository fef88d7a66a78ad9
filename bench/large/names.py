"""What everybody and everything is called. Family names, places and bodies are made up of parts."""

from typing import NamedTuple


class Part(NamedTuple):
    """A part of the world: where its people live, and how they are called there."""

    countries: tuple[str, ...]
    zones: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    is_family_first: bool = False
    joint: str = " "

    def name(self, given: str, family: str) -> str:
        parts = (family, given) if self.is_family_first else (given, family)
        return self.joint.join(parts)


PARTS = (
    Part(
        ("US", "CA", "GB", "IE"),
        ("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto",
         "Europe/London", "Europe/Dublin"),
        ("Ada", "Brent", "Calla", "Dwight", "Edith", "Fern", "Gareth", "Hazel", "Ivor", "Juno",
         "Kit", "Lowell", "Maeve", "Nolan", "Opal", "Perry", "Rhys", "Tamsin"),
        ("Ashgrave", "Birchmere", "Cottleby", "Dunmarsh", "Elverstone", "Fairlode", "Gorseley",
         "Hartwhistle", "Ivyholt", "Keldron", "Lanternby", "Mossgate", "Netherwode", "Oxleigh-Dane"),
    ),
    Part(
        ("SE", "NO", "DK", "FI", "IS"),
        ("Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki",
         "Atlantic/Reykjavik"),
        ("Åsa", "Bjørg", "Dagny", "Eskil", "Frøya", "Göran", "Hjördís", "Ilmari", "Jorunn", "Käthe",
         "Leif", "Mårten", "Päivi", "Sölve", "Tuuli", "Ylva"),
        ("Almgrind", "Björkvall", "Fjærdal", "Granhult", "Høgstrøm", "Järvilampi", "Klyngeskov",
         "Lövsand", "Myrevang", "Näsudde", "Ørnfelt", "Snæberg"),
    ),
    Part(
        ("DE", "AT", "CH", "NL", "BE"),
        ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Amsterdam", "Europe/Brussels"),
        ("Anselm", "Bärbel", "Cornelis", "Dörte", "Emmerich", "Femke", "Götz", "Heike", "Ilse",
         "Jörg", "Käthe", "Lieven", "Maike", "Notker", "Roswitha", "Sjoerd"),
        ("Ackerbühl", "Birnstengel", "van der Duinwaard", "Eichenlöh", "Fürstenrieth", "Gänsbichler",
         "Hohlwegner", "de Kleiput", "Lindenmüth", "Moosäcker", "Querfurth-Weiß", "ter Zandbrink"),
    ),
    Part(
        ("FR", "BE", "CA", "CH", "SN", "CI"),
        ("Europe/Paris", "Europe/Brussels", "America/Montreal", "Africa/Dakar", "Africa/Abidjan"),
        ("Aurèle", "Béatrix", "Cyprien", "Désirée", "Éloïse", "Firmin", "Gaëtane", "Hélie", "Ismaël",
         "Joëlle", "Léopold", "Maïmouna", "Noémie", "Théophane", "Zélie"),
        ("Aubrelle", "Boisclément", "Chauvigneul", "Delorbière", "Étangvieux", "Fontcreuse",
         "Grandvergne", "Houdemarre", "Labrousse-Nô", "Montfrileux", "Ndiogou", "Vauxlongue"),
    ),
    Part(
        ("ES", "PT", "MX", "AR", "CL", "BR", "CO"),
        ("Europe/Madrid", "Europe/Lisbon", "America/Mexico_City", "America/Santiago",
         "America/Sao_Paulo", "America/Bogota", "America/Argentina/Buenos_Aires"),
        ("Álvaro", "Belén", "Cândido", "Dulce", "Efraín", "Fermín", "Guiomar", "Hermínia", "Íñigo",
         "Jacinta", "Lucía", "Martín", "Núria", "Óscar", "Pilar", "Tomé"),
        ("Altamirón", "Barrancón", "Casalinhas", "Dehesalba", "Espinhaço", "Fuentequilla",
         "Guijarral", "Hontaneda", "Llanoverde", "Montenégrez", "Peñalosilla", "Quintãs"),
    ),
    Part(
        ("PL", "CZ", "SK", "HU", "RO", "LT"),
        ("Europe/Warsaw", "Europe/Prague", "Europe/Bratislava", "Europe/Budapest",
         "Europe/Bucharest", "Europe/Vilnius"),
        ("Bogna", "Čeněk", "Dorottya", "Ľubica", "Gábor", "Jolanta", "Kęstutis", "Łucja", "Mădălina",
         "Nándor", "Óďa", "Přemysl", "Rūta", "Šárka", "Zbyszko", "Živa"),
        ("Brzezowski", "Čápovický", "Dąbrowierz", "Erdőhegyi", "Hradílek-Lom", "Jaworzycki",
         "Kőszeghalmi", "Lăzărești", "Nowogrodek", "Říčanský", "Szélvölgyi", "Žemaitupis"),
    ),
    Part(
        ("UA", "BG", "RS", "KZ"),
        ("Europe/Kyiv", "Europe/Sofia", "Europe/Belgrade", "Asia/Almaty"),
        ("Богдана", "Велислав", "Дарина", "Єлизар", "Златка", "Ілларіон", "Калина", "Любомир",
         "Милена", "Назар", "Орися", "Радослава", "Тимур", "Юстина"),
        ("Березолуг", "Вишнепільська", "Горобинець", "Долинянов", "Зеленогайко", "Каменарска",
         "Липовець", "Мостобрід", "Орехович", "Струмок", "Тополянска", "Яворівець"),
    ),
    Part(
        ("GR", "CY"),
        ("Europe/Athens", "Asia/Nicosia"),
        ("Αλκμήνη", "Βάιος", "Διδώ", "Ευγένιος", "Ζηνοβία", "Θάλεια", "Κλεάνθης", "Λητώ", "Νεόφυτος",
         "Ξανθή", "Πολύβιος", "Φωτεινή"),
        ("Αμπελόπετρα", "Βουνοχωρίτης", "Γαλανόλευκος", "Δασοπούλου-Ρηγή", "Ελαιώνης", "Καστροβάτης",
         "Λιθαρίτσας", "Μελισσοκήπου", "Πετραλώνης", "Χωραφάκης"),
    ),
    Part(
        ("IL",),
        ("Asia/Jerusalem",),
        ("אביטל", "בועז", "גליה", "דרור", "הילה", "זיו", "טליה", "יפתח", "כרמל", "לירז", "נגה", "שקד"),
        ("אבן־שדה", "בר־גיא", "גן־עמק", "הר־צוף", "כרמלוני", "נחל־זהב", "סלעוני", "רמת־אור"),
    ),
    Part(
        ("AE", "EG", "MA", "JO", "TN"),
        ("Asia/Dubai", "Africa/Cairo", "Africa/Casablanca", "Asia/Amman", "Africa/Tunis"),
        ("أروى", "باسل", "تالا", "جواد", "حنين", "رامي", "زينة", "سامر", "شذى", "عمران", "لمى", "نزار"),
        ("البحيري", "التلالي", "الجدولي", "الخزامي", "الرمّاني", "السنديان", "الصنوبري", "الواحاتي"),
    ),
    Part(
        ("IN", "NP"),
        ("Asia/Kolkata", "Asia/Kathmandu"),
        ("अदिति", "ईशान", "कावेरी", "गौतम", "चित्रा", "जयंत", "तारा", "देवांश", "नंदिनी", "पल्लवी", "मिहिर", "रेवती",
         "वैभव", "शालिनी"),
        ("आमराईकर", "कदंबवाडी", "गिरिवने", "चंदनपुरे", "टेकडीकर", "नदीकाठे", "पळसगावकर", "रानडोंगरे", "वनमाळेकर",
         "सागवानी"),
    ),
    Part(
        ("JP",),
        ("Asia/Tokyo",),
        ("葵", "樹", "詩織", "海斗", "和奏", "蓮", "千夏", "拓真", "七海", "陽向", "真琴", "結月"),
        ("青柳原", "石清水谷", "梅ヶ枝", "小夜川", "霞沢", "桐ヶ丘", "白樺野", "月見里山", "波多森", "雪ノ下崎"),
        True,
    ),
    Part(
        ("KR",),
        ("Asia/Seoul",),
        ("가온", "나래", "다솜", "라온", "마루", "보라", "새벽", "아람", "초롱", "하늘", "한결", "해솔"),
        ("강전", "남궁", "독고", "동방", "망절", "사공", "서문", "선우", "제갈", "황보"),
        True,
        "",
    ),
    Part(
        ("CN", "TW", "SG", "MY"),
        ("Asia/Shanghai", "Asia/Taipei", "Asia/Singapore", "Asia/Kuala_Lumpur"),
        ("安然", "柏舟", "晨曦", "丹青", "飛鴻", "谷雨", "惠風", "景行", "明澈", "清和", "思遠", "雲舒"),
        ("東郭", "公冶", "皇甫", "令狐", "南宮", "濮陽", "上官", "司徒", "宇文", "鍾離"),
        True,
        "",
    ),
    Part(
        ("VN",),
        ("Asia/Ho_Chi_Minh",),
        ("An Nhiên", "Bảo Châu", "Cẩm Tú", "Duy Khang", "Gia Hân", "Hải Đăng", "Khánh Vy", "Minh Triết",
         "Ngọc Diệp", "Phương Uyên", "Quốc Trung", "Thảo Nguyên"),
        ("Âu Dương", "Cung", "Đàm Lý", "Giáp", "Khổng", "Lục", "Mạc Đình", "Ông", "Thân", "Viên"),
        True,
    ),
    Part(
        ("NG", "GH", "KE", "ZA", "ET", "RW"),
        ("Africa/Lagos", "Africa/Accra", "Africa/Nairobi", "Africa/Johannesburg",
         "Africa/Addis_Ababa", "Africa/Kigali"),
        ("Abẹ̀bí", "Chidera", "Ẹniọlá", "Fikile", "Gatete", "Hiwot", "Kwabena", "Lindiwe", "Nyokabi",
         "Ọláyẹmí", "Sipho", "Tadesse", "Wairimũ", "Yaa"),
        ("Adégúnlọ́lá", "Boakye-Asim", "Dlaminithi", "Ezeogalu", "Gebreselam", "Kamaurungu",
         "Mokgosabe", "Nkundimana", "Ọdẹ́táyọ̀", "Sarpongmaa", "Wanjohera"),
    ),
    Part(
        ("NZ", "AU", "FJ", "WS"),
        ("Pacific/Auckland", "Australia/Sydney", "Australia/Perth", "Pacific/Fiji", "Pacific/Apia"),
        ("Aroha", "Bronte", "Hēmi", "Kahurangi", "Lachie", "Mahina", "Ngaio", "Sefina", "Tāne", "Wiremu"),
        ("Arapūkeko", "Bluegumley", "Kōwhaiora", "Māpouriki", "Saltbushton", "Talanoavale",
         "Te Pūhāwai", "Tītokiroa", "Wattlebrook"),
    ),
    Part(
        ("US",),
        ("Pacific/Honolulu", "America/Anchorage", "America/Denver"),
        ("Alakaʻi", "Haunani", "Iolana", "Kaleo", "Leimomi", "Makoa", "Nohea", "Pualani"),
        ("Kahalewai", "Kaʻohukai", "Keliʻimoana", "Nāpuakea", "Pōhakunui", "Snowbunting-Lee"),
    ),
)  # fmt: skip

BEGINNINGS = (
    "Ald", "Bram", "Corv", "Dun", "Elsk", "Fenn", "Garr", "Holm", "Ings", "Kels", "Lorn", "Mirk",
    "Nord", "Ostr", "Pell", "Quen", "Rask", "Selv", "Torv", "Ulf", "Verd", "Welk", "Yarr", "Zell",
)  # fmt: skip
ENDINGS = (
    "wick", "aberg", "enford", "mere", "holt", "stad", "aville", "edal", "haven", "minster",
    "brook", "sund", "amouth", "field", "egrund", "ovar", "ino",
)  # fmt: skip

# What a body of each kind is called after its place, and what it does.
BODIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "company": (
        ("{} Systems", "Ltd", "Software services"),
        ("{} Robotics", "AB", "Robotics"),
        ("{} Semiconductors", "GmbH", "Semiconductors"),
        ("{} Health", "Inc.", "Health technology"),
        ("{} Cloud", "LLC", "Cloud services"),
        ("{} Energy Data", "S.A.", "Energy"),
        ("{} Mobility", "S.r.l.", "Transport"),
    ),
    "university": (
        ("University of {}", "", "Higher education"),
        ("{} Polytechnic", "", "Higher education"),
    ),
    "research": (
        ("{} Institute for Computing", "", "Research"),
        ("{} Laboratory", "", "Research"),
    ),
    "public": (
        ("{} Standards Office", "", "Standards"),
        ("{} Statistics Service", "", "Statistics"),
    ),
    "nonprofit": (
        ("{} Open Data Trust", "Foundation", "Open data"),
        ("{} Schools Network", "e.V.", "Education"),
    ),
}
KINDS = ("company",) * 6 + ("university",) * 4 + ("research", "public", "nonprofit")

# What groups are about, and the focus area of each.
SUBJECTS = (
    ("Speech in noise", "models-and-data"),
    ("Medical images", "safety"),
    ("Tutoring", "education"),
    ("Weather and floods", "climate"),
    ("Power grids", "climate"),
    ("Public services", "policy"),
    ("Code assistants", "tools-and-agents"),
    ("Agent protocols", "tools-and-agents"),
    ("Small devices", "hardware"),
    ("Accelerators", "hardware"),
    ("Low-resource languages", "models-and-data"),
    ("Training data", "models-and-data"),
    ("Red teaming", "safety"),
    ("Misuse reports", "safety"),
    ("Privacy", "safety"),
    ("School curricula", "education"),
    ("Vocational training", "education"),
    ("Procurement", "policy"),
    ("Consultations", "policy"),
    ("Crop and soil", "social-good"),
    ("Disaster response", "social-good"),
    ("Accessibility", "social-good"),
    ("Chemistry and materials", "climate"),
    ("Maps and satellites", "climate"),
    ("Retrieval", "tools-and-agents"),
    ("Model formats", "tools-and-agents"),
    ("Energy use", "hardware"),
    ("Translation", "models-and-data"),
    ("Museums and archives", "social-good"),
    ("Courts and law", "policy"),
    ("Maritime transport", "hardware"),
    ("Clinical trials", "safety"),
)
ASPECTS = (
    "shared tests", "data formats", "reporting", "reference tools", "terms and definitions",
    "field trials", "incident exchange", "teaching material", "conformance", "cost and energy",
    "human oversight",
)  # fmt: skip

TITLES = (
    "Engineer", "Research lead", "Counsel", "Professor", "Programme manager", "Data steward",
    "Standards officer", "Doctoral student", "Head of evaluation", "Teacher", "Analyst", "",
)  # fmt: skip
