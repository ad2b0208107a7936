"""The loops read and write their operands only, and stay within C's rules."""

import shutil
import subprocess

import pytest

COMMON = ["-O1", "-g", "-std=c11", "-Wno-unused-function"]
CHECKS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


@pytest.mark.parametrize("memory", ["with an allocator", "without memory"])
def test_sanitizers_find_nothing(root, tmp_path, memory):
    # The compiler from PyPI has no address sanitizer.
    compiler = shutil.which("clang") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs clang or gcc on the PATH for their sanitizers")
    program = tmp_path / "sanitize"
    flags = ["-DNO_MEMORY"] if memory == "without memory" else []
    source = root / "site_tests/fast/sanitize.c"
    built = subprocess.run(
        [compiler, *COMMON, *CHECKS, *flags, f"-I{root / 'src/fast_loops'}",
         str(source), "-o", str(program), "-lm"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    done = subprocess.run([str(program)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert done.stdout == "clean\n"
