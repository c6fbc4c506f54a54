"""Who the demo's families are: given names and years of birth, adults first, then children after a semicolon.

Invented people. A surname before a slash is that of people whose household is called otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from .market import LAST_DAY
from .people import Firm

SUMMIT: Final[Mapping[str, str]] = {
    "H-0001": "Eleanor 1948 James 1946 ; Ruth 1979 Clara 2008",
    "H-0002": "Marco 1947 Giulia 1950 ; Paolo 1978 Francesca 1981",
    "H-0003": "Anil 1974 Meera 1977 ; Rohan 2005",
    "H-0004": "Pieter 1944 Marijke 1947 ; Bram 1972 Saskia 1975",
    "H-0005": "Maureen 1951 Declan 1949 ; Aoife 1980",
    "H-0006": "Grant 1962 Paula 1965 ; Simon 2004",
    "H-0007": "Nils 1958 Solveig 1960 ; Kari 1989",
    "H-0008": "Rory 1953 Mairead 1955 ; Conor 1984",
    "H-0009": "Samir 1969 Leila 1972 ; Yasmin 2003",
    "H-0010": "Gunnar 1934 Birgit 1938 ; Anders 1963 Elin 1966",
    "H-0011": "Dana 1961 Walter 1959 ; Hope 1990",
    "H-0012": "Kenji 1957 Naoko 1959 ; Haruto 1988",
    "H-0013": "Constance 1943 Hugh 1941 ; Philippa 1970",
    "H-0014": "Saki 1991",
    "H-0015": "Karl 1973 Ida 1976 ; Theo 2009 Freya 2011",
    "H-0016": "Vera 1975 Pavel 1971",
    "H-0017": "Carlos 1961 Isabel 1964 ; Lucia 2006 Mateo 2000",
    "H-0018": "Henri 1946 Odile 1949 ; Etienne 1977",
    "H-0019": "Edith 1939",
    "H-0020": "Hiroshi 1970 Aya 1973",
    "H-0021": "Adil 1980 Zoya 1983",
    "H-0022": "Fergus 1955 Nuala 1957 ; Orla 1986",
    "H-0023": "Marguerite 1950 Luc 1948 ; Camille 1979",
    "H-0024": "Bjorn 1966 Tone 1968",
    "H-0025": "Joseph 1982 Wanjiru 1984 ; Amani 2014",
    "H-0026": "Carmen 1985 Diego 1983",
    "H-0027": "Arthur 1945 Beatrice 1948 ; Oliver 1976",
    "H-0028": "Wei 1967 Min 1969 ; Lily 2007",
    "H-0029": "Jutta 1956 Dieter 1953",
    "H-0030": "Paulo 1964 Teresa 1966",
    "H-0031": "Pia 1988",
    "H-0032": "Liam 1951 Maeve 1954 ; Sean 1983",
    "H-0033": "Gina 1976 Enzo 1974",
    "H-0034": "Olof 1949 Astrid 1952 ; Maja 1980",
    "H-0035": "Helen 1947",
    "H-0036": "Ernst 1940 Lotte 1944 ; Klaus 1969 Heidi 1971",
    "H-0037": "Sefu 1979 Neema 1981",
    "H-0038": "Alonso 1968 Marisol 1970",
    "H-0039": "Ruth 1963 Daniel 1961 ; Noa 1995",
    "H-0040": "Niall 1977 Aisling 1979",
}
HARBOR: Final[Mapping[str, str]] = {
    "H-0001": "Bola 1971 Femi 1973 ; Zara 2010",
    "H-0002": "Chidi 1968 Ngozi 1970",
    "H-0003": "Marsh/ Alistair 1942 Rosalind 1945 ; Edmund 1973",
    "H-0004": "Jo 1972",
    "H-0005": "Claire 1960 Luc 1957 ; Margaux 1990",
    "H-0006": "Holloway/ Miriam 1950 Saul 1947",
    "H-0007": "Harriet 1966 Piers 1964",
    "H-0008": "Elena 1963 Tomas 1960 ; Nico 1993",
    "H-0009": "Lise 1955 Per 1952",
    "H-0010": "Ravi 1975 Anjali 1978 ; Tara 2008",
    "H-0011": "Stefan 1945 Halina 1948 ; Marek 1974",
    "H-0012": "Ashdown/ Victor 1965 Simone 1968",
    "H-0013": "Thabo 1967 Lindiwe 1970 ; Naledi 2006",
    "H-0014": "Petra 1984 Jakub 1982",
    "H-0015": "Edward 1969 Imogen 1972 ; Rose 2000 Hugh 2005",
    "H-0016": "Alma 1981",
    "H-0017": "Dara 1976 Shirin 1979",
    "H-0018": "Jens 1954 Kirsten 1957",
    "H-0019": "Masao 1943 Fumiko 1946 ; Emi 1975",
    "H-0020": "Greta 1962 Otto 1959",
    "H-0021": "Ada 1949",
    "H-0022": "Winthrop/ Charles 1948 Lydia 1951",
    "H-0023": "Eleni 1964 Nikos 1961",
    "H-0024": "Deniz 1990",
    "H-0025": "Ursula 1951 Beat 1949 ; Regula 1980",
    "H-0026": "Iris 1977 Martin 1975 ; Noel 2009",
    "H-0027": "Kit 1980 Rowan 1981",
    "H-0028": "Nora 1958 Patrick 1956",
    "H-0029": "Gerald 1944 Sylvia 1947 ; Fiona 1973",
    "H-0030": "Tess 1993",
}
BIRTHS: Final[Mapping[tuple[Firm, str], date]] = {
    ("summit", "Mateo Vasquez"): date(2000, 4, 23),
    ("harbor", "Rose Pemberton"): date(2000, 2, 14),
}
"""Birth dates on which a story depends; the others are drawn."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a family."""

    external_id: str
    given: str
    family: str
    born: date
    is_child: bool
    """A child of the household's adults, of whatever age."""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def is_minor(self) -> bool:
        """Not yet eighteen on the demo clock."""
        return self.born > LAST_DAY.replace(year=LAST_DAY.year - 18)


def surname(household_name: str) -> str:
    """ "Gallagher, R. and M." are the Gallaghers, the "Jansen Trust" is the Jansens'."""
    return household_name.partition(" ")[0].rstrip(",")


def family_of(firm: Firm, household_id: str, household_name: str) -> list[Person]:
    """The people of a household, adults first; the same every time."""
    words = (SUMMIT if firm == "summit" else HARBOR)[household_id].split()
    family = words.pop(0).rstrip("/") if words[0].endswith("/") else surname(household_name)
    chance = random.Random(f"people/{firm}/{household_id}")  # noqa: S311
    people: list[Person] = []
    is_child = False
    while words:
        given = words.pop(0)
        if given == ";":
            is_child = True
            continue
        born = date(int(words.pop(0)), chance.randrange(1, 13), chance.randrange(1, 29))
        born = BIRTHS.get((firm, f"{given} {family}"), born)
        key = f"C-{household_id.removeprefix('H-')}-{len(people) + 1}"
        people.append(Person(key, given, family, born, is_child))
    return people
