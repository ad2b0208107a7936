"""Source by dotted name: found in the files, nothing imported."""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tutorial_kernels.site import source
from tutorial_kernels.site.source import source_of

MODULE = '''
"""The module's docstring."""

import os

# Two lines about
# the constant.
LIMIT: int = 10
first, (second, *rest) = 1, (2, 3)
type Alias = int


def decorate(f):
    return f


# Above the decorator.
@decorate
@(lambda f: f)  # why not
def plain(x):
    """Doc.

    More.
    """

    return """
    text
"""  # a comment behind


def alone():
    """Only a docstring."""


class Thing:
    """A thing."""

    size = 3

    # About the method.
    @property
    def method(self):
        """Doc."""
        # first comment
        s = """
  less indented
"""
        return s

    class Inner:
        """In."""

        def deep(self):
            """Deep."""; return 1


if os.name == "nt":
    def chosen(): return "nt"
else:
    def chosen(): return "posix"


def twice(): return 1


def twice(): return 2


raise RuntimeError("this module must not be imported")
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "shown_package"
    (folder / "sub").mkdir(parents=True)
    (folder / "__init__.py").write_text("VERSION = '1'\n")
    (folder / "sub" / "__init__.py").write_text("")
    (folder / "sub" / "module.py").write_text(MODULE.lstrip("\n"))
    monkeypatch.syspath_prepend(tmp_path)
    source._package_folder.cache_clear()
    yield "shown_package.sub.module"
    source._package_folder.cache_clear()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LIMIT", "# Two lines about\n# the constant.\nLIMIT: int = 10"),
        ("second", "first, (second, *rest) = 1, (2, 3)"),
        ("rest", "first, (second, *rest) = 1, (2, 3)"),
        ("Alias", "type Alias = int"),
        ("decorate", "def decorate(f):\n    return f"),
        ("chosen", 'def chosen(): return "posix"'),
        ("twice", "def twice(): return 2"),
        ("Thing.size", "size = 3"),
        ("alone", 'def alone():\n    """Only a docstring."""'),
    ],
)
def test_names(package, name, expected):
    assert source_of(f"{package}.{name}") == expected


def test_decorators_comments_and_strings_are_kept(package):
    text = source_of(f"{package}.plain")
    assert text.startswith(
        "# Above the decorator.\n@decorate\n@(lambda f: f)  # why not\ndef plain(x):"
    )
    assert text.endswith('    return """\n    text\n"""  # a comment behind')


def test_methods_are_dedented_and_strings_are_not_harmed(package):
    text = source_of(f"{package}.Thing.method")
    assert text.startswith(
        '# About the method.\n@property\ndef method(self):\n    """Doc."""\n'
    )
    assert '    s = """\n  less indented\n"""\n    return s' in text


def test_docstrings_can_be_hidden(package):
    text = source_of(f"{package}.plain", docstrings=False)
    assert 'def plain(x):\n    return """' in text
    text = source_of(f"{package}.Thing", docstrings=False)
    assert text.startswith("class Thing:\n    size = 3\n")
    assert "        # first comment\n" in text
    assert "Doc." not in text
    assert '"""Deep."""; return 1' in text  # on one line with code
    assert source_of(f"{package}.alone", docstrings=False).endswith(
        '"""Only a docstring."""'
    )


def test_whole_modules_and_packages(package):
    whole = source_of(package)
    assert whole == MODULE.strip("\n")
    hidden = source_of(package, docstrings=False)
    assert hidden.startswith("import os\n")
    ast.parse(hidden)
    assert source_of("shown_package") == "VERSION = '1'"
    assert source_of("shown_package.VERSION") == "VERSION = '1'"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "Thingy",
            "shown_package.sub.module has no 'Thingy'; the nearest is 'Thing'",
        ),
        (
            "Thing.metod",
            "shown_package.sub.module.Thing has no 'metod'; the nearest is 'method'",
        ),
        (
            "Thing.method.x",
            "shown_package.sub.module.Thing.method has no 'x'; the nearest is 's'",
        ),
        ("LIMIT.x", "shown_package.sub.module.LIMIT defines no names"),
        ("a-b", "is no dotted name"),
    ],
)
def test_a_missing_name_is_loud(package, name, reason):
    with pytest.raises(LookupError) as caught:
        source_of(f"{package}.{name}")
    assert reason in str(caught.value)


def test_missing_modules_and_packages(package):
    with pytest.raises(
        LookupError, match="there is no package 'no_such_thing'"
    ):
        source_of("no_such_thing.x")
    with pytest.raises(LookupError, match="shown_package has no 'subb'"):
        source_of("shown_package.subb.module")


def test_every_definition_of_ours_can_be_shown_and_parsed():
    import tutorial_kernels.page.session as module

    path = Path(module.__file__)
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"tutorial_kernels.page.session.{node.name}"
            for docstrings in (True, False):
                ast.parse(
                    textwrap.dedent(source_of(name, docstrings=docstrings))
                )


def test_nothing_is_imported():
    code = (
        "import sys\nfrom tutorial_kernels.site.source import source_of\n"
        "assert source_of('tutorial_kernels.page.plot.plot').startswith('def plot')\n"
        "assert 'tutorial_kernels.page' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
