"""`python -m tutorial_kernels` is the command `tutorial-kernels`."""

import sys

from tutorial_kernels.cli import main

if __name__ == "__main__":
    sys.exit(main())
