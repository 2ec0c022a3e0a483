"""Every page as its readers meet it: in every width and register, and before the checkers."""
