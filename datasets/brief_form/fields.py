"""The questions of the brief, in order. Texts in English and Korean; the page only lays them out."""

from dataclasses import dataclass
from enum import StrEnum

from datasets.brief_form.task_kinds import TASK_KINDS


class FieldKind(StrEnum):
    """share: a number from 0 to 1. choice: one of options."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    CHOICE = "choice"


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    key: str
    en: str
    ko: str


@dataclass(frozen=True)
class BriefField:
    """required: needed for a signature, where "classification" means only if the task is one."""

    key: str
    section: str
    kind: FieldKind
    en: str
    ko: str
    help_en: str = ""
    help_ko: str = ""
    required: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()


ALWAYS, CLASSIFICATION = "always", "classification"
_T, _N, _S, _C = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.SHARE, FieldKind.CHOICE


def _options(*entries: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(*entry) for entry in entries)


METRICS = _options(
    ("accuracy", "Accuracy", "정확도"),
    ("balanced_accuracy", "Balanced accuracy", "균형 정확도"),
    ("recall", "Recall of the class of concern", "관심 클래스의 재현율"),
    ("precision", "Precision of the class of concern", "관심 클래스의 정밀도"),
    ("f1", "F1 of the class of concern", "관심 클래스의 F1"),
    ("macro_f1", "Macro F1", "매크로 F1"),
    ("roc_auc", "ROC AUC", "ROC AUC"),
    ("pr_auc", "PR AUC", "PR AUC"),
)

FIELDS: tuple[BriefField, ...] = (
    BriefField(
        "input", "task", _T, "Input", "입력", "What does the model get to see?", "모델이 받는 것은 무엇인가요?", ALWAYS
    ),
    BriefField("target", "task", _T, "Target", "목표값", "What shall it say?", "무엇을 답해야 하나요?", ALWAYS),
    BriefField(
        "task_kind",
        "task",
        _C,
        "Kind of learning task",
        "학습 과제의 종류",
        "",
        "",
        ALWAYS,
        options=tuple(Option(kind.key, kind.title_en, kind.title_ko) for kind in TASK_KINDS),
    ),
    BriefField(
        "solution_today",
        "task",
        _T,
        "Solution in use today",
        "현재 쓰는 방법",
        "The model competes with it. “None” is an answer.",
        "모델의 경쟁 상대입니다. 없으면 “없음”.",
        ALWAYS,
    ),
    BriefField(
        "fits_into_work",
        "task",
        _T,
        "How it fits into the work",
        "업무에 들어가는 방식",
        "Who acts on the answer?",
        "누가 답을 보고 행동하나요?",
    ),
    BriefField("latency_ms", "constraints", _N, "Longest time for an answer", "허용 응답 시간", unit="ms"),
    BriefField(
        "device",
        "constraints",
        _C,
        "Where it must run",
        "실행 위치",
        options=_options(
            ("server", "Server", "서버"),
            ("browser", "Browser", "브라우저"),
            ("phone", "Phone", "휴대전화"),
            ("machine", "Machine on site", "현장 기계"),
        ),
    ),
    BriefField(
        "connection",
        "constraints",
        _C,
        "Connection",
        "네트워크 연결",
        options=_options(("always", "Always", "항상"), ("sometimes", "Sometimes", "가끔"), ("never", "Never", "없음")),
    ),
    BriefField("memory_mb", "constraints", _N, "Memory for the model", "모델 메모리", unit="MB"),
    BriefField(
        "privacy",
        "constraints",
        _T,
        "Privacy",
        "개인정보",
        "May inputs leave the device, be stored, be seen?",
        "입력을 저장하거나 볼 수 있나요?",
    ),
    BriefField(
        "business_success", "success", _T, "What success means to the business", "사업에서의 성공", "", "", ALWAYS
    ),
    BriefField(
        "target_metric",
        "success",
        _C,
        "Measure of success",
        "성공 지표",
        "The metric of record.",
        "공식 지표입니다.",
        CLASSIFICATION,
        options=METRICS,
    ),
    BriefField(
        "target_value",
        "success",
        _S,
        "Value to reach",
        "도달할 값",
        "A release below it is refused.",
        "이 값보다 낮으면 배포가 거절됩니다.",
    ),
    BriefField(
        "class_of_concern",
        "success",
        _T,
        "Class of concern",
        "관심 클래스",
        "The class that must not be missed: its key.",
        "놓치면 안 되는 클래스의 키.",
        CLASSIFICATION,
    ),
    BriefField("false_positive_means", "success", _T, "A false alarm means", "잘못된 경보의 뜻"),
    BriefField("false_positive_cost", "success", _N, "Cost of a false alarm", "잘못된 경보의 비용"),
    BriefField("false_negative_means", "success", _T, "A miss means", "놓침의 뜻"),
    BriefField("false_negative_cost", "success", _N, "Cost of a miss", "놓침의 비용"),
    BriefField("cost_unit", "success", _T, "Unit of the costs", "비용의 단위"),
    BriefField("cases_per_day", "success", _N, "Cases a day", "하루 건수", "", "", "", "cases"),
    BriefField(
        "positive_share",
        "success",
        _S,
        "Share of the class of concern in production",
        "운영에서 관심 클래스의 비율",
        "Not the share in the training data. Audits will estimate it later.",
        "학습 데이터의 비율이 아닙니다. 나중에 감사로 추정합니다.",
    ),
    BriefField(
        "lifetime",
        "success",
        _N,
        "Expected lifetime of a model",
        "모델의 예상 수명",
        "How long until the world has changed?",
        "세상이 바뀌기까지 얼마나 걸리나요?",
    ),
    BriefField(
        "lifetime_unit",
        "success",
        _C,
        "Unit of the lifetime",
        "수명의 단위",
        options=_options(
            ("days", "Days", "일"), ("weeks", "Weeks", "주"), ("months", "Months", "개월"), ("years", "Years", "년")
        ),
    ),
    BriefField(
        "sensitivity",
        "ethics",
        _C,
        "Sensitivity of the data",
        "데이터 민감도",
        "",
        "",
        ALWAYS,
        options=_options(
            ("public", "Public", "공개"),
            ("internal", "Internal", "내부"),
            ("personal", "Personal", "개인정보"),
            ("special", "Special category (health, origin, belief, biometrics)", "민감정보 (건강, 출신, 신념, 생체)"),
        ),
    ),
    BriefField(
        "explanations",
        "ethics",
        _C,
        "Explanations of single answers",
        "개별 답의 설명",
        options=_options(
            ("none", "Not needed", "필요 없음"), ("helpful", "Helpful", "있으면 좋음"), ("required", "Required", "필수")
        ),
    ),
    BriefField(
        "target_is",
        "ethics",
        _C,
        "The target is",
        "목표값의 성격",
        "A recorded judgement may be somebody's prejudice written down.",
        "기록된 판단은 누군가의 편견일 수 있습니다.",
        ALWAYS,
        options=_options(
            ("fact", "A fact that can be checked", "확인할 수 있는 사실"),
            ("judgement", "A judgement that experts share", "전문가가 동의하는 판단"),
            ("opinion", "An opinion about people, perhaps a prejudice", "사람에 대한 의견, 어쩌면 편견"),
        ),
    ),
    BriefField("who_is_harmed", "ethics", _T, "Who is harmed by an error", "오류로 해를 입는 사람", "", "", ALWAYS),
)

BY_KEY = {field.key: field for field in FIELDS}
SECTIONS = ("task", "constraints", "success", "ethics")
DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
