import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WEB_PROCESS", "1")  # before the settings are read: only web processes pool connections

application = get_wsgi_application()
