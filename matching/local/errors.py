"""What may go wrong while the local services start, each as a sentence that names the way out."""


class LocalServiceError(Exception):
    """The local services cannot start or go on; the message says why and what to do."""
