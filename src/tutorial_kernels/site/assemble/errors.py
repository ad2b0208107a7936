"""The one error that assembling the site's runtime raises."""


class AssembleError(RuntimeError):
    """What the page needs could not be made; the message says which part.

    The message names the file, every source or command that was tried with
    its reason, and on a mismatch the two hashes. What stood in
    ``docs/assets`` before is untouched.
    """
