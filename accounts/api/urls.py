from django.urls import path

from accounts.api.session import FirstPasswordView, PasswordView, SessionView
from accounts.api.views import (
    AccountsView,
    AuditTrailView,
    JobsView,
    MembersView,
    NotificationsView,
    ProjectsView,
    TokensView,
)

P = "projects/<slug:slug>"
urlpatterns = [
    path("session", SessionView.as_view(), name="session"),
    path("session/password", PasswordView.as_view(), name="password"),
    path("session/first-password", FirstPasswordView.as_view(), name="first-password"),
    path("accounts", AccountsView.as_view({"post": "create"}), name="accounts"),
    path("accounts/link", AccountsView.as_view({"post": "link"}), name="account-link"),
    path("tokens", TokensView.as_view({"get": "list", "post": "create"}), name="tokens"),
    path("tokens/<uuid:public_id>", TokensView.as_view({"delete": "destroy"}), name="token"),
    path("projects", ProjectsView.as_view({"get": "list", "post": "create"}), name="projects"),
    path(f"{P}/members", MembersView.as_view({"get": "list", "post": "create"}), name="members"),
    path(f"{P}/members/<uuid:user_id>", MembersView.as_view({"delete": "destroy"}), name="member"),
    path(f"{P}/jobs", JobsView.as_view({"get": "list"}), name="jobs"),
    path(f"{P}/jobs/<uuid:public_id>", JobsView.as_view({"get": "retrieve"}), name="job"),
    path(f"{P}/jobs/<uuid:public_id>/cancel", JobsView.as_view({"post": "cancel"}), name="job-cancel"),
    path(f"{P}/notifications", NotificationsView.as_view({"get": "list", "post": "create"}), name="notifications"),
    path(f"{P}/audit-trail", AuditTrailView.as_view({"get": "list"}), name="audit-trail"),
]
