"""The one error of the readers of data files."""


class DataFileError(ValueError):
    """A data file is damaged, or is not what it should be."""
