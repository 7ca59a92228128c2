"""Dates, amounts of money and docket numbers in a text."""
