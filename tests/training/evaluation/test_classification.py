import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from training.evaluation.classification import report_classification
from training.evaluation.intervals import bootstrap_groups, grouped_share, number_groups, percentile_estimate
from training.evaluation.scores import RankScores, Scorer, decide, one_hot


def some_predictions(n: int = 300, classes: int = 4, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, probabilities and weights; class 0 is common, predictions are right about two times in three."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(classes, n, p=np.r_[0.55, np.full(classes - 1, 0.45 / (classes - 1))])
    logits = rng.normal(size=(n, classes)) + 1.6 * one_hot(labels, classes)
    rounded = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 2)  # rounded, so that there are ties
    return labels, rounded / rounded.sum(axis=1, keepdims=True), rng.uniform(0.5, 3, n)


def test_scores_equal_scikit_learn_with_weights_and_ties():
    labels, p, w = some_predictions()
    scorer, decided = Scorer(one_hot(labels, 4), p, "single_choice"), p.argmax(axis=1)
    mine = scorer.plain(w)
    assert mine["accuracy"] == pytest.approx(oracle.accuracy_score(labels, decided, sample_weight=w))
    assert mine["balanced_accuracy"] == pytest.approx(oracle.balanced_accuracy_score(labels, decided, sample_weight=w))
    assert mine["macro_f1"] == pytest.approx(oracle.f1_score(labels, decided, average="macro", sample_weight=w))
    clipped = np.clip(p, 1e-7, 1)
    assert mine["log_loss"] == pytest.approx(-np.average(np.log(clipped[np.arange(300), labels]), weights=w))
    counts = scorer.counts(w)
    precision, recall, _, _ = oracle.precision_recall_fscore_support(labels, decided, sample_weight=w)
    np.testing.assert_allclose(counts.precision(), precision)
    np.testing.assert_allclose(counts.recall(), recall)
    confusion = oracle.confusion_matrix(labels, decided, sample_weight=w)
    np.testing.assert_allclose(scorer.confusion(w), confusion)
    assert not np.allclose(confusion, confusion.T)  # so that a transposed matrix would be seen
    for k, ranker in enumerate(scorer.rankers()):
        area, average = ranker(w)
        assert area == pytest.approx(oracle.roc_auc_score(labels == k, p[:, k], sample_weight=w))
        assert average == pytest.approx(oracle.average_precision_score(labels == k, p[:, k], sample_weight=w))


def test_a_binary_task_by_hand():
    truth = one_hot(np.array([0, 0, 0, 1, 1]), 2)
    second = np.array([0.1, 0.2, 0.7, 0.6, 0.9])
    scorer = Scorer(truth, np.column_stack([1 - second, second]), "binary")
    found = scorer.plain(np.ones(5))
    assert found["accuracy"] == pytest.approx(0.8)
    assert found["brier"] == pytest.approx((0.01 + 0.04 + 0.49 + 0.16 + 0.01) / 5)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1) / 2)
    assert scorer.rankers()[1](np.ones(5))[0] == pytest.approx(5 / 6)
    # confidences .9 .8 .7 .6 .9 in four bins; gaps .1 .2 .7 .4 by weight 2 1 1 1
    assert found["ece"] == pytest.approx((2 * 0.1 + 0.2 + 0.7 + 0.4) / 5)


def test_several_labels_a_row():
    truth = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=float)
    p = np.array([[0.9, 0.2, 0.4], [0.1, 0.6, 0.2], [0.8, 0.7, 0.1], [0.3, 0.9, 0.2]])
    scorer = Scorer(truth, p, "multi_label")
    found = scorer.plain(np.ones(4))
    assert found["accuracy"] == pytest.approx(0.5)
    assert found["macro_f1"] == pytest.approx(oracle.f1_score(truth, decide(p, "multi_label"), average="macro"))
    entropies = -(truth * np.log(p) + (1 - truth) * np.log(1 - p))
    assert found["log_loss"] == pytest.approx(entropies.mean())
    report = report_classification(
        truth, p, kind="multi_label", classes=["a", "b", "c"], rng=np.random.default_rng(0), resamples=60
    )
    assert report.confusion is None
    assert report.classes[2].precision.value is None
    assert "never chose" in str(report.classes[2].precision.reason)


def test_the_report_is_json_with_a_reason_wherever_a_number_is_missing():
    labels, p, w = some_predictions()
    truth = np.column_stack([one_hot(labels, 4), np.zeros(300)])
    p = np.column_stack([p, np.zeros(300)])
    report = report_classification(
        truth, p, kind="single_choice", classes=list("abcde"), rng=np.random.default_rng(0), weights=w, resamples=100
    )
    data = report.as_json()
    for name, score in data["scores"].items():
        assert score["low"] <= score["value"] <= score["high"], name
    absent = data["classes"][4]
    assert absent["recall"]["value"] is None
    assert absent["recall"]["reason"]
    assert absent["roc_auc"]["value"] is None
    assert sum(b["share"] for b in data["calibration"]) == pytest.approx(1)
    again = report_classification(
        truth, p, kind="single_choice", classes=list("abcde"), rng=np.random.default_rng(0), weights=w, resamples=100
    )
    assert again.as_json() == data


