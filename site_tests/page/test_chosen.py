"""Files of the reader's own, as the page's worker leaves them."""

from tutorial_kernels.page import chosen, chosen_file


def test_a_file_is_there_or_not(tmp_path, monkeypatch):
    assert chosen_file("own") is None  # no page, no field
    monkeypatch.setattr(chosen, "_FOLDER", tmp_path)
    assert chosen_file("own") is None
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "name").write_text("mine.safetensors")
    (tmp_path / "own" / "content").write_bytes(b"\x01\x02")
    assert chosen_file("own") == ("mine.safetensors", b"\x01\x02")
    assert chosen_file("other") is None
    (tmp_path / "own" / "name").write_text("")  # taken out again
    assert chosen_file("own") is None
