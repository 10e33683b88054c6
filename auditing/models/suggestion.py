"""What the rules propose; a person decides."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from common.models import PublicIdModel


class SuggestionState(models.TextChoices):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class RetrainSuggestionQuerySet(models.QuerySet["RetrainSuggestion"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user)


class RetrainSuggestion(PublicIdModel):
    """The metric fell and chance is a poor explanation: retrain? At most one open for an endpoint."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    evidence = models.JSONField(db_comment="both estimates, the difference, p, the effect, the sentence")
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    job = models.ForeignKey("accounts.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    run = models.ForeignKey("training.Run", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = RetrainSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(state="open"), name="retrain_suggestion_one_open_per_endpoint"
            )
        ]
