import math

import numpy as np
import pytest

from common.numerics.estimate import Estimate
from training.evaluation.baseline_comparison import compare_classifiers, compare_errors, judge
from training.evaluation.expectations import Wording, expect
from training.evaluation.gap import validation_test_gap
from training.evaluation.human_ceiling import ceiling_against_experts, ceiling_against_others
from training.evaluation.intervals import grouped_share
from training.evaluation.learning_curve import fit_learning_curve
from training.evaluation.looks import judge_looks
from training.evaluation.scores import one_hot
from training.evaluation.slices import accuracy_by_slice
from training.evaluation.thresholds import rates_at, threshold_curve


def exact(value: float) -> Estimate:
    return Estimate(value, value, value, 0.95, 1000, "given")


FRAUD = Wording(concern="fraud", other="payment")


def test_the_expectation_of_the_textbook():
    """8,000 valid and 280 fraudulent payments a day; 2.5% of the valid are flagged, 5% of the frauds missed."""
    found = expect(concern_a_day=280, others_a_day=8000, miss_rate=exact(0.05), flag_rate=exact(0.025), wording=FRAUD)
    assert found.wrongly_flagged.value == pytest.approx(200)
    assert found.missed.value == pytest.approx(14)
    assert found.caught.value == pytest.approx(266)
    assert found.sentence == (
        "With these settings it misses 5% of the fraud and flags 2.5% of cases of payment: about 200 cases "
        "of payment a day go to manual review, 14 cases of fraud are missed, 266 are caught."
    )


def test_the_expectation_from_scores_at_a_threshold_has_intervals():
    scores = np.r_[np.linspace(0, 1, 400), np.linspace(0.9, 1, 100)]
    concern = np.r_[np.zeros(400, bool), np.ones(100, bool)]
    rates = rates_at(scores, concern, 0.95)
    assert rates.flag_rate.value == pytest.approx(0.05, abs=0.003)
    assert rates.miss_rate.value == pytest.approx(0.5, abs=0.01)
    found = expect(
        concern_a_day=10, others_a_day=1000, miss_rate=rates.miss_rate, flag_rate=rates.flag_rate, wording=FRAUD
    )
    assert found.missed.value + found.caught.value == pytest.approx(10)
    assert found.caught.low == pytest.approx(10 - found.missed.high)
    assert found.wrongly_flagged.low < found.wrongly_flagged.value < found.wrongly_flagged.high
    assert "about 50 (" in found.sentence
    unknown = expect(
        concern_a_day=1, others_a_day=1, miss_rate=Estimate.unknown("no case"), flag_rate=exact(0.5), wording=FRAUD
    )
    assert unknown.missed.value is None
    assert "unknown" in unknown.sentence


def test_the_threshold_curve_by_hand_and_its_best_point():
    scores = np.array([0.1, 0.3, 0.35, 0.8, 0.4, 0.9])
    concern = np.array([False, False, False, False, True, True])
    curve = threshold_curve(scores, concern, positive_share=0.1, false_positive_cost=1, false_negative_cost=20)
    at = {round(float(t), 3): i for i, t in enumerate(curve.thresholds)}
    assert curve.flag_rate[at[0.4]] == pytest.approx(0.25)
    assert curve.miss_rate[at[0.4]] == 0.0
    assert curve.miss_rate[at[0.9]] == 0.5
    assert curve.flag_rate[0] == 1.0
    assert (curve.miss_rate[-1], curve.flag_rate[-1]) == (1.0, 0.0)
    assert curve.best_threshold == 0.4
    assert curve.cost_per_case[curve.best] == pytest.approx(0.9 * 0.25)
    assert curve.precision[at[0.4]] == pytest.approx(0.1 / (0.1 + 0.9 * 0.25))
    dear = threshold_curve(scores, concern, positive_share=0.1, false_positive_cost=20, false_negative_cost=1)
    assert dear.best_threshold > 0.8  # when alarms are dear, only the surest case is flagged


def test_a_curve_of_many_scores_stays_small_and_monotone():
    rng = np.random.default_rng(0)
    concern = rng.random(20_000) < 0.1
    scores = np.clip(rng.normal(0.4 + 0.2 * concern, 0.15), 0, 1)
    curve = threshold_curve(scores, concern, positive_share=0.03, false_positive_cost=1, false_negative_cost=10)
    assert len(curve.thresholds) <= 500
    assert (np.diff(curve.miss_rate) >= 0).all()
    assert (np.diff(curve.flag_rate) <= 0).all()
    rates = rates_at(scores, concern, curve.best_threshold)
    assert rates.miss_rate.value == pytest.approx(curve.miss_rate[curve.best])
    assert rates.flag_rate.value == pytest.approx(curve.flag_rate[curve.best])
    with pytest.raises(ValueError, match="Both cases"):
        threshold_curve(
            scores, np.zeros(20_000, bool), positive_share=0.1, false_positive_cost=1, false_negative_cost=1
        )


