"""A title in our own words, made from the coded values. It names no person."""

from collections.abc import Sequence
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def title(phrase: str, bodies: Sequence[str], place: str | None, day: date | None, precision: str) -> str:
    """As in "Fine: Data Protection Board, Acme Vision, May 2022": what, who, where and when, as far as known."""
    details = [*bodies[:2], *([place] if place and not any(place in body for body in bodies[:2]) else [])]
    details += [when(day, precision)] if day else []
    return f"{phrase}: {', '.join(details)}" if details else phrase


def when(day: date, precision: str) -> str:
    """The month and year, or the year alone."""
    return str(day.year) if precision == "year" else f"{MONTHS[day.month - 1]} {day.year}"