def test_copies_in_a_group_do_not_narrow_the_interval():
    labels, p, _ = some_predictions(n=120)
    arguments = {"kind": "single_choice", "classes": list("abcd"), "resamples": 300}
    single = report_classification(one_hot(labels, 4), p, rng=np.random.default_rng(1), **arguments)
    copies = np.repeat(np.arange(120), 8)
    many = report_classification(
        one_hot(labels[copies], 4), p[copies], rng=np.random.default_rng(1), groups=copies, **arguments
    )
    naive = report_classification(one_hot(labels[copies], 4), p[copies], rng=np.random.default_rng(1), **arguments)
    for name in ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "roc_auc"):
        widths = [r.scores[name].high - r.scores[name].low for r in (single, many, naive)]
        assert widths[1] == pytest.approx(widths[0], rel=0.02), name
        assert widths[2] < widths[0] / 2, name


def test_the_interval_of_accuracy_covers_the_truth_when_rows_come_in_groups():
    rng, covered, naive = np.random.default_rng(4), 0, 0
    for _ in range(300):
        rate = rng.beta(8, 2, 40)  # 40 groups of 10 that go right together; the true mean is .8
        right = (rng.random((40, 10)) < rate[:, None]).astype(float).ravel()
        grouped = grouped_share(right, np.ones(400), np.repeat(np.arange(40), 10))
        single = grouped_share(right, np.ones(400), np.arange(400))
        covered += grouped.low <= 0.8 <= grouped.high
        naive += single.low <= 0.8 <= single.high
    assert covered / 300 >= 0.92
    assert naive / 300 < 0.9


def test_shares_at_the_ends_have_an_interval_by_groups():
    perfect = grouped_share(np.ones(50), np.ones(50), np.repeat(np.arange(5), 10))
    assert (perfect.value, perfect.high) == (1.0, 1.0)
    assert perfect.low == pytest.approx(1 / (1 + 3.8415 / 5), abs=1e-3)  # Wilson with n = 5 groups, not 50 rows
    nothing = grouped_share(np.zeros(3), np.zeros(3), np.arange(3), missing="No case.")
    assert (nothing.value, nothing.reason) == (None, "No case.")


def test_with_single_rows_the_interval_is_wilsons():
    right = np.r_[np.ones(40), np.zeros(10)]
    found = grouped_share(right, np.ones(50), np.arange(50))
    assert (found.low, found.high) == (pytest.approx(0.6696, abs=1e-3), pytest.approx(0.8876, abs=1e-3))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.5, 0.9])), min_size=2, max_size=30))
def test_rank_laws(rows):
    truth = np.array([float(t) for t, _ in rows])
    scores = np.array([s for _, s in rows])
    area, _ = RankScores(truth, scores)(np.ones(len(rows)))
    if truth.all() or not truth.any():
        assert np.isnan(area)
        return
    reverse, _ = RankScores(1 - truth, scores)(np.ones(len(rows)))
    assert area + reverse == pytest.approx(1)  # swapping the sides mirrors the area
    monotone, _ = RankScores(truth, scores**3 + 2)(np.ones(len(rows)))
    assert monotone == pytest.approx(area)  # only the order counts
    doubled = RankScores(np.tile(truth, 2), np.tile(scores, 2))(np.ones(2 * len(rows)))[0]
    weighted = RankScores(truth, scores)(np.full(len(rows), 2.0))[0]
    assert doubled == pytest.approx(weighted)  # a weight of two is a row twice


def test_bootstrap_draws_whole_groups():
    groups = number_groups(np.array(["b", "a", "b", "c"]), 4)
    seen = bootstrap_groups(lambda w: w, groups, rng=np.random.default_rng(0), resamples=50)
    assert (seen[:, 0] == seen[:, 2]).all()
    assert (seen[:, 0] + seen[:, 1] + seen[:, 3] == 3).all()
    one = percentile_estimate(0.5, np.full(50, 0.5), n=4, groups=3, level=0.95)
    assert one.low is None
    assert "same value" in str(one.reason)


@pytest.mark.parametrize("bad", ["shape", "range", "two", "empty"])
def test_what_cannot_be_scored_is_refused(bad):
    truth, p = one_hot(np.array([0, 1]), 2), np.array([[0.9, 0.1], [0.2, 0.8]])
    if bad == "shape":
        p = p[:1]
    elif bad == "range":
        p = p * 2
    elif bad == "two":
        truth = np.ones((2, 2))
    else:
        truth, p = truth[:0], p[:0]
    with pytest.raises(ValueError):
        Scorer(truth, p, "single_choice")
