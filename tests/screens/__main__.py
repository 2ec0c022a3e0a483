"""Look at every page: `python -m tests.screens --out FOLDER [--roles a,b] [--only PATTERN]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.screens.pages import LOGINS
from tests.screens.picturing import REGISTERS, WIDTHS, picture, sheet
from tests.screens.showing import chromium, demo


def main() -> None:
    """Take the pictures of the roles asked for and say where they are."""
    asked = argparse.ArgumentParser(prog="make screenshots")
    asked.add_argument("--out", type=Path, default=Path("build/screens"))
    asked.add_argument("--demo", help="URL,PASSWORD of a demo that runs already")
    asked.add_argument("--roles", default=",".join(LOGINS))
    asked.add_argument("--registers", default=",".join(REGISTERS))
    asked.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    asked.add_argument("--only", default="", help="only addresses that match this pattern")
    asked.add_argument("--dark", action="store_true")
    wanted = asked.parse_args()
    with demo(wanted.demo) as city, chromium() as browser:
        for login in wanted.roles.split(","):
            shots = picture(
                browser,
                city,
                login,
                wanted.out,
                registers=wanted.registers.split(","),
                widths=[int(width) for width in wanted.widths.split(",")],
                only=wanted.only,
                dark=wanted.dark,
            )
            folder = wanted.out / (f"{login}-dark" if wanted.dark else login)
            sheet(browser, folder, shots)
            print(f"{login}: {len(shots)} pictures, {folder / 'index.html'}")  # noqa: T201
            for shot in shots:
                if shot.wider:
                    print(f"  {shot.href} {shot.register} {shot.width}: {shot.wider} px too wide")  # noqa: T201


if __name__ == "__main__":
    main()
