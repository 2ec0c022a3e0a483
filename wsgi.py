"""The WSGI entry point: `gunicorn wsgi:app`."""

from matching.app import create_app

app = create_app()
