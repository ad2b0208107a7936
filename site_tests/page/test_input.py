"""``input()`` and ``sys.stdin`` inside a cell."""

from tutorial_kernels.page.session import Session


def asked(recorder, *answers):
    """A session whose reader gives these answers, and what it was asked."""
    prompts, left = [], list(answers)

    def read_line(prompt):
        prompts.append(prompt)
        if not left:
            raise KeyboardInterrupt
        return left.pop(0)

    return Session(recorder, read_line=read_line), prompts


def test_prompt_and_answer_stay_in_the_output(recorder):
    session, prompts = asked(recorder, "Ada", "7")
    source = (
        "name = input('Two lines\\nYour name? ')\nage = input()\nname, int(age)"
    )
    assert session.run(source, "a").status == "ok"
    assert prompts == ["Your name? ", ""]
    assert recorder.printed() == "Two lines\nYour name? Ada\n7\n('Ada', 7)\n"


def test_what_was_printed_is_sent_before_the_question(recorder):
    seen = []

    def read_line(prompt):
        seen.append(recorder.printed())
        return "yes"

    session = Session(recorder, read_line=read_line)
    session.run("print('first', end='')\ninput('Sure? ')", "a")
    assert seen == ["first"]


def test_stdin_gives_lines(recorder):
    session, prompts = asked(recorder, "a line")
    session.run("import sys\nprint(repr(sys.stdin.readline()))", "a")
    assert prompts == [""]
    assert recorder.printed() == "a line\n'a line\\n'\n"


def test_stop_instead_of_an_answer(recorder):
    session, _ = asked(recorder)
    result = session.run("kept = 1\ninput('? ')", "a")
    assert (result.status, result.error.line) == ("stopped", 2)
    assert session.run("kept", "b").status == "ok"


def test_a_keyword_is_refused_as_by_input_itself(recorder):
    session, _ = asked(recorder, "x")
    assert session.run("input(prompt='? ')", "a").error.type == "TypeError"


def test_without_a_reader_one_sentence_says_so(session):
    result = session.run("input('Why? ')", "a")
    assert result.error.message == "input: nobody is here to answer 'Why? '"


def test_all_of_stdin_cannot_be_read(session):
    result = session.run("import sys\nsys.stdin.read()", "a")
    assert "read a line with input()" in result.error.message
