"""What the page gets is what the sources make, byte for byte."""

import gzip

import pytest

LARGEST = 8 * 1024
IMPORTED = {
    "malloc", "free", "memory", "__indirect_function_table", "__memory_base",
    "__table_base", "__stack_pointer",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["simd", "relaxed"])
def test_the_library_of_the_page_can_be_built_again(kind, build, tmp_path):
    again = tmp_path / "again.wasm"
    build.build_wasm(kind, again)
    assert again.read_bytes() == build.wasm_path(kind).read_bytes(), (
        "run python src/fast_loops/build.py"
    )


def test_the_record_is_up_to_date(build):
    assert build.RECORD.read_text(encoding="utf-8") == build.record()


@pytest.mark.parametrize("kind", ["simd", "relaxed"])
def test_a_library_is_small(kind, build):
    content = build.wasm_path(kind).read_bytes()
    assert len(gzip.compress(content)) <= LARGEST


@pytest.mark.parametrize("kind", ["simd", "relaxed"])
def test_the_decision_tells_its_size(kind, build, root):
    size = build.wasm_path(kind).stat().st_size
    text = root / "docs/about/decisions/0008-compiled-loops.md"
    assert f"{size / 1000:.0f} KB each" in text.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["simd", "relaxed"])
def test_a_library_asks_for_nothing_but_memory(kind, build):
    content = build.wasm_path(kind).read_bytes()
    assert set(imports(content)) <= IMPORTED


def imports(module):
    """The names in the import section (number 2) of a WebAssembly module."""
    at, end = 8, len(module)
    while at < end:
        section, at = module[at], at + 1
        size, at = _number(module, at)
        if section == 2:
            return list(_names(module, at))
        at += size
    return []


def _names(module, at):
    count, at = _number(module, at)
    for _ in range(count):
        _, at = _text(module, at)
        name, at = _text(module, at)
        yield name
        kind, at = module[at], at + 1
        if kind == 0:  # a function: its type
            _, at = _number(module, at)
        elif kind == 3:  # a global: its type and whether it changes
            at += 2
        else:  # a table (with its type) or a memory: the limits
            at += kind == 1
            has_most, at = module[at], at + 1
            _, at = _number(module, at)
            if has_most & 1:
                _, at = _number(module, at)


def _number(module, at):
    """An unsigned LEB128 number and what follows it."""
    value = shift = 0
    while True:
        byte, at = module[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _text(module, at):
    size, at = _number(module, at)
    return module[at : at + size].decode(), at + size
