"""The one error that the launcher shows to a person, as a sentence and without a stack trace."""


class LauncherError(Exception):
    """Something foreseeable went wrong; the message says what happened and what to do next."""
