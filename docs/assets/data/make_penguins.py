"""Rebuild `penguins.csv` and its record from the package palmerpenguins.

Run `python docs/assets/data/make_penguins.py` from anywhere. pip fetches the
package from the registry it is set up for; nothing is installed.
"""

import csv
import io

from making import member_of, write

PACKAGE, VERSION = "palmerpenguins", "0.1.6"
MEMBER = "palmerpenguins/data/penguins.csv"
MEMBER_SHA256 = (
    "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"
)
MEASURES = (
    "bill_length_mm",
    "bill_depth_mm",
    "flipper_length_mm",
    "body_mass_g",
)


def cut_table(content: bytes) -> tuple[str, int]:
    """Keep the four measures and the species of every complete row."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([*MEASURES, "species"])
    dropped = 0
    for row in rows:
        values = [row[name] for name in MEASURES]
        if "NA" in values:
            dropped += 1
            continue
        writer.writerow([*values, row["species"]])
    return table.getvalue(), dropped


def main() -> None:
    """Write the table and, beside it, where it comes from."""
    content = member_of(PACKAGE, VERSION, MEMBER, MEMBER_SHA256)
    table, dropped = cut_table(content)
    record = {
        "title": "Palmer penguins: four measures and the species",
        "rows": table.count("\n") - 1,
        "source": f"PyPI package {PACKAGE} {VERSION}, file {MEMBER}",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": f"kept five of eight columns, dropped {dropped} rows"
        " without measures",
        "license": "CC0-1.0",
        "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "citation": "Gorman KB, Williams TD, Fraser WR (2014). Ecological"
        " sexual dimorphism and environmental variability within a community"
        " of Antarctic penguins (genus Pygoscelis). PLoS ONE 9(3): e90081."
        " https://doi.org/10.1371/journal.pone.0090081",
    }
    write("penguins.csv", table.encode("utf-8"), record)


if __name__ == "__main__":
    main()
