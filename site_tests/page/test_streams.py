"""Printed text arrives in order, soon, and in batches of bounded size."""

import random
import time

from tutorial_kernels.page.streams import LARGEST_BATCH, OrderedOutput


def test_order_of_stdout_stderr_and_displays(session, recorder):
    session.run(
        "import sys\nfrom tutorial_kernels.page import current_sink\n"
        "print('a'); print('b', file=sys.stderr); print('c', end='')\n"
        "current_sink().display({'text/plain': 'd'}, None)\n"
        "print('e')\n'f'",
        "a",
    )
    flat = [
        (call[1], call[2]) if call[0] == "text" else call[1]["text/plain"]
        for call in recorder.calls
    ]
    joined = []
    for entry in flat:
        if joined and isinstance(entry, tuple) and joined[-1][0] == entry[0]:
            joined[-1] = (entry[0], joined[-1][1] + entry[1])
        else:
            joined.append(entry)
    assert joined == [
        ("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c"), "d", ("stdout", "e\n'f'\n"),
    ]  # fmt: skip


def test_a_random_mix_keeps_its_order(session, recorder):
    source = ["import sys, time"]
    chance = random.Random(7)
    expected = []
    for number in range(400):
        stream = chance.choice(["stdout", "stderr"])
        text = chance.choice([f"{number}", f"{number}\n", f"{number}\n\n"])
        source.append(f"sys.{stream}.write({text!r})")
        if number % 97 == 0:
            source.append("time.sleep(0.06); sys.stdout.flush()")
        expected.append((stream, text))
    source.append("None")
    assert session.run("\n".join(source), "mix").status == "ok"
    assert _characters(recorder.of("text")) == _characters(expected)


def test_100_000_lines_are_cheap(session, recorder):
    start = time.perf_counter()
    session.run("for i in range(100_000): print(i)", "many")
    seconds = time.perf_counter() - start
    calls = recorder.of("text")
    assert recorder.printed() == "".join(f"{i}\n" for i in range(100_000))
    assert max(len(text) for _, text in calls) <= LARGEST_BATCH
    assert (
        len(calls) < 20 + 200 * seconds
    )  # eight early ones, then a batch, each 50 ms
    assert seconds < 5


def test_a_huge_string_goes_out_in_pieces(session, recorder):
    session.run("print('x' * 1_000_000)", "huge")
    sizes = [len(text) for _, text in recorder.of("text")]
    assert sum(sizes) == 1_000_001
    assert max(sizes) <= LARGEST_BATCH


def test_the_first_lines_are_sent_at_once(recorder):
    output = OrderedOutput(recorder)
    for line in ("one\n", "two\n", "three\n"):
        output.text("stdout", line)
        assert recorder.of("text")[-1] == ("stdout", line)


def test_a_part_of_a_line_waits_at_most_for_the_next_write(recorder):
    output = OrderedOutput(recorder)
    output.text("stdout", "a")
    assert recorder.calls == []
    time.sleep(0.06)
    output.text("stdout", "b")
    assert recorder.of("text") == [("stdout", "ab")]


def test_a_checkpoint_lets_waiting_text_out(recorder):
    output = OrderedOutput(recorder)
    output.text("stdout", "waits")
    time.sleep(0.06)
    output.checkpoint()
    assert recorder.of("text") == [("stdout", "waits")]


def test_flushing_in_a_loop_does_not_flood_the_page(session, recorder):
    session.run(
        "for i in range(20_000): print('.', end='', flush=True)", "dots"
    )
    assert recorder.printed() == "." * 20_000
    assert len(recorder.calls) < 2_000


def test_writing_no_string_is_a_type_error(session):
    result = session.run("import sys; sys.stdout.write(b'x')", "a")
    assert result.error.message == "write() argument must be str, not bytes"


def _characters(calls):
    return [(stream, character) for stream, text in calls for character in text]
