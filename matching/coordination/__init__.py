"""Where needs and volunteers meet: planning runs, proposals and placements."""