def classifier(labels: np.ndarray, right: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    said = np.where(rng.random(len(labels)) < right, labels, (labels + 1) % 3)
    return 0.1 + 0.7 * one_hot(said, 3)


def test_a_better_a_worse_and_an_undecided_model():
    labels = np.random.default_rng(0).integers(0, 3, 400)
    truth, baseline = one_hot(labels, 3), classifier(labels, 0.5, 1)

    def against(right: float, **more: float) -> object:
        model, rng = classifier(labels, right, 2), np.random.default_rng(9)
        return compare_classifiers(truth, model, baseline, kind="single_choice", rng=rng, **more)

    better, worse, same = against(0.8), against(0.3), against(0.5)
    assert (better.verdict, worse.verdict, same.verdict) == ("beats", "does_not_beat", "cannot_tell")
    assert better.sentence.startswith("The model beats the baseline: accuracy 0.797 against 0.525, a gain of +0.272")
    assert better.gain.low <= better.gain.value <= better.gain.high
    assert against(0.5, relevant=0.5).verdict == "does_not_beat"  # a gain that matters is ruled out
    loss = compare_classifiers(
        truth,
        classifier(labels, 0.8, 2),
        baseline,
        kind="single_choice",
        metric="log_loss",
        rng=np.random.default_rng(9),
    )
    assert loss.verdict == "beats"
    assert loss.gain.value > 0  # lower is better, yet a gain is positive


def test_the_paired_interval_is_narrower_than_two_single_ones():
    labels = np.random.default_rng(0).integers(0, 3, 300)
    truth, baseline = one_hot(labels, 3), classifier(labels, 0.7, 1)
    model = baseline.copy()
    model[:20] = 0.1 + 0.7 * truth[:20]  # the same model, mended in a few rows
    found = compare_classifiers(truth, model, baseline, kind="single_choice", rng=np.random.default_rng(0))
    alone = grouped_share((model.argmax(1) == labels).astype(float), np.ones(300), np.arange(300))
    assert found.gain.half_width < alone.half_width / 2


def test_a_model_that_is_the_baseline_does_not_beat_it():
    labels = np.array([0, 1, 2] * 20)
    same = classifier(labels, 0.6, 1)
    found = compare_classifiers(one_hot(labels, 3), same, same, kind="single_choice", rng=np.random.default_rng(0))
    assert found.verdict == "does_not_beat"
    assert (found.gain.low, found.gain.high) == (0.0, 0.0)
    assert judge(Estimate(0.1, None, None, 0.95, 5, "m", "no interval"), 0.0) == "cannot_tell"


def test_a_perfect_model_beats_a_baseline_that_is_always_wrong_but_not_on_two_rows():
    labels = np.array([0, 1, 2] * 20)
    wrong = one_hot((labels + 1) % 3, 3)
    arguments = {"kind": "single_choice", "rng": np.random.default_rng(0)}
    assert compare_classifiers(one_hot(labels, 3), one_hot(labels, 3), wrong, **arguments).verdict == "beats"
    few = one_hot(labels[:3], 3)
    assert compare_classifiers(few, few, wrong[:3], **arguments).verdict == "cannot_tell"


def test_errors_of_regressions_are_compared_in_pairs():
    rng = np.random.default_rng(1)
    noise = rng.normal(size=500)
    found = compare_errors(noise, noise * 1.5, rng=rng)
    assert found.verdict == "beats"
    assert found.gain.value == pytest.approx(0.5 * np.abs(noise).mean())
    assert compare_errors(noise * 1.5, noise, metric="rmse", rng=rng).verdict == "does_not_beat"


def test_ceiling_against_experts_by_hand():
    people = np.array(["ann", "ann", "bob", "bob", "bob"])
    items = np.array(["i", "j", "i", "j", "k"])
    found = ceiling_against_experts(people, items, np.array([0, 1, 0, 0, 2]), np.array([0, 1, 0, 1, 2]))
    assert found.accuracy.value == pytest.approx(0.8)
    assert found.by_annotator["ann"].value == 1.0
    assert found.by_annotator["bob"].value == pytest.approx(2 / 3)
    assert "3 groups" in found.accuracy.method
    empty = ceiling_against_experts(people[:0], items[:0], np.empty(0, int), np.empty(0, int))
    assert empty.accuracy.value is None
    assert empty.accuracy.reason


def test_ceiling_against_others_leaves_ones_own_vote_out():
    people, items = np.array(["a", "b", "c", "a"]), np.array(["i", "i", "i", "lonely"])
    found = ceiling_against_others(people, items, np.array([0, 0, 1, 1]), classes=2)
    # a and b each meet one vote for 0 and one for 1: half right; c meets two for 0: wrong; the lonely one is left out
    assert found.accuracy.value == pytest.approx((0.5 + 0.5 + 0) / 3)
    assert found.accuracy.n == 3
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 500)
    votes = np.where(rng.random((500, 3)) < 0.8, truth[:, None], rng.integers(0, 4, (500, 3)))
    spread = ceiling_against_others(
        np.tile(["a", "b", "c"], 500), np.repeat(np.arange(500).astype(str), 3), votes.ravel(), classes=4
    )
    assert 0.7 < spread.accuracy.value < 0.85


