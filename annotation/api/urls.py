"""All addresses but those of the hot path, which hot/urls.py has."""

from django.urls import path

from annotation.api import assist_views as assist
from annotation.api import bulk_views as bulk
from annotation.api import gold_views as gold
from annotation.api import guideline_views as guidelines
from annotation.api import people_views as people
from annotation.api import queue_views as queues
from annotation.api import review_views as review
from annotation.api import schema_views as schema
from annotation.api.contents import ContentView

QUEUES = "projects/<slug:slug>/queues"
SCHEMAS = "projects/<slug:slug>/schemas"

urlpatterns = [
    path("contents/<str:signed>", ContentView.as_view(), name="content"),
    # Finding an object from a hint
    path("assist/models", assist.AssistModelsView.as_view(), name="assist-models"),
    path("assist/masks", assist.AssistMasksView.as_view(), name="assist-masks"),
    # Queues
    path(QUEUES, queues.QueueListView.as_view({"get": "list", "post": "create"}), name="queues"),
    path(
        f"{QUEUES}/<uuid:id>",
        queues.QueueDetailView.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="queue",
    ),
    path(f"{QUEUES}/<uuid:id>/tasks", queues.QueueTasksView.as_view({"post": "create"}), name="queue-tasks"),
    path(f"{QUEUES}/<uuid:id>/priority", bulk.QueuePriorityView.as_view({"post": "create"}), name="queue-priority"),
    path(f"{QUEUES}/<uuid:id>/reopen", bulk.QueueReopenView.as_view({"post": "create"}), name="queue-reopen"),
    path(f"{QUEUES}/<uuid:id>/at-work", bulk.QueueAtWorkView.as_view({"get": "list"}), name="queue-at-work"),
    path(f"{QUEUES}/<uuid:id>/gold", gold.QueueGoldView.as_view({"get": "list", "post": "create"}), name="queue-gold"),
    path(f"{QUEUES}/<uuid:id>/gold/people", gold.GoldPeopleView.as_view({"get": "list"}), name="queue-gold-people"),
    path(
        f"{QUEUES}/<uuid:id>/gold/<int:task>", gold.GoldItemView.as_view({"delete": "destroy"}), name="queue-gold-item"
    ),
    path(
        f"{QUEUES}/<uuid:id>/selection", queues.SelectionCountView.as_view({"post": "create"}), name="queue-selection"
    ),
    path(f"{QUEUES}/<uuid:id>/stats", queues.QueueStatsView.as_view({"get": "retrieve"}), name="queue-stats"),
    path(
        f"{QUEUES}/<uuid:id>/workbench", queues.QueueWorkbenchView.as_view({"get": "retrieve"}), name="queue-workbench"
    ),
    path(f"{QUEUES}/<uuid:id>/history", queues.QueueHistoryView.as_view({"get": "list"}), name="queue-history"),
    path(
        f"{QUEUES}/<uuid:id>/consensus",
        queues.QueueConsensusView.as_view({"get": "retrieve", "post": "create"}),
        name="queue-consensus",
    ),
    path(
        f"{QUEUES}/<uuid:id>/consensus/accept",
        queues.QueueAcceptView.as_view({"post": "create"}),
        name="queue-consensus-accept",
    ),
    path(
        f"{QUEUES}/<uuid:id>/agreement", queues.QueueAgreementView.as_view({"get": "retrieve"}), name="queue-agreement"
    ),
    # What annotators are told
    path(
        f"{QUEUES}/<uuid:id>/guideline",
        guidelines.GuidelineView.as_view({"get": "retrieve", "put": "update"}),
        name="guideline",
    ),
    path(
        f"{QUEUES}/<uuid:id>/guideline/acknowledge",
        guidelines.AcknowledgeView.as_view({"post": "create"}),
        name="guideline-acknowledge",
    ),
    path(
        f"{QUEUES}/<uuid:id>/guideline/revisions",
        guidelines.GuidelineRevisionsView.as_view({"get": "list"}),
        name="guideline-revisions",
    ),
    # Schema changes
    path(
        f"{SCHEMAS}/<uuid:public_id>/changes",
        schema.SchemaChangesView.as_view({"get": "list", "post": "create"}),
        name="schema-changes",
    ),
    path(
        f"{SCHEMAS}/<uuid:public_id>/changes/preview",
        schema.SchemaChangePreviewView.as_view({"post": "create"}),
        name="schema-change-preview",
    ),
    # Review
    path(f"{QUEUES}/<uuid:id>/review", review.ReviewListView.as_view({"get": "list"}), name="queue-review"),
    path(
        f"{QUEUES}/<uuid:id>/review-plan",
        review.ReviewPlanView.as_view({"get": "retrieve", "put": "update"}),
        name="review-plan",
    ),
    path("projects/<slug:slug>/review", review.ReviewListView.as_view({"get": "list"}), name="review"),
    path("projects/<slug:slug>/review/<uuid:id>", review.SettleView.as_view({"get": "retrieve"}), name="review-case"),
    path(
        "projects/<slug:slug>/review/<uuid:id>/settle",
        review.SettleView.as_view({"post": "settle"}),
        name="review-settle",
    ),
    path(
        "projects/<slug:slug>/review/<uuid:id>/return",
        review.ReturnView.as_view({"post": "create"}),
        name="review-return",
    ),
    # People, own work
    path("projects/<slug:slug>/people", people.PeopleView.as_view({"get": "list", "post": "create"}), name="people"),
    path(
        "projects/<slug:slug>/people/<uuid:id>",
        people.PeopleView.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="person",
    ),
    path("projects/<slug:slug>/my-work", people.MyWorkView.as_view({"get": "retrieve"}), name="my-work"),
    path("my-work", people.AllMyWorkView.as_view({"get": "retrieve"}), name="all-my-work"),
]
