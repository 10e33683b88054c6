"""Every kind of learning task is offered; what this server does not do, or what needs no learning, is said."""

from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    """supported: end to end. planned: the brief can be written, training cannot start yet. elsewhere: another tool."""

    SUPPORTED = "supported"
    PLANNED = "planned"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class TaskKind:
    """One kind. advice: what to do, when it is not supported or something simpler may do; else empty."""

    key: str
    title_en: str
    title_ko: str
    example: str
    support: Support
    advice: str = ""
    classifies: bool = False


_STATISTICS = "Plain statistics answer this with intervals and without a model: {what}."

TASK_KINDS: tuple[TaskKind, ...] = (
    TaskKind(
        "binary",
        "Binary classification",
        "이진 분류",
        "A cookie on the belt is good or anomalous.",
        Support.SUPPORTED,
        classifies=True,
    ),
    TaskKind(
        "multiclass",
        "Classification into one of several classes",
        "다중 클래스 분류",
        "Which of ten categories does this picture show?",
        Support.SUPPORTED,
        classifies=True,
    ),
    TaskKind(
        "multilabel",
        "Several tags at once",
        "다중 레이블 분류",
        "All tags out of 10,000 that fit a photo.",
        Support.SUPPORTED,
        classifies=True,
    ),
    TaskKind(
        "similarity",
        "Ranking by likeness",
        "유사도 순위",
        "How like a known site is this satellite picture?",
        Support.PLANNED,
        "Neighbours by content can be looked at on every item's page already.",
    ),
    TaskKind(
        "regression",
        "Regression to a number",
        "수치 회귀",
        "The click-through rate of an advertisement.",
        Support.PLANNED,
        "Write the brief and import the records; training of numbers comes later.",
    ),
    TaskKind(
        "recommendation",
        "Recommendation from ratings",
        "추천",
        "How will this listener rate that song?",
        Support.PLANNED,
        "Write the brief and import the ratings; matrix factorization comes later.",
    ),
    TaskKind(
        "detection",
        "Finding objects with boxes",
        "객체 탐지",
        "Where are the cookies in the picture?",
        Support.PLANNED,
        "If there is one object in the same place, crop it at import and classify the crop.",
    ),
    TaskKind(
        "segmentation",
        "Segmentation by pixels",
        "영역 분할",
        "Which pixels are tumour?",
        Support.PLANNED,
        "Ask first whether a class for the whole picture would serve the decision.",
    ),
    TaskKind(
        "anomaly",
        "Anomaly detection without examples",
        "이상 탐지",
        "Report whatever is unlike the rest.",
        Support.ELSEWHERE,
        "If anomalous examples can be collected, choose binary classification: it can be measured, this cannot.",
    ),
    TaskKind(
        "clustering",
        "Grouping without a target",
        "군집화",
        "Which kinds of customers are there?",
        Support.ELSEWHERE,
        "There is no right answer to audit. Look at neighbours and histograms, and write down a target first.",
    ),
    TaskKind(
        "forecasting",
        "Forecasting a series from its past",
        "시계열 예측",
        "Tomorrow's price from its history.",
        Support.ELSEWHERE,
        "Compare with tomorrow equals today first; most series of prices cannot be predicted from their own past.",
    ),
    TaskKind(
        "generation",
        "Writing or drawing something new",
        "생성",
        "A reply to a customer.",
        Support.ELSEWHERE,
        "There is no single right answer; this server measures models that have one.",
    ),
    TaskKind(
        "control",
        "Acting step by step for a reward",
        "강화 학습",
        "Steer a robot arm.",
        Support.ELSEWHERE,
        "Reinforcement learning needs a simulator; use a tool made for it.",
    ),
    TaskKind(
        "description",
        "Describing a population",
        "모집단 기술",
        "What share of our customers is over sixty?",
        Support.ELSEWHERE,
        _STATISTICS.format(what="draw a random sample and report the share"),
    ),
    TaskKind(
        "causal",
        "The effect of doing something",
        "인과 효과",
        "Does the new price raise sales?",
        Support.ELSEWHERE,
        _STATISTICS.format(what="run a randomized experiment; a model of past data cannot tell cause from company"),
    ),
)

BY_KEY = {kind.key: kind for kind in TASK_KINDS}
