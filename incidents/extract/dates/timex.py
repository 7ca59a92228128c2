"""Date expressions in a text and the dates they mean: regular expressions for English, Spanish and French.

Relative expressions ("last Thursday", "in January", "two years ago") are resolved against the day of publication, as
far as that is known. Ages and durations ("32", "for two years") are no dates.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_SHORT_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10,
                 "nov": 11, "dec": 12, "setiembre": 9}  # fmt: skip
_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "un": 1, "una": 1, "une": 1, "dos": 2, "deux": 2, "tres": 3, "trois": 3,
    "cuatro": 4, "quatre": 4, "cinco": 5, "cinq": 5, "seis": 6, "siete": 7, "sept": 7, "ocho": 8, "huit": 8,
    "nueve": 9, "neuf": 9, "diez": 10, "dix": 10,
}  # fmt: skip
_UNITS = {
    "day": "day", "días": "day", "día": "day", "jour": "day", "week": "week", "semana": "week", "semaine": "week",
    "month": "month", "mes": "month", "meses": "month", "mois": "month", "year": "year", "año": "year", "an": "year",
    "année": "year", "decade": "decade",
}  # fmt: skip
_SEASON_ENDS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11, "winter": 2}  # months
_GRAINS = ("day", "week", "month", "year")
_DAY_WORDS = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "yesterday": -1,
    "last night": -1, "tomorrow": 1, "hoy": 0, "ayer": -1, "anoche": -1, "aujourd'hui": 0, "hier": -1, "demain": 1,
}  # fmt: skip
_PAST = {"last", "past", "pasada", "pasado", "dernier", "dernière"}
_NEXT = {"next", "próximo", "próxima", "prochain", "prochaine"}
_FUTURE = re.compile(
    r"\b(?:will|next|scheduled|upcoming|plans? to|set to|due|deadline|takes? effect|expected|until|by|starting|"
    r"se celebrará|próxim[oa]|prochaine?|d'ici)\b[^.,;]{0,40}$"
)
_CUE_BEFORE_YEAR = (
    r"(?:in|In|since|Since|by|By|during|During|from|From|of|until|between|Between|and|to|through|around|circa|after|before|"
    r"After|Before|early|mid|late|the|The|its|his|her|their|en|En|desde|de|del|año|depuis|Depuis|année|fin|début)[ -]"
)
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"


@dataclass(frozen=True)
class Published:
    """The publisher's local date and how precisely it is known: day, month, year or unknown."""

    on: date | None
    precision: str = "day"

    def knows(self, grain: str) -> bool:
        """Whether an expression of this grain can be resolved against it."""
        if self.on is None or self.precision not in _GRAINS:
            return False
        return _GRAINS.index(self.precision) <= _GRAINS.index("year" if grain == "decade" else grain)


@dataclass(frozen=True)
class DateFound:
    """text[start:end] means `value` (yyyy, yyyy-mm or yyyy-mm-dd; None where that cannot be told)."""

    start: int
    end: int
    value: str | None
    precision: str
    basis: str
    rule: str


_Resolve = Callable[[re.Match[str], Published, str], tuple[str | None, str]]


def find_dates(text: str, language: str, published: Published) -> list[DateFound]:
    """Every date expression, in order and without overlap; the more precise rule wins."""
    taken = bytearray(len(text))
    found: list[DateFound] = []
    for name, basis, pattern, resolve in _rules(language):
        for match in pattern.finditer(text):
            start, end = match.span("all")
            if any(taken[start:end]):
                continue
            value, precision = resolve(match, published, text)
            if precision != "none":
                taken[start:end] = b"\1" * (end - start)
                found.append(DateFound(start, end, value, precision, basis, f"date.{name}"))
    return sorted(found, key=lambda item: item.start)


def _month_number(word: str) -> int | None:
    """The number of a month's name, in any of the three languages, also abbreviated."""
    return _month_numbers().get(word.rstrip(".").lower())


@cache
def _month_numbers() -> dict[str, int]:
    numbers = dict(_SHORT_MONTHS)
    for names in _MONTHS.values():
        numbers |= {name: number for number, name in enumerate(names.split(), 1)}
    return numbers


@cache
def _rules(language: str) -> tuple[tuple[str, str, re.Pattern[str], _Resolve], ...]:
    """(name, basis, pattern, resolver) in order of precedence. English months and weekdays need their capital."""
    lower = language if language in ("es", "fr") else "en"
    return tuple(
        (name, basis, re.compile(f"(?P<all>{body})"), resolve) for name, basis, body, resolve in _patterns(lower)
    )