def test_the_gap_warns_only_when_it_is_real_and_matters():
    def share(value: float, n: int) -> Estimate:
        return grouped_share(np.r_[np.ones(round(value * n)), np.zeros(n - round(value * n))], np.ones(n), np.arange(n))

    assert validation_test_gap(share(0.95, 1000), share(0.80, 1000)).warn
    assert not validation_test_gap(share(0.95, 20), share(0.80, 20)).warn  # cannot be told from luck
    assert not validation_test_gap(share(0.80, 1000), share(0.95, 1000)).warn
    small = validation_test_gap(share(0.95, 100_000), share(0.94, 100_000))
    assert not small.warn
    assert small.gap.low > 0
    # Newcombe 1998, table II example (a): 56/70 - 48/80 = .20, interval .0524 to .3339
    paper = validation_test_gap(share(0.8, 70), share(0.6, 80)).gap
    assert (round(paper.low, 4), round(paper.high, 4)) == (0.0524, 0.3339)
    assert validation_test_gap(share(0.9, 10), Estimate.unknown("not looked")).gap.value is None


def test_looks_flatter_by_the_maximum_of_noise():
    score = Estimate(0.8, 0.8 - 0.0196, 0.8 + 0.0196, 0.95, 1000, "m")  # a standard error of one point
    assert judge_looks(1, score).state == "fine"
    assert judge_looks(1, score).optimism == 0
    assert judge_looks(3, score).state == "careful"
    often = judge_looks(20, score)
    assert often.state == "too_often"
    assert often.optimism == pytest.approx(0.01 * math.sqrt(2 * math.log(20)), rel=1e-3)
    draws = np.random.default_rng(0).normal(0, 0.01, (4000, 20)).max(axis=1).mean()
    assert 0.7 * often.optimism < draws < often.optimism  # an upper bound, and not a loose one
    large = Estimate(0.8, 0.799, 0.801, 0.95, 500_000, "m")
    assert judge_looks(200, large).state == "fine"
    assert judge_looks(5, Estimate.point(0.8, "one group", n=1)).state == "unknown"


def test_a_bad_slice_is_found_and_a_small_one_is_not_blamed():
    rng = np.random.default_rng(3)
    names = np.repeat(["phone", "studio", "web", "tiny"], [300, 300, 300, 3])
    right = rng.random(903) < np.where(names == "phone", 0.6, 0.9)
    found = accuracy_by_slice(right, names)
    assert found[0].name == "phone"
    by_name = {s.name: s for s in found}
    assert by_name["phone"].is_worse
    assert not any(by_name[name].is_worse for name in ("studio", "web", "tiny"))
    alone = accuracy_by_slice(right, np.full(903, "all"))
    assert alone[0].q is None
    assert alone[0].rest.value is None


def test_a_learning_curve_finds_its_law():
    rows = np.array([100.0, 200, 400, 800, 1600])
    found = fit_learning_curve(rows, 0.05 + 2.0 * rows**-0.5)
    assert found.floor == pytest.approx(0.05, abs=0.005)
    assert found.decay == pytest.approx(0.5, abs=0.05)
    assert found.predicted_at_double == pytest.approx(0.05 + 2.0 * 3200**-0.5, abs=0.002)
    assert "more labels are likely to help" in found.sentence
    flat = fit_learning_curve(rows, np.array([0.2, 0.151, 0.15, 0.15, 0.15]))
    assert "better tuning" in flat.sentence
    assert fit_learning_curve(rows[:2], np.array([0.2, 0.1])).floor is None
