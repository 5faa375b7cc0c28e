"""What the user has to mend."""


class StudyError(Exception):
    """Something the user has to mend; the message says what and how."""
