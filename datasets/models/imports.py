from django.db import models
from django.db.models import F, Q

from accounts.models import Job, Project, User
from common.models import PublicIdModel
from datasets.models.items import Item
from datasets.models.ownership import ProjectManager
from datasets.models.sources import Source


class Import(PublicIdModel):
    """One run over a source. Counters move in the same transaction as the report rows that they count."""

    class Kind(models.TextChoices):
        FOLDER = "folder"
        UPLOADS = "uploads"
        S3 = "s3"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, related_name="imports")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parameters = models.JSONField(default=dict)
    found = models.PositiveBigIntegerField(null=True, db_comment="entries to look at, once they have been counted")
    imported = models.PositiveBigIntegerField(default=0, db_comment="new items")
    duplicates = models.PositiveBigIntegerField(default=0, db_comment="bytes the project had; a further occurrence")
    known = models.PositiveBigIntegerField(default=0, db_comment="unchanged since an earlier import of the source")
    rejected = models.PositiveBigIntegerField(default=0)
    first_item_id = models.BigIntegerField(null=True)
    last_item_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()


class ImportFile(models.Model):
    """One line of an import's report. Its presence is the import's progress: a resumed import skips what has a row."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported"
        DUPLICATE = "duplicate"
        KNOWN = "known"
        REJECTED = "rejected"

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    identity = models.UUIDField(db_comment="first 128 bits of SHA-256 of name, NUL, ordinal among equal names")
    name = models.CharField(max_length=1024)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    byte_size = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "identity"], name="import_file_once"),
            models.CheckConstraint(
                condition=~Q(outcome="rejected") | (~Q(code="") & ~Q(message="")), name="import_file_says_why"
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "id"], name="import_file_report")]


class Upload(PublicIdModel):
    """A file on its way from a browser, in chunks that lie in the object store until an import takes them."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        COMPLETE = "complete"
        IMPORTED = "imported"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=1024)
    size = models.PositiveBigIntegerField(db_comment="bytes, as announced")
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_by = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="+")
    touched_at = models.DateTimeField(auto_now=True)

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_not_longer_than_announced"),
            models.CheckConstraint(
                condition=Q(state="receiving") | Q(received=F("size")), name="upload_complete_is_whole"
            ),
        ]


class UploadChunk(models.Model):
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="chunks")
    start = models.PositiveBigIntegerField(db_comment="offset of the first byte")
    size = models.PositiveBigIntegerField()
    object_key = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="upload_chunk_once")]
