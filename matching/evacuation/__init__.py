"""The city's list of people who need help to get away: held for one disaster, then gone (BR-33)."""
