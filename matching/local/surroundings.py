"""The environment in which every process of one place runs."""

from collections.abc import Mapping
from pathlib import Path

from matching.kernel.keyring import new_file
from matching.local.endpoints import Endpoints
from matching.local.instance import Place
from matching.local.keys import kept_secret, new_key, new_password
from matching.local.processes import ROOT

_DEMO_MARK = "demo-password"


def place_of(environ: Mapping[str, str]) -> Place:
    """Return the place that `MUSUBI_DATA` names; `var` of the checkout where it is unset."""
    return Place(Path(environ.get("MUSUBI_DATA") or ROOT / "var").absolute())


def process_environ(
    place: Place, endpoints: Endpoints, environ: Mapping[str, str], *, demo: bool | None = None
) -> dict[str, str]:
    """Return `environ` completed by the addresses, the keys and the folder of this place.

    `demo` None asks the place itself: it is a demo's where the demo has been before.
    """
    told = {name: value for name, value in environ.items() if not name.startswith("PG")}
    told |= endpoints.environ()
    told |= {"MUSUBI_DATA": str(place.data_dir), "PYTHONUNBUFFERED": "1"}
    if not told.get("SECRET_KEYS_FILE"):
        keys = place.data_dir / "keys" / "secret"
        kept_secret(keys, new_key)
        told["SECRET_KEYS_FILE"] = str(keys)
    if not told.get("FIELD_KEYS_FILE"):
        fields = place.data_dir / "keys" / "field"
        kept_secret(fields, new_file)
        told["FIELD_KEYS_FILE"] = str(fields)
    if demo or (demo is None and knows_demo_password(place)):
        told.setdefault("MUSUBI_DEMO", "1")
    return told


def demo_password(place: Place) -> str:
    """Return the one password of all demo accounts, made at the first demo and kept."""
    return kept_secret(place.data_dir / _DEMO_MARK, new_password)


def knows_demo_password(place: Place) -> bool:
    """Tell whether the demo has been here before."""
    return (place.data_dir / _DEMO_MARK).exists()