def _patterns(language: str) -> Iterator[tuple[str, str, str, _Resolve]]:
    month, weekday = _names_pattern(language)
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º)?(?![\d%])"
    year = rf"(?P<year>{_YEAR})(?!\d)"
    on = rf"(?:{weekday},? (?:the )?)?"  # "on Saturday, August 27": no date of its own
    number = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
    of = {"en": r",? (?:of )?", "es": r" (?:del? )?", "fr": " "}[language]
    yield "iso", "stated", rf"\b{year}-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b", _full
    if language == "en":
        yield "month_day_year", "stated", rf"\b{on}{month} {day},? (?:in )?{year}", _full
        yield "day_month_year", "stated", rf"\b{on}{day} (?:of )?{month},? {year}", _full
        yield "numbers", "stated", rf"\b(?P<month>[01]?\d)/(?P<day>[0-3]?\d)/{year}", _full
        yield "month_year", "stated", rf"\b{month}{of}{year}", _month_year
        yield "month_last_year", "relative", rf"\b{month} (?:of )?last year\b", _month_last_year
        yield "month_day", "relative", rf"\b{on}{month} {day}(?! ?(?:people|percent|million|,\d))", _month_day
        yield "day_month", "relative", rf"\b{on}{day} (?:of )?{month}\b", _month_day
        yield "season", "stated", rf"(?i:\b(?:spring|summer|fall|autumn|winter)) (?:of )?{year}", _about_year
        yield "part_of_year", "stated", rf"(?i:\b(?:early|mid|late))[ -]{year}", _about_year
    else:
        yield "day_month_year", "stated", rf"\b{on}{day} (?:de )?{month}{of}{year}", _full
        yield "numbers", "stated", rf"\b(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/{year}", _full
        yield "month_year", "stated", rf"\b{month}{of}{year}", _month_year
        yield "day_month", "relative", rf"\b{on}{day} (?:de )?{month}\b", _month_day
    words = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
    yield "day_word", "relative", rf"(?i:\b(?P<word>{words}))\b(?!'s)", _day_word
    yield from _relative_patterns(language, month, weekday, number)
    yield "year", "stated", rf"(?<![\w$€£#.,/-]){year}(?![\d%-])(?! ?(?:people|images|photos|percent|cameras))", _year


def _relative_patterns(
    language: str, month: str, weekday: str, number: str
) -> Iterator[tuple[str, str, str, _Resolve]]:
    units = {"en": "day|week|month|year|decade", "es": "día|semana|mes|año", "fr": "jour|semaine|mois|année|an"}[
        language
    ]
    unit = rf"(?P<unit>{units})"
    if language == "en":
        yield "ago", "relative", rf"(?i:\b{number} {unit}s? ago)\b", _ago
        yield (
            "last_season",
            "relative",
            r"(?i:\b(?P<which>last|this) (?P<season>spring|summer|fall|autumn|winter))\b",
            _season,
        )
        yield "unit", "relative", rf"(?i:\b(?:(?:earlier|later) )?(?P<which>last|this|next) {unit})\b(?! of\b)", _unit
        yield "weekday", "relative", rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his(?: past)?) )?{weekday}\b", _weekday
        lead = "[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ff]rom|[Dd]uring|[Oo]f"
        which = rf"(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his) |(?:{lead})(?: early| late| mid)?[ -])"
        yield "month", "relative", rf"\b{which}{month}(?![\w']| \d)", _bare_month
        return
    since = {"es": "[Hh]ace", "fr": "[Ii]l y a"}[language]
    which = {"es": "pasad[oa]|próxim[oa]", "fr": "derni(?:er|ère)|prochaine?"}[language]
    this = {"es": "[Ee]st[ea]", "fr": "[Cc](?:e|et|ette)"}[language]
    yield "ago", "relative", rf"\b{since} {number} {unit}(?:e?s)?\b", _ago
    yield "unit", "relative", rf"\b{unit} (?P<which>{which})\b", _unit
    yield "unit", "relative", rf"\b(?P<which>{this}) {unit}\b", _unit
    yield "weekday", "relative", rf"\b{weekday}(?: (?P<which>{which}))?\b", _weekday
    yield "month", "relative", rf"\b(?:[Ee]n|[Dd]esde|[Dd]epuis) {month}\b(?! \d| de)", _bare_month


def _names_pattern(language: str) -> tuple[str, str]:
    months, weekdays = _MONTHS[language].split(), _WEEKDAYS[language].split()
    if language != "en":
        return f"(?P<month>(?i:{'|'.join(months)}))", f"(?P<weekday>(?i:{'|'.join(weekdays)}))"
    short = "|".join(name.capitalize() for name in _SHORT_MONTHS if name != "setiembre")
    full = "|".join(name.capitalize() for name in months)
    return rf"(?P<month>{full}|(?:{short})\b\.?)", f"(?P<weekday>{'|'.join(w.capitalize() for w in weekdays)})"


