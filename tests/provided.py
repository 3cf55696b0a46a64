"""One row of each provider's files, made by hand, and how rows become lines of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

ICEWS = {
    "Event ID": "1",
    "Event Date": "2018-06-01",
    "Source Name": "Military (Russia)",
    "Source Sectors": "Military,Government",
    "Source Country": "Russia",
    "CAMEO Code": "193",
    "Intensity": "-10",
    "Target Name": "Ukraine",
    "Target Country": "Ukraine",
    "Story ID": "5",
    "Sentence Number": "2",
    "Publisher": "Some Paper",
    "City": "Donetsk",
    "Country": "Ukraine",
    "Latitude": "48.0",
    "Longitude": "37.8",
}
GDELT = {
    "GLOBALEVENTID": "7",
    "SQLDATE": "20200101",
    "Actor1Code": "ROMGOV",
    "Actor1Name": "BUCHAREST",
    "Actor1CountryCode": "ROM",
    "Actor1Type1Code": "GOV",
    "Actor2Code": "SRB",
    "Actor2Name": "SERBIA",
    "Actor2CountryCode": "SRB",
    "EventCode": "0312",
    "QuadClass": "1",
    "NumSources": "3",
    "ActionGeo_FullName": "Kinshasa",
    "ActionGeo_CountryCode": "CG",
    "ActionGeo_Lat": "-4.3",
    "ActionGeo_Long": "15.3",
    "DATEADDED": "20200102120000",
    "SOURCEURL": "https://www.paper.example/a",
}
POLECAT = {
    "Event ID": "p1",
    "Event Date": "2023-05-04",
    "Event Type": "CONSULT",
    "Event Mode": "visit",
    "Contexts": "diplomatic;executive",
    "Actor Name": "Xi Jinping",
    "Actor Country": "CHN",
    "Primary Actor Sector": "GOV",
    "Recipient Name": "Russia",
    "Recipient Country": "RUS",
    "City": "Moscow",
    "Country": "RUS",
    "GeoNames ID": "524901",
    "Publication Date": "2023-05-05",
    "Version": "v1",
}
ACLED = {
    "event_id_cnty": "MLI1",
    "event_date": "2022-03-14",
    "year": "2022",
    "time_precision": "2",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Mali (2020-)",
    "inter1": "State forces",
    "actor2": "Unidentified Armed Group (Mali)",
    "inter2": "Political militia",
    "country": "Mali",
    "location": "Gao",
    "latitude": "16.2",
    "longitude": "-0.04",
    "notes": 'They said, "no".\nThen it ended.',
    "timestamp": "1648000000",
}
UCDP = {
    "id": "99",
    "year": "2014",
    "type_of_violence": "3",
    "side_a": "Government of Sudan",
    "gwnoa": "625",
    "side_b": "Civilians",
    "country": "Sudan",
    "date_start": "2014-05-02",
    "date_end": "2014-05-20",
    "where_coordinates": "Nyala",
    "latitude": "12.0",
    "longitude": "24.9",
    "best": "4",
    "low": "4",
}


def line(columns: Sequence[str], values: Mapping[str, str], mark: str = "\t", **changed: str) -> str:
    told = {**values, **{name.replace("_", " ") if mark == "\t" else name: v for name, v in changed.items()}}
    cells = [told.get(name, "") for name in columns]
    return mark.join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in cells) if mark == "," else mark.join(cells)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
