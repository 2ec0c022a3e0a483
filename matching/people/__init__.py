"""Persons, their accounts, roles and consents."""
