from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LEADS, ProjectView
from datasets.api.dataclass_serializers import serializer_of
from datasets.api.forms import parsed
from datasets.brief_form.checks import missing_for_signature, warnings
from datasets.brief_form.fields import FIELDS, SECTIONS, BriefField
from datasets.brief_form.task_kinds import TASK_KINDS, TaskKind
from datasets.brief_form.templates import TEMPLATES, Template
from datasets.models import Brief, Hypothesis, HypothesisAttempt
from datasets.selectors import briefs
from datasets.services import briefs as services
from datasets.services import hypotheses
from datasets.services.report_json import plain

TAGS = ["datasets"]


class BriefOut(serializers.ModelSerializer[Brief]):
    id = serializers.UUIDField(source="public_id")
    answers = serializers.DictField()
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    missing = serializers.SerializerMethodField(help_text="Fields needed before it can be signed.")
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Brief
        fields = (
            "id", "revision", "template", "answers", "state", "task_kind", "class_of_concern", "positive_share",
            "cases_per_day", "lifetime_days", "signed_name", "decided_by", "decided_at", "decision_reason",
            "created_at", "updated_at", "missing", "warnings",
        )  # fmt: skip

    def get_missing(self, brief: Brief) -> list[str]:
        return missing_for_signature(brief.answers)

    def get_warnings(self, brief: Brief) -> list[str]:
        return warnings(brief.answers)


class BriefIn(serializers.Serializer[Any]):
    answers = serializers.DictField()
    template = serializers.CharField(required=False, default="", allow_blank=True)


class CurrentBriefOut(serializers.Serializer[Any]):
    brief = BriefOut(allow_null=True)
    history = BriefOut(many=True)


class SignBriefIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    seen = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="updated_at of the draft that the person read."
    )


class StopIn(SignBriefIn):
    reason = serializers.CharField(max_length=5000)


class BriefTemplatesOut(serializers.Serializer[Any]):
    sections = serializers.ListField(child=serializers.CharField())
    fields = serializer_of(BriefField)(many=True)  # type: ignore[assignment]
    task_kinds = serializer_of(TaskKind)(many=True)
    templates = serializer_of(Template, "BriefTemplate")(many=True)


class AttemptOut(serializers.ModelSerializer[HypothesisAttempt]):
    notes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = HypothesisAttempt
        fields = ("reference", "label", "beat_baseline", "metric", "value", "baseline", "notes", "created_at")


class HypothesisOut(serializers.ModelSerializer[Hypothesis]):
    attempts = serializers.SerializerMethodField()

    class Meta:
        model = Hypothesis
        fields = ("kind", "state", "signed_name", "decided_at", "reason", "attempts")

    @staticmethod
    def _attempts(hypothesis: Hypothesis) -> list[HypothesisAttempt]:
        return sorted(hypothesis.attempts.all(), key=lambda one: one.pk, reverse=True) if hypothesis.pk else []

    @extend_schema(responses=AttemptOut(many=True))
    def get_attempts(self, hypothesis: Hypothesis) -> list[dict[str, Any]]:
        return list(AttemptOut(self._attempts(hypothesis), many=True).data)


class HypothesisChange(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["refuted", "reopened"])
    name = serializers.CharField(max_length=200, help_text="by which the person signs")
    reason = serializers.CharField(max_length=5000)


class BriefView(ProjectView):
    serializer_class = BriefOut
    pagination_class = None

    def _shown(self) -> Response:
        revisions = list(briefs.briefs_of(self.project))
        current = revisions[0] if revisions else None
        return Response(CurrentBriefOut({"brief": current, "history": revisions[1:]}).data)

    @extend_schema(operation_id="brief_retrieve", responses=CurrentBriefOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str) -> Response:
        """The current brief and the revisions before it."""
        return self._shown()

    @extend_schema(operation_id="brief_save", request=BriefIn, responses=CurrentBriefOut, tags=TAGS)
    def update(self, request: Request, slug: str) -> Response:
        """Write the draft."""
        services.save_draft(project=self.project, by=self.user, **parsed(BriefIn(data=request.data)))
        return self._shown()

    @extend_schema(operation_id="brief_sign", request=SignBriefIn, responses=CurrentBriefOut, tags=TAGS)
    def sign(self, request: Request, slug: str) -> Response:
        """A named person stands for the draft."""
        services.sign_brief(project=self.project, by=self.user, **parsed(SignBriefIn(data=request.data)))
        return self._shown()

    @extend_schema(operation_id="brief_stop", request=StopIn, responses=CurrentBriefOut, tags=TAGS)
    def stop(self, request: Request, slug: str) -> Response:
        """A named person stops the project."""
        services.stop_brief(project=self.project, by=self.user, **parsed(StopIn(data=request.data)))
        return self._shown()

    @extend_schema(operation_id="brief_templates", responses=BriefTemplatesOut, tags=TAGS)
    def templates(self, request: Request, slug: str) -> Response:
        """The form, all kinds of learning task, and a template for each reference project."""
        return Response(
            {
                "sections": list(SECTIONS), "fields": plain(FIELDS), "task_kinds": plain(TASK_KINDS),
                "templates": plain(TEMPLATES),
            }
        )  # fmt: skip


class HypothesesView(ProjectView):
    serializer_class = HypothesisOut
    pagination_class = None
    roles_write = LEADS

    def _shown(self) -> Response:
        return Response(HypothesisOut(briefs.hypotheses_of(self.project), many=True).data)

    @extend_schema(operation_id="hypotheses_list", responses=HypothesisOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Both hypotheses with the attempts that speak for or against them."""
        return self._shown()

    @extend_schema(
        operation_id="hypotheses_change", request=HypothesisChange, responses=HypothesisOut(many=True), tags=TAGS
    )
    def change(self, request: Request, slug: str, kind: str) -> Response:
        """Refute, or take that back; either way by a signature."""
        form = parsed(HypothesisChange(data=request.data))
        decide = hypotheses.refute if form.pop("state") == "refuted" else hypotheses.reopen
        decide(project=self.project, kind=kind, by=self.user, **form)
        return self._shown()
