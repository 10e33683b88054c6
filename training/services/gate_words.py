"""What the checks of the release gate answer."""

from common.said import Phrase

ANSWERS = Phrase("gate.answers", "It answers {n:,} pictures, eight extreme ones among them, with probabilities.")
FAILS_ON = Phrase("gate.failsOn", "It fails on {what}: {error}")
EXTREME = Phrase("gate.extreme", "the extreme picture “{name}”")
ORDINARY = Phrase("gate.ordinary", "a picture of the validation split")

NO_TARGET = Phrase(
    "gate.noTarget", "The brief names no figure that the model has to reach. Add one under “what success means”."
)
NOT_MEASURED = Phrase("gate.notMeasured", "Nothing measured {metric} of this model yet: take a test look.")
NOT_COMPUTED = Phrase("gate.notComputed", "{metric} cannot be computed: {reason}")
REACHES = Phrase("gate.reaches", "{metric} on {split} is {value:.1%}; the brief asks for {wanted:.1%}.")
REACHES_RANGE = Phrase(
    "gate.reachesRange",
    "{metric} on {split} is {value:.1%} ({level:.0%} interval {low:.1%} to {high:.1%}); the brief asks for "
    "{wanted:.1%}.",
)
REACHES_BELOW = Phrase("gate.reachesBelow", "The interval reaches below it, so a larger test could say otherwise.")
SPLITS = {split: Phrase(f"gate.split.{split}", split) for split in ("train", "validation", "test")}
# Every measure that a brief may ask for, at the beginning of a sentence.
MEASURES = {
    key: Phrase(f"gate.metric.{key}", english)
    for key, english in {
        "accuracy": "Accuracy",
        "balanced_accuracy": "Balanced accuracy",
        "macro_f1": "Macro f1",
        "recall": "Recall",
        "precision": "Precision",
        "f1": "F1",
    }.items()
}

NO_PICTURES = Phrase("gate.noPictures", "The version has no validation pictures to take the time with.")
_TIME = "One picture takes {middle:.1f} ms of CPU in the middle and {p95:.1f} ms in 95 of 100 cases, decoding included"
NO_LIMIT = Phrase("gate.noLimit", f"{_TIME}; the brief sets no limit.")
LIMIT = Phrase("gate.limit", f"{_TIME}; the brief allows {{limit:g}} ms.")

IS_BASELINE = Phrase("gate.isBaseline", "This is a baseline itself.")
BY_TWIN = Phrase("gate.byTwin", "Judged by its twin that left the validation rows out: {told}")
NOT_COMPARED = Phrase(
    "gate.notCompared",
    "It was not compared with a baseline. Run the baselines on the same version and protocol first.",
)

WHICH_LOOK = Phrase("gate.whichLook", "That was look {number:,} of {count:,} at this test split.")
NO_TEST = Phrase("gate.noTest", "{version} has no test split.")
NOT_LOOKED = Phrase(
    "gate.notLooked",
    "The test split was not looked at with this model, but {times}, last with {model} on {date}: one more look needs "
    "a written reason.",
)
ONCE = Phrase("gate.once", "once")
TIMES = Phrase("gate.times", "{count} times")
FIRST_LOOK = Phrase(
    "gate.firstLook", "Nobody looked at this test split yet; the release takes the first look, which is free."
)

NO_CHAMPION = Phrase("gate.noChampion", "No other model answers at this endpoint, so there is none to be worse than.")
ALL_FITTED = Phrase(
    "gate.allFitted",
    "{champion} was fitted on all validation rows of this version: there are no rows to compare on.",
)
NONE_WORSE = Phrase(
    "gate.noneWorse",
    "None of {classes:,} classes and {values:,} values of attributes is answered worse than by {champion} on {n:,} "
    "pictures that neither was fitted on.",
)
WORSE = Phrase("gate.worse", "It is worse than {champion} on {slices}. Look at these failures before you release.")
WORSE_TWO = Phrase("gate.worseTwo", "{first}, {second}")
WORSE_CLASS = Phrase("gate.worseClass", "“{name}” ({before:.0%} to {after:.0%})")
WORSE_VALUE = Phrase("gate.worseValue", "{by} “{name}” ({before:.0%} to {after:.0%})")

NO_PRODUCTION = Phrase("gate.noProduction", "Production has sent no pictures yet.")
FAILS_RECENT = Phrase("gate.failsRecent", "It fails on recent production pictures: {error}")
ANSWERED = Phrase("gate.answered", "It answered {answered:,} of the {n:,} latest production pictures.")

NOT_MADE = Phrase("gate.notMade", "The check could not be made: {error}")
