from auditing.models.audit import Audit, AuditItem, AuditKind, AuditSchedule, AuditState
from auditing.models.hard_sample import Fate, HardSample, HardSampleBatch, Reason
from auditing.models.prediction import Prediction, PredictionCount, PredictionQuerySet, ReceivedRequest
from auditing.models.suggestion import RetrainSuggestion, SuggestionState

__all__ = [
    "Audit",
    "AuditItem",
    "AuditKind",
    "AuditSchedule",
    "AuditState",
    "Fate",
    "HardSample",
    "HardSampleBatch",
    "Prediction",
    "PredictionCount",
    "PredictionQuerySet",
    "Reason",
    "ReceivedRequest",
    "RetrainSuggestion",
    "SuggestionState",
]
