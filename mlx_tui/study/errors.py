"""What the user has to mend."""


class StudyError(Exception):
    """Something the user has to mend; the message says what and how."""


class NotScanned(StudyError):  # noqa: N818 - named after what is missing
    """The CSVs can't be written anew, since not every repository is fetched and scanned here."""
