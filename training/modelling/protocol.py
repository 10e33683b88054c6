"""Which rows a model is fitted on and which it is judged on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from training.modelling.manifest import ManifestError, Rows
from training.modelling.spec import ProtocolSpec

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """One fit. fit, judge: row indices, ascending and disjoint. is_kept: this fit's model is the run's model."""

    number: int
    fit: Indices
    judge: Indices
    is_kept: bool


@dataclass(frozen=True)
class Plan:
    """The fits of a run, the kept one last, and a sentence on how they came about."""

    folds: tuple[Fold, ...]
    reason: str


def plan_folds(rows: Rows, protocol: ProtocolSpec, *, multi_label: bool, seed: int) -> Plan:
    """Return the fits of a run; the same seed gives the same folds. Raises ManifestError when there are too few groups.

    k-fold draws `repeats` times `folds` folds of train and validation rows together; a last fit on all of them is kept.
    """
    if protocol.kind == "hold_out":
        fold = Fold(0, rows.of("train"), rows.of("validation"), True)
        return Plan((fold,), "Fitted on the training split and judged on the validation split.")
    pool = rows.of("train", "validation")
    kept = Fold(0, pool, np.empty(0, dtype=np.int64), True)
    if protocol.kind == "final":
        return Plan(
            (kept,),
            "Fitted on the training and validation splits together; nothing is left to judge it on but the test split.",
        )
    groups = rows.groups[pool]
    if len(set(groups.tolist())) < protocol.folds:
        raise ManifestError(
            f"{protocol.folds} folds need at least {protocol.folds} groups; there are {len(set(groups.tolist()))}."
        )
    stratified = protocol.stratified and not multi_label
    classes = rows.targets[pool].argmax(axis=1)
    folds: list[Fold] = []
    for repeat in range(protocol.repeats):
        for fit, judge in _splitter(protocol, stratified, seed + repeat).split(pool, classes, groups):
            folds.append(Fold(len(folds) + 1, np.sort(pool[fit]), np.sort(pool[judge]), False))
    return Plan((*folds, kept), _reason(protocol, stratified, multi_label))


def _splitter(
    protocol: ProtocolSpec, stratified: bool, seed: int
) -> StratifiedGroupKFold | StratifiedKFold | GroupKFold | KFold:
    kinds = {
        (True, True): StratifiedGroupKFold,
        (True, False): StratifiedKFold,
        (False, True): GroupKFold,
        (False, False): KFold,
    }
    return kinds[stratified, protocol.grouped](protocol.folds, shuffle=True, random_state=seed)


def _reason(protocol: ProtocolSpec, stratified: bool, multi_label: bool) -> str:
    times = f", drawn {protocol.repeats} times anew" if protocol.repeats > 1 else ""
    grouped = ", groups kept together" if protocol.grouped else ""
    shares = ", class shares kept alike" if stratified else ""
    not_shares = " (pictures with several labels cannot be stratified)" if protocol.stratified and multi_label else ""
    return (
        f"Judged by {protocol.folds}-fold cross-validation over training and validation "
        f"splits{grouped}{shares}{times}{not_shares}; "
        "the kept model is fitted on all of them."
    )
