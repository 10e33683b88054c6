"""The class that must not be missed."""

from accounts.models import Project
from training.selectors.brief_terms import terms_of


def class_of_concern(project: Project) -> str:
    """The class key that the brief worries about; empty without a brief or without such a class."""
    return terms_of(project).class_of_concern