def _full(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    month = match["month"]
    return _day(int(match["year"]), int(month) if month.isdigit() else _month_number(month), int(match["day"]))


def _day(year: int, month: int | None, day: int) -> tuple[str | None, str]:
    try:
        return date(year, month or 0, day).isoformat(), "day"
    except ValueError:  # 31 June, or 13/25/2020: no date
        return None, "none"


def _month_year(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    return f"{match['year']}-{_month_number(match['month']):02d}", "month"


def _about_year(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    return match["year"], "approx"


def _year(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    cued = re.search(rf"(?:\b{_CUE_BEFORE_YEAR}|\()$", text[max(0, match.start() - 12) : match.start()])
    return (match["year"], "year") if cued else (None, "none")


def _month_day(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    """A day without its year: the latest such day, or up to two months ahead."""
    month, day = _month_number(match["month"]), int(match["day"])
    if _day(2000, month, day)[1] == "none":
        return None, "none"
    if published.on is None or not published.knows("month"):
        return None, "unknown"
    value, precision = _day(published.on.year, month, day)
    if value and date.fromisoformat(value) > published.on + timedelta(days=60):
        value, precision = _day(published.on.year - 1, month, day)
    return value, precision


def _month_last_year(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    if published.on is None or not published.knows("year"):
        return None, "unknown"
    return f"{published.on.year - 1}-{_month_number(match['month']):02d}", "month"


def _day_word(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    if published.on is None or not published.knows("day"):
        return None, "unknown"
    return (published.on + timedelta(days=_DAY_WORDS[match["word"].lower()])).isoformat(), "day"


def _ago(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    number = match["number"].lower()
    unit = _UNITS[match["unit"].lower()]
    return _shifted(published, unit, -(int(number) if number.isdigit() else _NUMBERS[number]))


def _unit(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    which = match["which"].lower()
    step = -1 if which in _PAST else 1 if which in _NEXT else 0
    return _shifted(published, _UNITS[match["unit"].lower()], step)


def _shifted(published: Published, unit: str, step: int) -> tuple[str | None, str]:
    """The time `step` units from publication, at the unit's own precision; a week is its Monday, approximately."""
    if published.on is None or not published.knows(unit):
        return None, "unknown"
    on = published.on
    if unit == "day":
        return (on + timedelta(days=step)).isoformat(), "day"
    if unit == "week":
        return (on + timedelta(weeks=step)).isoformat()[:7], "approx"
    if unit == "month":
        months = on.year * 12 + on.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02d}", "month"
    return str(on.year + step * (10 if unit == "decade" else 1)), "approx" if unit == "decade" else "year"


def _season(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    """The year of the latest such season: "last fall" in March is the year before."""
    if published.on is None or not published.knows("month"):
        return None, "unknown"
    over = published.on.month > _SEASON_ENDS[match["season"].lower()]
    return str(published.on.year - (match["which"].lower() == "last" and not over)), "approx"


def _weekday(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    """The latest such day up to publication, a week before for "last Monday" on a Monday, ahead for a future."""
    if published.on is None or not published.knows("day"):
        return None, "unknown"
    which = (match["which"] or "").lower()
    wanted = next(
        days.split().index(match["weekday"].lower())
        for days in _WEEKDAYS.values()
        if match["weekday"].lower() in days.split()
    )
    back = (published.on.weekday() - wanted) % 7
    if which in _NEXT or (not which and _FUTURE.search(text[max(0, match.start() - 80) : match.start()])):
        return (published.on + timedelta(days=7 - back)).isoformat(), "day"
    if which in _PAST and back == 0:
        back = 7
    return (published.on - timedelta(days=back)).isoformat(), "day"


def _bare_month(match: re.Match[str], published: Published, text: str) -> tuple[str | None, str]:
    """The latest such month up to publication; "last May" in May is a year before; a future one is ahead."""
    if published.on is None or not published.knows("month"):
        return None, "unknown"
    which = (match.groupdict().get("which") or "").lower()
    month = _month_number(match["month"]) or 0
    year = published.on.year - (month > published.on.month or (which in _PAST and month == published.on.month))
    ahead = which in _NEXT or (not which and _FUTURE.search(text[max(0, match.start() - 80) : match.end()]))
    if ahead and month != published.on.month:
        year = published.on.year + (month < published.on.month)
    return f"{year}-{month:02d}", "month"
