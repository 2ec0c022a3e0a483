"""The sentence of a refusal in the reader's own register."""

from matching.kernel.errors import DomainError
from matching.web.registers import gettext


def said(refused: DomainError) -> str:
    """Return why it was refused, in the reader's register, its values filled in afterwards."""
    return (
        gettext(refused.template) % refused.values if refused.values else gettext(refused.template)
    )
