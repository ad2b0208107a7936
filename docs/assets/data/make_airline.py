"""Rebuild `airline.csv` and its record from the package sktime.

Run `python docs/assets/data/make_airline.py` from anywhere.
"""

from making import member_of, write

PACKAGE, VERSION = "sktime", "1.2.0"
MEMBER = "sktime/datasets/data/Airline/Airline.csv"
MEMBER_SHA256 = (
    "28af0eb869db6d9fbd31d5af03993a0cbf36c0857c3eb046a068c094b60da851"
)


def main() -> None:
    """Keep the table, with names in small letters and one line ending."""
    table = member_of(PACKAGE, VERSION, MEMBER, MEMBER_SHA256).decode()
    header, *rows = table.split()
    if header != "Date,Passengers":
        raise ValueError(f"{MEMBER}: the columns are {header}")
    content = "\n".join(["month,passengers", *rows, ""]).encode()
    record = {
        "title": "Airline passengers: monthly totals in thousands",
        "rows": len(rows),
        "unit": "1,000 passengers",
        "source": f"PyPI package {PACKAGE} {VERSION}, file {MEMBER}",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": "the columns' names in small letters",
        "license": "BSD-3-Clause",
        "license_url": "https://github.com/sktime/sktime/blob/main/LICENSE",
        "copyright": "© 2019 - present, the sktime developers",
        "citation": "Box GEP, Jenkins GM (1976). Time Series Analysis: "
        "Forecasting and Control. Holden-Day. Series G.",
    }
    write("airline.csv", content, record)


if __name__ == "__main__":
    main()
