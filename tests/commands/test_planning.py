"""`musubi plan explain` in words: no values of the program's own."""

from matching.commands.planning import _explain_text


def test_an_explanation_is_written_in_lines_that_can_be_read() -> None:
    told = {
        "need_id": "R8-0001",
        "eligible": True,
        "excluded": {"too_far": 5, "not_available": 1},
        "unplaced": [],
        "stored": None,
        "gates": {"not_wanted": {"asked": "paperwork", "wanted": ("reading", "watch")}},
        "candidates": [{"volunteer_id": "V1", "slots": [{"on": "2026-12-03", "starts": [540]}]}],
    }
    assert _explain_text(told).splitlines() == [
        "need_id: R8-0001",
        "eligible: yes",
        "excluded: too_far 5, not_available 1",
        "unplaced: -",
        "stored: -",
        "gates: not_wanted asked paperwork, wanted reading; watch",
        "candidates:",
        "  volunteer_id V1, slots on 2026-12-03",
    ]
