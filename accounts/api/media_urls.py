from django.urls import path

from accounts.api.media import media

urlpatterns = [path("<str:signed>", media, name="media")]
