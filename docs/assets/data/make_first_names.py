"""Rebuild `first_names.txt` and its record from the package names.

Run `python docs/assets/data/make_first_names.py` from anywhere.
"""

from making import read_member, source_of, write

PACKAGE, VERSION = "names", "0.3.0"
SDIST_SHA256 = (
    "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671"
)


def main() -> None:
    """Keep each name once, in small letters and in the alphabet's order."""
    names: set[str] = set()
    with source_of(PACKAGE, VERSION, SDIST_SHA256) as archive:
        for part in ("female", "male"):
            path = f"{PACKAGE}-{VERSION}/names/dist.{part}.first"
            lines = read_member(archive, path).decode("ascii").splitlines()
            names |= {line.split()[0].lower() for line in lines}
    content = "\n".join([*sorted(names), ""]).encode()
    record = {
        "title": "First names of the United States Census of 1990",
        "rows": len(names),
        "source": f"PyPI package {PACKAGE} {VERSION}, files dist.female.first "
        "and dist.male.first",
        "source_version": VERSION,
        "source_sha256": SDIST_SHA256,
        "changes": "both files in one, each name once, small letters, "
        "frequencies left out, sorted",
        "license": "public domain",
        "license_url": "https://www.census.gov/topics/population/genealogy/"
        "data/1990_census.html",
        "citation": "U.S. Census Bureau (1990). Frequently occurring first "
        "names.",
    }
    write("first_names.txt", content, record)


if __name__ == "__main__":
    main()
