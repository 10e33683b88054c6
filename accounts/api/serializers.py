from typing import Any

from rest_framework import serializers

from accounts.models import ApiToken, AuditEntry, Job, Membership, Notification, Project, Role, Scope


class ProjectOut(serializers.ModelSerializer[Project]):
    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Project
        fields = ("id", "slug", "name")


class UserOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    email = serializers.EmailField()
    name = serializers.CharField()
    locale = serializers.CharField()
    is_operator = serializers.BooleanField()


class SessionMembershipOut(serializers.ModelSerializer[Membership]):
    project = ProjectOut()

    class Meta:
        model = Membership
        fields = ("project", "role")


class SessionOut(serializers.Serializer[Any]):
    user = UserOut(allow_null=True)
    memberships = SessionMembershipOut(many=True)
    preferences = serializers.DictField()


class SignIn(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False)


class PreferencesIn(serializers.Serializer[Any]):
    locale = serializers.ChoiceField(choices=["en", "ko"], required=False)
    preferences = serializers.DictField(required=False)


class ProjectIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    slug = serializers.SlugField(max_length=60, required=False, default="", allow_blank=True)


class PasswordIn(serializers.Serializer[Any]):
    current_password = serializers.CharField(trim_whitespace=False, max_length=1000)
    new_password = serializers.CharField(trim_whitespace=False, max_length=1000)


class FirstPasswordIn(serializers.Serializer[Any]):
    user = serializers.UUIDField()
    key = serializers.CharField(max_length=200, help_text="The secret of the link.")
    password = serializers.CharField(trim_whitespace=False, max_length=1000)


class AccountIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    locale = serializers.ChoiceField(choices=["en", "ko"], required=False, default="en")
    password = serializers.CharField(
        trim_whitespace=False,
        max_length=1000,
        required=False,
        allow_null=True,
        default=None,
        help_text="A first password; without it the answer has a link by which the person chooses one.",
    )
    project = serializers.SlugField(required=False, allow_null=True, default=None)
    role = serializers.ChoiceField(choices=Role.choices, required=False, default=Role.ANNOTATOR)


class AccountLinkIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class LinkOut(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Below the server's address. It works once, and is told only now.")
    expires_at = serializers.DateTimeField()


class AccountOut(serializers.Serializer[Any]):
    user = UserOut()
    link = LinkOut(allow_null=True)


class MemberOut(serializers.ModelSerializer[Membership]):
    user = UserOut()
    has_password = serializers.BooleanField(
        source="user.has_usable_password", read_only=True, help_text="False until the person has chosen one."
    )

    class Meta:
        model = Membership
        fields = ("user", "role", "has_password", "created_at")


class MemberIn(serializers.Serializer[Any]):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)


class TokenOut(serializers.ModelSerializer[ApiToken]):
    id = serializers.UUIDField(source="public_id")
    project = serializers.SlugRelatedField[Project](slug_field="slug", read_only=True, allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))

    class Meta:
        model = ApiToken
        fields = ("id", "name", "prefix", "project", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")


class TokenCreatedOut(TokenOut):
    token = serializers.CharField(help_text="Shown once; only its hash is kept.")

    class Meta(TokenOut.Meta):
        fields = (*TokenOut.Meta.fields, "token")  # type: ignore[assignment]


class TokenIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), allow_empty=False)
    project = serializers.SlugField(required=False, allow_null=True, default=None)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457, with a frozen `code`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457 member, not the serializer's own errors
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class JobOut(serializers.ModelSerializer[Job]):
    id = serializers.UUIDField(source="public_id")
    eta_seconds = serializers.SerializerMethodField()
    error = ProblemOut(allow_null=True)
    result = serializers.JSONField(allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "state",
            "done",
            "total",
            "message",
            "eta_seconds",
            "result",
            "error",
            "attempt",
            "cancel_requested",
            "created_at",
            "started_at",
            "finished_at",
        )

    def get_eta_seconds(self, job: Job) -> int | None:
        """Seconds left at the pace so far; null before there is one."""
        if job.state != "running" or not (job.started_at and job.heartbeat_at and job.done and job.total):
            return None
        elapsed = (job.heartbeat_at - job.started_at).total_seconds()
        return max(0, round(elapsed / job.done * (job.total - job.done)))


class NotificationOut(serializers.ModelSerializer[Notification]):
    id = serializers.UUIDField(source="public_id")
    project = serializers.SlugRelatedField[Project](slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Notification
        fields = ("id", "project", "code", "data", "link", "created_at", "read_at")


class AuditEntryOut(serializers.ModelSerializer[AuditEntry]):
    actor = serializers.CharField(source="actor.name", allow_null=True, default=None)

    class Meta:
        model = AuditEntry
        fields = ("id", "created_at", "actor", "action", "subject", "data")
