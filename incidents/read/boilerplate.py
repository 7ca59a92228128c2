"""Lines that stand in an article's text and are not of it: promotion, bylines and times, the publisher's own notes."""

import re

_MAX_PROMOTION = 250  # characters; a longer line is a paragraph that begins like one
_MAX_BYLINE = 100
_PROMOTION = re.compile(
    r"""(?ix)^\W*(?:
    # English
    (?:sign\ up|subscribe|follow\ (?:us|@|the|our)|read\ (?:more|also|next)|also\ read|see\ (?:also|more)|click\ here
      |get\ the\ latest|get\ (?:our|the)\ .*(?:newsletter|app|inbox)|download\ (?:our|the)\ |share\ this
      |like\ this\ story|advertisement|more\ (?:from|on)\b|more:|recommended|newsletter|watch:|tags?$|tags?:|topics?:
      |related(?::|\ (?:articles?|stories|posts?|content|topics?))|filed\ under|copyright|©|\(c\)[ ]|loading
      |all\ rights\ reserved|this\ copy\ is\ for|(?:have|got)\ a\ (?:tip|story)|for\ more\ stories|leave\ a\ comment
      |view\ comments|comments?$|tell\ us\ what)
    # German, Scandinavian, Dutch
    |(?:lesen\ sie\ (?:auch|mehr|hier)|lest\ auch|mehr\ (?:zum\ thema|lesen)|auch\ interessant|weiterf[üu]hrende\ links
      |anzeige$|quelle:|lesedauer|les\ også|l[äa]s\ (?:också|mer)|læs\ også|lees\ (?:ook|meer))
    # French
    |(?:lire\ aussi|[àa]\ lire|passer\ la\ publicit|sur\ le\ m[êe]me\ sujet|abonnez)
    # Spanish, Portuguese, Italian
    |(?:leer\ m[áa]s|lee\ tambi[ée]n|te\ puede\ interesar|suscr[íi]b|s[íi]guenos|leia\ (?:tamb[ée]m|mais)|assine[ ]
      |veja\ (?:tamb[ée]m|mais)|leggi\ anche)
    )"""
)
_BYLINE = re.compile(
    r"""(?ix)^\W*(?:
    (?:by|von|par|por|di|av|door|text:?|autor(?:in)?:?|stand:|updated?(?:\ at|:|\ on)?|published(?:\ at|:|\ on)?
      |posted(?:\ on|:)?|aktualisiert|ver[öo]ffentlicht|actualizado|publicado|publi[ée]|mis\ [àa]\ jour)\b.{0,80}
    |.{0,30}\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.{0,30}
    |.{0,25}\b(?:19|20)\d\d\b.{0,5}\d{1,2}[:.h]\d\d.{0,12}
    )$"""
)


def is_promotion(line: str) -> bool:
    """Whether a line sends the reader elsewhere: other articles, newsletters, apps, the publisher's rights."""
    return len(line) < _MAX_PROMOTION and _PROMOTION.match(line) is not None


def is_byline(line: str) -> bool:
    """Whether a line at the edge of a text is who wrote it or when, not what happened."""
    return len(line) < _MAX_BYLINE and _BYLINE.match(line) is not None
