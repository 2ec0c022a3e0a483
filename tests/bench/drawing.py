"""Small plots of a run as SVG: bars by subject, written without any library."""

from collections.abc import Mapping
from html import escape

WIDTH, ROW, LEFT, RIGHT, TOP = 640, 26, 210, 90, 46


def bars(title: str, unit: str, values: Mapping[str, float]) -> str:
    """Return a plot with one bar for each value, all from zero."""
    most = max(values.values(), default=0) or 1
    height = TOP + ROW * len(values) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="26" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(values.items()):
        y = TOP + ROW * number
        length = (WIDTH - LEFT - RIGHT) * value / most
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="18" fill="#1f6f8b"/>',
            f'<text x="{LEFT + length + 6:.1f}" y="{y + 14}">{value:.3g} {escape(unit)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
