"""Correction notices, as the page gives them."""

import re

_LIMIT = 1000
_NOTICE = re.compile(
    r"""(?ix)
    ^\W*(?:
      (?:correction|corrections|clarification|corrected|rectificatif|erratum|errata|korrektur|berichtigung|correzione|rettifica
        |correcci[oó]n|aclaraci[oó]n|fe\ de\ err(?:ores|atas)|rectificaci[oó]n|corre[cç][aã]o|errata\ corrige)
        \b[^.:]{0,40}\s*[:—–-]
      |editor(?:'|’)?s?\s+note\s*:.{0,200}\b(?:correct|clarif|earlier\ version|previous\ version)
    )
    |\b(?:an?\s+(?:earlier|previous|prior)\s+version\s+of\s+this\s+(?:article|story|report|post|piece|headline|column)
      |this\s+(?:article|story|report|post|piece)\s+(?:was|has\ been)\s+
        (?:corrected|amended|updated\s+to\s+(?:correct|clarify))
      |una\s+versi[oó]n\s+(?:anterior|previa)\s+de\s+est[ea]\s+(?:art[ií]culo|nota|noticia|informaci[oó]n)
      |une\s+(?:premi[eè]re\s+version|version\s+(?:pr[eé]c[eé]dente|ant[eé]rieure|initiale))\s+de\s+(?:cet\s+article|ce\s+texte)
      |uma\s+vers[aã]o\s+anterior\s+d(?:este|esta|o|a)\s+(?:artigo|texto|mat[eé]ria|reportagem)
      |in\s+einer\s+(?:fr[uü]heren|vorherigen|ersten)\s+(?:version|fassung)\s+(?:dieses|des)\s+(?:artikels|textes|beitrags))
    """
)


def notice(paragraphs: list[str]) -> str | None:
    """The paragraphs that correct the article, joined by line breaks; None where there is none."""
    found = [text for text in paragraphs if len(text) <= _LIMIT and _NOTICE.search(text)]
    return "\n".join(dict.fromkeys(found)) or None
