"""The hot path, looked at before all other addresses: finding one's way through them costs a tenth of a request.

A queue's id is enough to find its project, so `next` has an address without one.
"""

from django.urls import path

from annotation.api.hot import views as hot

urlpatterns = [
    path("projects/<slug:slug>/queues/<uuid:queue>/next", hot.next_view, name="queue-next"),
    path("queues/<uuid:queue>/next", hot.next_view, name="next"),
    path("submissions", hot.submit_view, name="submissions"),
    path("leases/heartbeat", hot.heartbeat_view, name="leases-heartbeat"),
    path("leases/release", hot.release_view, name="leases-release"),
]
