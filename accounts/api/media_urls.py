from django.urls import path

from accounts.api.media import media, media_below

urlpatterns = [
    path("<str:signed>", media, name="media"),
    path("below/<str:signed>/<path:name>", media_below, name="media-below"),
]
