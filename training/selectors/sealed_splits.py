"""Who looked at a sealed test split: counted for the split itself, whichever line and version a model belongs to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from datasets.selectors.versions import rows, sharing_items
from training.models import ModelVersion, Split, TestLook


@dataclass(frozen=True)
class SealedSplit:
    """The test split of a version with every look that was taken at it, the earliest first.

    first: id of the version whose test split was looked at first; this version's own before the first look.
    """

    first: int
    looks: tuple[TestLook, ...]

    @property
    def next_number(self) -> int:
        return max((look.number for look in self.looks), default=0) + 1

    def of_model(self, model: ModelVersion) -> TestLook | None:
        """The latest look that this model took."""
        return next((look for look in reversed(self.looks) if look.model_version_id == model.pk), None)

    def told(self) -> str:
        """How often it was looked at, in words. Only after the first look."""
        last, count = self.looks[-1], len(self.looks)
        times = "once" if count == 1 else f"{count} times"
        return f"{times}, last with {last.model_version} on {last.created_at:%d %B %Y}"

    def place_of(self, look: TestLook) -> str:
        """Which look it was of how many."""
        return f"look {look.number} of {max(len(self.looks), look.number)} at this test split"


def has_test_rows(model: ModelVersion) -> bool:
    """Whether the version of the model has a test split."""
    return next(rows(model.run.version, split=Split.TEST), None) is not None


def sealed_split(version: Any) -> SealedSplit:
    """The test split of a version with the looks at it, in whatever line.

    Splits that share an item are one: splits are sticky, so a later version of the same data mostly asks the same
    questions again. A version that joins several splits counts to the one that was looked at most often.
    """
    seen = TestLook.objects.filter(project_id=version.project_id).order_by()
    splits = dict(seen.values_list("model_version__run__version_id", "split_of_id").distinct())
    shared = {splits[one] for one in sharing_items(version, list(splits), split=Split.TEST)} if splits else set()
    looks: dict[int, list[TestLook]] = {}
    for look in ledger_rows().filter(split_of_id__in=shared).order_by("split_of_id", "number"):
        looks.setdefault(look.split_of_id, []).append(look)
    first = max(looks, key=lambda one: (len(looks[one]), -one), default=version.pk)
    return SealedSplit(first, tuple(looks.get(first, ())))


def ledger_rows() -> QuerySet[TestLook]:
    """Looks with what is shown of them."""
    return TestLook.objects.select_related("line", "model_version__line", "split_of", "by", "job")
