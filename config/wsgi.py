import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WEB_PROCESS", "1")  # before the settings are read: only web processes pool connections

application = get_wsgi_application()

# Read the addresses, and with them every view, now: else the first person to meet each worker waits seconds for it.
resolve("/healthz")
