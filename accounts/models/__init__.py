from accounts.models.audit_entry import AuditEntry
from accounts.models.idempotency_key import IdempotencyKey
from accounts.models.job import Job, JobState
from accounts.models.notification import Notification
from accounts.models.project import Membership, Project, Role
from accounts.models.sign_in_count import SignInCount
from accounts.models.token import ApiToken, Scope
from accounts.models.user import User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "IdempotencyKey",
    "Job",
    "JobState",
    "Membership",
    "Notification",
    "Project",
    "Role",
    "Scope",
    "SignInCount",
    "User",
]
