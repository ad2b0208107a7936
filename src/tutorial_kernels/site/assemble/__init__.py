"""Fetches, checks and compiles what runs in the page, into `docs/assets`.

Two environment variables matter. `TUTORIAL_KERNELS_CACHE` names the folder
where downloads are kept, instead of `~/.cache/tutorial-kernels`.
`TUTORIAL_KERNELS_WHEELS` names a folder or an address with Pyodide's wheels,
which is asked before the places on the network.
"""

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.layout import watched_paths
from tutorial_kernels.site.assemble.pipeline import AssembleReport, assemble

__all__ = ["AssembleError", "AssembleReport", "assemble", "watched_paths"]
