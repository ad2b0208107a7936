"""Builds the loops: for the page (WebAssembly) and for this machine.

    python src/fast_loops/build.py          # what the page gets, recorded
    python src/fast_loops/build.py native   # for fast.install() in CPython

The compiler is the one in the Python package ``ziglang``, at the version that
constraints.txt pins: it gives the same bytes on every machine. What the page
gets is committed, so that ``make serve`` needs no compiler; a test builds it
again and compares.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "tutorial_kernels" / "fast"
RECORD = HERE / "built.sha256"
SOURCES = (
    "matmul.c", "extremes.c", "arithmetic.c", "unary.c", "pooling.c",
)  # fmt: skip

FLAGS = [
    # -O3 is no faster and a quarter larger.
    "-std=c11", "-Os", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden",
    # NumPy looks at no errno, and every machine is to round alike.
    "-fno-math-errno", "-ffp-contract=off", "-fPIC",
]  # fmt: skip
WASM_FLAGS = [
    "-target", "wasm32-emscripten", "-ffreestanding", "-fno-builtin",
    "-fno-sanitize=all",
]  # fmt: skip
# The processor features of each library; WebAssembly has no later test for
# them: a browser without one does not accept the file.
WASM = {
    "simd": "generic+simd128+bulk_memory",
    "relaxed": "generic+simd128+bulk_memory+relaxed_simd",
}


def build_wasm(
    kind: str, target: Path, sources: Sequence[str] = SOURCES
) -> None:
    """Writes the dynamic library that Pyodide's linker opens.

    Args:
        kind: ``"simd"`` or ``"relaxed"``, a key of `WASM`.
        target: The file to write.
        sources: What it is made of: files of this folder, or whole paths.

    Raises:
        subprocess.CalledProcessError: The compiler or the linker failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for source in sources:
            object_ = str(Path(folder, Path(source).stem + ".o"))
            features = [f"-mcpu={WASM[kind]}", f"-I{HERE}"]
            _zig("cc", *FLAGS, *WASM_FLAGS, *features, "-c", source,
                 "-o", object_)  # fmt: skip
            objects.append(object_)
        _zig("wasm-ld", "-shared", "--experimental-pic", "--strip-all",
             *objects, "-o", str(target))  # fmt: skip
    target.chmod(0o644)  # no program: the page's Python opens it


def build_native(target: Path) -> None:
    """Writes the shared library for this machine's CPython.

    Args:
        target: The file to write.

    Raises:
        subprocess.CalledProcessError: The compiler failed.
    """
    _zig("cc", *FLAGS, "-shared", *SOURCES, "-lm", "-o", str(target))


def record() -> str:
    """Returns the hashes of the sources and of what was made from them."""
    sources = [*HERE.glob("*.[ch]"), *HERE.glob("*.inc"), Path(__file__)]
    made = [wasm_path(kind) for kind in WASM]
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in [*sorted(sources), *made]
    )


def wasm_path(kind: str) -> Path:
    """Returns where a library of the page lies."""
    return PACKAGE / f"loops_{kind}.wasm"


def main() -> None:
    """Builds what the command line asks for."""
    if sys.argv[1:] == ["native"]:
        build_native(PACKAGE / "loops_native.so")
        return
    for kind in WASM:
        build_wasm(kind, wasm_path(kind))
    RECORD.write_text(record(), encoding="utf-8")


def _zig(*arguments: str) -> None:
    command = [sys.executable, "-m", "ziglang", *arguments]
    subprocess.run(command, cwd=HERE, check=True)


if __name__ == "__main__":
    main()
