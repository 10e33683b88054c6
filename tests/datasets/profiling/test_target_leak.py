import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, kstest
from sklearn.metrics import balanced_accuracy_score

from datasets.formats.attributes import Known
from datasets.profiling.columns import Origin, category_column, number_column
from datasets.profiling.file_names import file_name_columns, file_name_words
from datasets.profiling.single_column_score import N_FOLDS, BinScorer, Target, WordScorer
from datasets.profiling.target_leak import Judgement, target_leaks


def clinic(rng, n=800):
    """T6: patients, a disease, and a column that was filled in after the diagnosis."""
    sick = rng.random(n) < 0.3
    labels = np.where(sick, "sick", "well")
    diagnosed = np.where(rng.random(n) < 0.03, ~sick, sick)
    columns = [
        number_column("age", rng.normal(50 + 6 * sick, 12), known=Known.YES),
        number_column("blood_pressure", np.where(rng.random(n) < 0.1, np.nan, rng.normal(130, 15, n)), known=Known.YES),
        category_column("has_been_diagnosed", diagnosed.tolist(), known=Known.NO),
        category_column("town", rng.choice(["Seoul", "Busan", "Daegu"], n).tolist(), known=Known.UNKNOWN),
        number_column("file size", np.where(sick, 9e4, 5e4) + rng.normal(0, 1e4, n), origin=Origin.TECHNICAL),
    ]
    return labels.tolist(), columns


def test_tale_t6_a_has_been_diagnosed_column_is_caught():
    labels, columns = clinic(np.random.default_rng(0))
    report = target_leaks(labels, columns, rng=np.random.default_rng(1))
    by_name = {finding.name: finding for finding in report.findings}
    leak = by_name["has_been_diagnosed"]
    assert report.findings[0] is leak
    assert leak.judgement is Judgement.LEAK
    assert leak.skill.low < 0.94 < leak.skill.high  # 3% wrong on each side: 2 * 0.97 - 1
    assert leak.q_value <= 0.01
    assert "1 likely target leak: “has_been_diagnosed”" in report.verdict
    assert by_name["file size"].judgement is Judgement.SHORTCUT
    assert by_name["age"].judgement is Judgement.ASSOCIATED
    assert by_name["town"].judgement is Judgement.NOTHING
    assert report.not_known == ("has_been_diagnosed",)
    assert report.undecided == ("town",)


def test_without_the_column_nothing_is_called_a_leak():
    labels, columns = clinic(np.random.default_rng(0))
    clean = [column for column in columns if column.name not in ("has_been_diagnosed", "file size")]
    report = target_leaks(labels, clean, rng=np.random.default_rng(1))
    assert report.verdict == "No target leak found in 3 columns, each tested alone."


def test_a_known_column_that_is_too_good_and_an_undecided_one_are_questioned():
    rng = np.random.default_rng(2)
    labels = rng.choice(["a", "b", "c"], 300).tolist()
    columns = [category_column("copy", labels, known=Known.YES), category_column("copy2", labels)]
    report = target_leaks(labels, columns, rng=rng)
    assert {f.name: f.judgement for f in report.findings} == {"copy": Judgement.TOO_GOOD, "copy2": Judgement.LEAK}
    assert "Say whether" in {f.name: f.message for f in report.findings}["copy2"]


def test_missing_alone_can_leak():
    rng = np.random.default_rng(3)
    labels = rng.choice(["a", "b"], 400)
    column = number_column("measured later", np.where(labels == "a", np.nan, rng.normal(size=400)), known=Known.NO)
    assert target_leaks(labels.tolist(), [column], rng=rng).findings[0].judgement is Judgement.LEAK


def test_file_names_leak_by_folder_number_and_word():
    rng = np.random.default_rng(4)
    labels = rng.choice(["cat", "dog"], 300)
    number = np.where(labels == "cat", 0, 500) + rng.integers(0, 500, 300)
    names = [f"day{i % 7}/img-{label}-x{n:04d}.png" for i, (label, n) in enumerate(zip(labels, number, strict=True))]
    report = target_leaks(
        labels.tolist(), file_name_columns(names), words={"file name: words": file_name_words(names)}, rng=rng
    )
    judged = {finding.name: finding.judgement for finding in report.findings}
    assert judged["file name: words"] is Judgement.SHORTCUT  # "cat" stands in the middle
    assert judged["file name: number"] is Judgement.SHORTCUT
    assert judged["file name: folder"] is Judgement.NOTHING
    assert judged["file name: extension"] is Judgement.NOT_TESTED
    assert judged["file name: first word"] is Judgement.NOT_TESTED


def test_a_unique_id_is_no_leak():
    rng = np.random.default_rng(5)
    labels = rng.choice(["a", "b"], 300).tolist()
    report = target_leaks(labels, [category_column("id", [str(i) for i in range(300)], known=Known.NO)], rng=rng)
    assert report.findings[0].judgement is Judgement.NOTHING


