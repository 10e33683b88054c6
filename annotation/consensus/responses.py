"""The labels of several annotators on several items, as three index arrays."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from scipy import sparse

from common.numerics.checks import FloatArray, IntArray, as_indices

ItemKey = TypeVar("ItemKey", bound=Hashable)
AnnotatorKey = TypeVar("AnnotatorKey", bound=Hashable)
ClassKey = TypeVar("ClassKey", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Responses:
    """Single-choice labels: annotator `annotators[r]` gave class `classes[r]` to item `items[r]`.

    items, annotators, classes: shape (n_responses,), integer indices below n_items, n_annotators, n_classes.
    An item may have any number of labels, also none. repeats_allowed: one annotator may label an item more than once
    (a test-retest study); otherwise that is refused, since a correction must replace the earlier answer.
    Raises ValueError that names the array and the problem.
    """

    items: IntArray
    annotators: IntArray
    classes: IntArray
    n_items: int
    n_annotators: int
    n_classes: int
    repeats_allowed: bool = False

    def __post_init__(self) -> None:
        if min(self.n_items, self.n_annotators, self.n_classes) < 0:
            raise ValueError("n_items, n_annotators and n_classes must not be negative")
        items = as_indices("items", self.items, below=self.n_items)
        annotators = as_indices("annotators", self.annotators, below=self.n_annotators, length=items.size)
        classes = as_indices("classes", self.classes, below=self.n_classes, length=items.size)
        if not self.repeats_allowed:
            pairs = items * max(self.n_annotators, 1) + annotators
            values, counts = np.unique(pairs, return_counts=True)
            if values.size < pairs.size:
                item, annotator = divmod(int(values[np.argmax(counts)]), self.n_annotators)
                raise ValueError(f"annotator {annotator} labelled item {item} more than once")
        for name, array in (("items", items), ("annotators", annotators), ("classes", classes)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_responses(self) -> int:
        """Number of labels."""
        return int(self.items.size)

    @cached_property
    def labels_per_item(self) -> IntArray:
        """Number of labels of each item, shape (n_items,)."""
        return np.bincount(self.items, minlength=self.n_items).astype(np.int64)

    @cached_property
    def labels_per_annotator(self) -> IntArray:
        """Number of labels of each annotator, shape (n_annotators,)."""
        return np.bincount(self.annotators, minlength=self.n_annotators).astype(np.int64)

    @cached_property
    def votes(self) -> sparse.csr_array:
        """Number of labels of each class on each item, sparse, shape (n_items, n_classes)."""
        ones = np.ones(self.n_responses, dtype=np.float64)
        shape = (self.n_items, self.n_classes)
        table = sparse.coo_array((ones, (self.items, self.classes)), shape=shape).tocsr()
        table.sum_duplicates()
        table.sort_indices()
        return table

    def votes_of(self, items: IntArray, classes: IntArray) -> FloatArray:
        """Number of labels of class `classes` on item `items`, shape of the arguments."""
        votes = self.votes
        if votes.nnz == 0:
            return np.zeros(items.shape)
        keys = np.repeat(np.arange(self.n_items), np.diff(votes.indptr)) * self.n_classes + votes.indices
        wanted = items * self.n_classes + classes
        place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        return np.asarray(np.where(keys[place] == wanted, votes.data[place], 0.0), dtype=np.float64)

    def subset(self, keep: IntArray) -> "Responses":
        """The responses at positions `keep` (indices or a mask), over the same items, annotators and classes."""
        return Responses(
            items=self.items[keep],
            annotators=self.annotators[keep],
            classes=self.classes[keep],
            n_items=self.n_items,
            n_annotators=self.n_annotators,
            n_classes=self.n_classes,
            repeats_allowed=self.repeats_allowed,
        )


@dataclass(frozen=True, eq=False)
class KeyedResponses(Generic[ItemKey, AnnotatorKey, ClassKey]):
    """Responses together with what the indices stand for: item index i is `item_keys[i]`, and so on."""

    responses: Responses
    item_keys: tuple[ItemKey, ...]
    annotator_keys: tuple[AnnotatorKey, ...]
    class_keys: tuple[ClassKey, ...]


def index_responses(
    records: Iterable[tuple[ItemKey, AnnotatorKey, ClassKey]],
    *,
    item_keys: Iterable[ItemKey] = (),
    annotator_keys: Iterable[AnnotatorKey] = (),
    class_keys: Iterable[ClassKey] = (),
) -> KeyedResponses[ItemKey, AnnotatorKey, ClassKey]:
    """Number the items, annotators and classes of (item, annotator, class) records.

    Keys given beforehand come first and in their order (pass all classes of the schema, say); keys met in the records
    follow in the order in which they appear, so the same records always give the same numbers.
    Raises ValueError when an annotator labelled an item twice.
    """
    items = {key: index for index, key in enumerate(dict.fromkeys(item_keys))}
    annotators = {key: index for index, key in enumerate(dict.fromkeys(annotator_keys))}
    classes = {key: index for index, key in enumerate(dict.fromkeys(class_keys))}
    rows = [
        (
            items.setdefault(item, len(items)),
            annotators.setdefault(annotator, len(annotators)),
            classes.setdefault(label, len(classes)),
        )
        for item, annotator, label in records
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    responses = Responses(
        items=table[:, 0],
        annotators=table[:, 1],
        classes=table[:, 2],
        n_items=len(items),
        n_annotators=len(annotators),
        n_classes=len(classes),
    )
    return KeyedResponses(responses, tuple(items), tuple(annotators), tuple(classes))
