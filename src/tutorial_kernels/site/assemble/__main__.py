"""`python -m tutorial_kernels.site.assemble [ROOT]`."""

import sys
from pathlib import Path

from tutorial_kernels.site.assemble import AssembleError, assemble

if __name__ == "__main__":
    try:
        assemble(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    except AssembleError as error:
        sys.exit(str(error))
