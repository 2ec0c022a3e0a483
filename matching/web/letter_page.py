"""The printed letter that starts a log-in: A4, a QR code, and a code to type."""

from __future__ import annotations

import segno
from flask import current_app, render_template

from matching.people.tickets import Minted


def letter(minted: Minted, back: str) -> str:
    """Render a letter; it can be shown this once, because we keep digests only."""
    base = current_app.extensions["musubi"].base_url
    address = f"{base}/activate/{minted.token}"
    return render_template(
        "desk/letter.html",
        login=minted.account.login,
        name=minted.account.display_name,
        typed_address=f"{base}/activate",
        code=minted.code,
        picture=segno.make(address, error="m").svg_data_uri(scale=4),
        expires_at=minted.expires_at,
        back=back,
    )
