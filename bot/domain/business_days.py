"""Days on which business is done: Monday to Friday without the holidays of a country and region.

Municipal holidays are not known, and a Saturday never counts: a customer's window can only come
out longer by that.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from bot.domain.orders import Address

_SATURDAY = 5

# The first two digits of a Spanish postcode are the province; here its autonomous community.
_COMMUNITIES = {
    "AN": "04 11 14 18 21 23 29 41",
    "AR": "22 44 50",
    "AS": "33",
    "CB": "39",
    "CE": "51",
    "CL": "05 09 24 34 37 40 42 47 49",
    "CM": "02 13 16 19 45",
    "CN": "35 38",
    "CT": "08 17 25 43",
    "EX": "06 10",
    "GA": "15 27 32 36",
    "IB": "07",
    "MC": "30",
    "MD": "28",
    "ML": "52",
    "NC": "31",
    "PV": "01 20 48",
    "RI": "26",
    "VC": "03 12 46",
}
_COMMUNITY_OF_POSTCODE = {
    prefix: code for code, prefixes in _COMMUNITIES.items() for prefix in prefixes.split()
}

# What customers and shops write in the field of the region, folded, where `holidays` does not
# know the name itself: provinces, other languages, longer official names.
_NAMES = {
    "ES": {
        "AN": "almeria cadiz cordoba granada huelva jaen malaga sevilla",
        "AR": "huesca teruel zaragoza",
        "AS": "principado-de-asturias asturies oviedo gijon",
        "CB": "santander",
        "CL": "avila burgos leon palencia salamanca segovia soria valladolid zamora",
        "CM": "albacete ciudad-real cuenca guadalajara toledo castilla-la-mancha",
        "CN": "las-palmas santa-cruz-de-tenerife tenerife islas-canarias gran-canaria",
        "CT": "barcelona girona gerona lleida lerida tarragona",
        "EX": "badajoz caceres",
        "GA": "a-coruna la-coruna coruna lugo ourense orense pontevedra galiza",
        "IB": "baleares balears illes-balears mallorca menorca ibiza eivissa palma",
        "MC": "region-de-murcia cartagena",
        "MD": "comunidad-de-madrid",
        "NC": "nafarroa comunidad-foral-de-navarra pamplona iruna",
        "PV": "euskadi pais-vasco alava araba bizkaia vizcaya gipuzkoa guipuzcoa bilbao"
        " vitoria-gasteiz donostia san-sebastian",
        "RI": "rioja logrono",
        "VC": "valencia alicante alacant castellon castello comunidad-valenciana"
        " comunitat-valenciana pais-valenciano",
    },
    "CL": {"RM": "santiago metropolitana region-metropolitana", "BI": "bio-bio concepcion"},
    "AR": {"C": "caba capital-federal", "B": "provincia-de-buenos-aires"},
}


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The calendar of a place; a region that is not known leaves the country's own holidays."""

    country: str
    region: str | None = None

    @property
    def subdivision(self) -> str | None:
        """The region's code in ISO 3166-2 without the country; None when it is not known."""
        return subdivision_of(self.country, self.region)

    def is_business_day(self, day: date) -> bool:
        """Whether business is done on a day."""
        if day.weekday() >= _SATURDAY:
            return False
        return day not in _holidays(self.country.upper(), self.subdivision, day.year)

    def add(self, day: date, count: int) -> date:
        """The last of so many business days; the first is the next one after `day`."""
        while count > 0:
            day += timedelta(days=1)
            if self.is_business_day(day):
                count -= 1
        return day


def region_of(address: Address) -> str | None:
    """The region of an address in a form that `BusinessDays` understands, as far as it tells.

    A Spanish postcode is surer than what stands in the field of the region.
    """
    code = address.postal_code.strip()
    if address.country.upper() == "ES" and len(code) == 5 and code.isascii() and code.isdigit():
        community = _COMMUNITY_OF_POSTCODE.get(code[:2])
        if community is not None:
            return community
    for name in (address.region, address.city):
        if name and subdivision_of(address.country, name) is not None:
            return name
    return address.region


@lru_cache(maxsize=1024)
def subdivision_of(country: str, region: str | None) -> str | None:
    """The code of a region written in free text ("Barcelona", "País Vasco", "CT", "ES-CT").

    Returns:
        The part of ISO 3166-2 after the country, or None when the name is not known.
    """
    if region is None:
        return None
    country = country.upper()
    wanted = _folded(region).removeprefix(f"{country.lower()}-")
    return _subdivisions(country).get(wanted)


@lru_cache(maxsize=64)
def _subdivisions(country: str) -> dict[str, str]:
    names: dict[str, str] = {}
    entity = getattr(holidays, country, None) if len(country) == 2 else None
    if entity is not None:
        # A city of its own among Spain's communities ("Barcelona") is its community to us.
        codes = {code for code in entity.subdivisions if len(code) <= 3}
        names |= {_folded(code): code for code in codes}
        aliases: dict[str, str] = getattr(entity, "subdivisions_aliases", {})
        names |= {_folded(name): code for name, code in aliases.items() if code in codes}
    for code, written in _NAMES.get(country, {}).items():
        names |= dict.fromkeys(written.split(), code)
    return names


# Built whole for one year and never changed: the library's own object fills itself while it is
# asked, which two threads must not see.
@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:  # a country that the library does not know
        return frozenset()


def _folded(name: str) -> str:
    """Without accents and case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(letters.split())
