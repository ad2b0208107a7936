"""What reader and writer of safetensors files must agree on."""

import reprlib
from collections.abc import Mapping

# What each dtype's bytes are to NumPy, in the order in which the
# reference writer lays tensors out.
STORED_AS = {
    "U64": "<u8",
    "I64": "<i8",
    "F64": "<f8",
    "F32": "<f4",
    "U32": "<u4",
    "I32": "<i4",
    "BF16": "<u2",  # its bits: NumPy has no such dtype
    "F16": "<f2",
    "U16": "<u2",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|b1",
}
WRITTEN_AS = {
    stored: name for name, stored in STORED_AS.items() if name != "BF16"
}
LAYOUT = list(STORED_AS)

HEADER_LIMIT = 100_000_000  # bytes, the reference reader's
METADATA = "__metadata__"

brief = reprlib.Repr(maxstring=100, maxother=100, maxlist=8).repr


class SafetensorsError(ValueError):
    """The bytes are no safetensors file, or the tensors make none."""


def checked_texts(texts: object) -> dict[str, str]:
    """Checks the metadata, on the way in and on the way out."""
    if not isinstance(texts, Mapping):
        raise SafetensorsError(
            f"{METADATA} is {brief(texts)}, expected texts under names"
        )
    for name, text in texts.items():
        for part in (name, text):
            if not isinstance(part, str):
                raise SafetensorsError(
                    f"{METADATA} holds {brief(part)}, expected only strings"
                )
            check_encodable(part)
    return dict(sorted(texts.items()))


def check_encodable(text: str) -> None:
    """Refuses half a surrogate pair, which UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SafetensorsError(
            f"{brief(text)} holds half a surrogate pair"
        ) from None
