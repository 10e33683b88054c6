"""What a model said of an item and who answered could see it: kept beside the answer, which stays a person's."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from annotation.models.annotator import Annotator
from annotation.models.assignment import Submission


class ShownSuggestionQuerySet(models.QuerySet["ShownSuggestion"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(submission__annotator__in=Annotator.objects.visible_to(user))


class ShownSuggestion(models.Model):
    """One to one with a submission, written by the submit itself; tells anchored answers from free ones."""

    submission = models.OneToOneField(Submission, primary_key=True, on_delete=models.CASCADE, related_name="suggestion")
    model = models.UUIDField(db_comment="public id of the model version")
    classes = ArrayField(models.CharField(max_length=120), db_comment="what it said")
    probability = models.FloatField(db_comment="of that, as the model gave it")
    confirmed = models.BooleanField(db_comment="the person gave the same answer")

    objects = ShownSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(probability__gte=0, probability__lte=1), name="suggestion_probability"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.classes}"
