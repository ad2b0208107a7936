"""Rebuild `movie_reviews.tsv.gz` and its record from vaderSentiment.

Run `python docs/assets/data/make_movie_reviews.py` from anywhere.
"""

import gzip
import io
import tarfile

from making import checked, read_member, source_of, write

PACKAGE, VERSION = "vaderSentiment", "3.3.2"
SDIST_SHA256 = (
    "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
)
ARCHIVE = "additional_resources/hutto_ICWSM_2014.tar.gz"
MEMBER = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
MEMBER_SHA256 = (
    "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350"
)


def fetch() -> str:
    """Take the table out of the archive inside the archive."""
    with source_of(PACKAGE, VERSION, SDIST_SHA256) as outer:
        content = read_member(outer, f"{PACKAGE}-{VERSION}/{ARCHIVE}")
    with tarfile.open(fileobj=io.BytesIO(content)) as inner:
        content = read_member(inner, MEMBER)
    return checked(MEMBER, content, MEMBER_SHA256).decode("utf-8")


def main() -> None:
    """Keep the rating, to two digits, and the text of every row."""
    lines = []
    for row in fetch().strip().split("\n"):
        _, rating, text = row.split("\t")
        lines.append(f"{float(rating):.2f}\t{' '.join(text.split())}\n")
    content = gzip.compress("".join(lines).encode(), 9, mtime=0)
    record = {
        "title": "Sentences of movie reviews, rated from -4 to 4",
        "rows": len(lines),
        "source": f"PyPI package {PACKAGE} {VERSION}, {ARCHIVE}, file "
        f"{MEMBER}; the sentences are those of Pang and Lee's sentence "
        "polarity set",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": "ratings to two digits, numbers of the rows left out, "
        "white space folded",
        "split": "every tenth row to test with, the others to train on; the "
        "rows come roughly positive first",
        "license": "MIT",
        "license_url": "https://github.com/cjhutto/vaderSentiment/blob/master/"
        "LICENSE.txt",
        "copyright": "© 2016 C.J. Hutto; the sentences are quotes from reviews",
        "citation": "Hutto CJ, Gilbert E (2014). VADER: A Parsimonious "
        "Rule-based Model for Sentiment Analysis of Social Media Text. ICWSM. "
        "Pang B, Lee L (2005). Seeing stars. ACL.",
    }
    write("movie_reviews.tsv.gz", content, record)


if __name__ == "__main__":
    main()
