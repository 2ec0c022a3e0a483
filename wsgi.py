"""The WSGI entry point: `gunicorn wsgi:app`."""

import sys

from matching.app import create_app
from matching.kernel.keyring import KeyFileError
from matching.records.standing import refuse_wrong_keys

NEVER_BOOTS = 3  # what a gunicorn worker says so that it is not started again and again

app = create_app()
with app.app_context():
    try:
        refuse_wrong_keys()
    except KeyFileError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(NEVER_BOOTS)
