"""The command line: `tutorial-kernels`, or `python -m tutorial_kernels`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: The words after the program's name; `sys.argv` by default.

    Returns:
        0 when the command did its work, 1 when it could not; what went wrong
        is then one sentence on standard error.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = _parser(words).parse_args(words)
        options.command(options)
    except KeyboardInterrupt:
        print("tutorial-kernels: stopped", file=sys.stderr)
        return 130
    except _PLAIN as error:
        print(f"tutorial-kernels: {error}", file=sys.stderr)
        return 1
    return 0


# What a user can mend, or a machine did: the sentence says enough.
_PLAIN = (
    ArithmeticError,
    ImportError,
    OSError,
    TypeError,
    ValueError,
    RuntimeError,
)

_TRAINING = {
    "train": "train a network with PyTorch, on one device or on many",
    "evaluate": "measure a trained network on its test set",
    "export": "write the best weights of a run, and their record",
    "tasks": "list what can be trained",
}


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tutorial-kernels",
        description="Deep learning in NumPy one can read: the course's tools.",
    )
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")

    parity = rooms.add_parser(
        "parity", help="compare the networks with their PyTorch twins"
    )
    parity.add_argument(
        "names", nargs="*", metavar="NAME", help="cnn, lstm, ... (default: all)"
    )
    parity.add_argument("--dtype", default="float64", help="or float32")
    parity.add_argument("--steps", type=int, default=100, help="of training")
    parity.add_argument("--optimizer", default="SGD", help="or Adam")
    parity.add_argument("--json", type=Path, help="also write all of it here")
    parity.add_argument(
        "--markdown", type=Path, help="also write the page's table here"
    )
    parity.set_defaults(command=_parity)

    for name, meaning in _TRAINING.items():
        training = rooms.add_parser(name, help=meaning)
        if words[:1] == [name]:  # only then: PyTorch takes its time
            _add_training_options(training, name)

    site = rooms.add_parser("site", help="make what the hosted pages need")
    site.add_argument(
        "--root",
        type=Path,
        default=Path.cwd(),
        help="the checkout's folder (default: the current one)",
    )
    steps = site.add_subparsers(required=True, metavar="STEP")
    assemble = steps.add_parser(
        "assemble", help="fetch, check and compile what runs in the page"
    )
    assemble.set_defaults(command=_assemble)
    outputs = steps.add_parser(
        "outputs", help="run every cell and rewrite the outputs shown"
    )
    outputs.add_argument(
        "pages", nargs="*", type=Path, help="Markdown files (default: all)"
    )
    outputs.set_defaults(command=_outputs)
    return parser


def _add_training_options(parser: argparse.ArgumentParser, name: str) -> None:
    try:
        from tutorial_kernels.training import command_line
    except ModuleNotFoundError as error:
        raise ImportError(
            f"{name} needs PyTorch ({error}): install the package with its "
            "extra, tutorial-kernels[torch]"
        ) from None
    command_line.add_options(parser, name)


def _parity(options: argparse.Namespace) -> None:
    from tutorial_kernels import parity

    if options.steps < 0:
        raise ValueError(f"--steps must not be negative, got {options.steps}")
    comparisons = {
        name: parity.compare_twins(
            name,
            dtype=options.dtype,
            steps=options.steps,
            optimizer=options.optimizer,
        )
        for name in options.names or parity.PROBLEMS
    }
    together = [one for found in comparisons.values() for one in found]
    for comparison in together:
        parity.print_table(comparison)
    if options.json:
        options.json.write_text(parity.as_json(comparisons))
    if options.markdown:
        options.markdown.write_text(parity.as_markdown(together))


def _assemble(options: argparse.Namespace) -> None:
    from tutorial_kernels.site.assemble import assemble

    assemble(options.root)


def _outputs(options: argparse.Namespace) -> None:
    from tutorial_kernels.site.outputs import rewrite_outputs

    changed = rewrite_outputs(options.root, options.pages or None)
    for page in changed:
        print(f"rewrote {page}")
    if not changed:
        print("every output is as it was")
