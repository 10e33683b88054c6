"""What the brief says that models are judged by."""

from datasets.selectors.briefs import current

from accounts.models import Project


def class_of_concern(project: Project) -> str:
    """The class key that the brief worries about; empty without a brief or without such a class."""
    brief = current(project)
    return "" if brief is None else str(brief.class_of_concern or "")