def random_column(rng, n, kind):
    match kind:
        case "number":
            return number_column("x", rng.normal(size=n))
        case "category":
            return category_column("x", rng.choice(list("abcdefgh"), n).tolist())
        case "flag":
            return category_column("x", (rng.random(n) < 0.05).tolist())
        case _:
            return category_column("x", [str(i) for i in range(n)])


@pytest.mark.parametrize("kind", ["number", "category", "flag", "unique"])
def test_the_permutation_test_keeps_its_level(kind):
    rng = np.random.default_rng(6)
    p_values = []
    for _ in range(200):
        labels = rng.choice(["a", "b", "b", "c"], 90).tolist()
        p_values.append(
            target_leaks(labels, [random_column(rng, 90, kind)], rng=rng, permutations=99).findings[0].p_value
        )
    for level in (0.05, 0.1, 0.3):
        rejected = sum(p <= level for p in p_values)
        assert binomtest(rejected, 200, level, alternative="greater").pvalue > 0.001
    if kind == "number":  # continuous enough to be uniform, so that power is not thrown away either
        assert kstest(p_values, "uniform").statistic < 0.12


def test_dependent_rows_are_counted_once_a_group():
    """Ten copies of each of 40 things: without groups a random column looks significant."""
    rng = np.random.default_rng(7)
    with_groups = without = 0
    for _ in range(30):
        labels = np.repeat(rng.choice(["a", "b"], 60), 10).tolist()
        column = number_column("x", np.repeat(rng.normal(size=60), 10))
        groups = [str(i // 10) for i in range(600)]
        without += target_leaks(labels, [column], rng=rng, permutations=99).findings[0].p_value <= 0.05
        with_groups += (
            target_leaks(labels, [column], rng=rng, groups=groups, permutations=99).findings[0].p_value <= 0.05
        )
    assert without > 25
    assert with_groups <= 6


def test_the_skill_interval_covers():
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(150):
        labels = rng.choice(["a", "b"], 300, p=[0.8, 0.2])
        noisy = np.where(rng.random(300) < 0.1, rng.permutation(labels), labels)
        truth_a, truth_b = 0.9 + 0.1 * 0.8, 0.9 + 0.1 * 0.2  # recalls of answering with the column
        estimate = target_leaks(labels.tolist(), [category_column("x", noisy.tolist())], rng=rng, permutations=19)
        skill = estimate.findings[0].skill
        hits += skill.low <= truth_a + truth_b - 1 <= skill.high
    assert hits / 150 > 0.9


def slow_balanced_accuracy(levels, codes, folds):
    """The same rule by hand, for columns without ties."""
    answers = np.empty_like(codes)
    for fold in range(N_FOLDS):
        train = folds != fold
        for level in np.unique(levels):
            rates = [np.mean(levels[train & (codes == k)] == level) for k in range(codes.max() + 1)]
            answers[(folds == fold) & (levels == level)] = int(np.argmax(rates))
    return balanced_accuracy_score(codes, answers)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 4))
def test_the_fast_score_equals_the_slow_one(seed, k):
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(k), rng.choice(k, 397, p=np.arange(1, k + 1) / (k * (k + 1) / 2))])
    levels = (codes + rng.integers(0, 3, codes.size)) % 5
    target = Target(codes, rng)
    if np.bincount(codes).min() < N_FOLDS:
        return
    scored = BinScorer(levels, target).recalls(np.arange(codes.size)).mean()
    assert scored == pytest.approx(slow_balanced_accuracy(levels, codes, target.folds), abs=0.01)  # ties apart


def test_words_and_bins_agree_on_a_single_word():
    rng = np.random.default_rng(9)
    codes = rng.integers(0, 2, 200)
    has_word = rng.random(200) < np.where(codes == 1, 0.7, 0.2)
    target = Target(codes, rng)
    order = np.arange(200)
    words = WordScorer([frozenset({"w"}) if h else frozenset() for h in has_word], target).recalls(order)
    assert words == pytest.approx(BinScorer(has_word.astype(np.int64), target).recalls(order))


def test_what_cannot_be_tested_says_why():
    rng = np.random.default_rng(0)
    assert target_leaks(["a"] * 50, [number_column("x", [1.0] * 50)], rng=rng).reason
    report = target_leaks(["a", "b"] * 30, [number_column("x", [1.0] * 60), number_column("y", [None] * 60)], rng=rng)
    assert {f.skill.reason for f in report.findings} == {"All values are equal.", "All values are missing."}
    with pytest.raises(ValueError, match="same name"):
        target_leaks(["a"], [number_column("x", [1.0]), number_column("x", [1.0])], rng=rng)
    with pytest.raises(ValueError, match="rows"):
        target_leaks(["a", "b"], [number_column("x", [1.0])], rng=rng)


def test_the_same_seed_gives_the_same_report():
    labels, columns = clinic(np.random.default_rng(0), n=200)
    first, second = (target_leaks(labels, columns, rng=np.random.default_rng(5), permutations=99) for _ in range(2))
    assert first == second
