"""Authorities, deployers and research bodies by the form of their Spanish and French names."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.organizations.bodies import BodyFound, Passages, matches
from incidents.extract.patterns import one_of
from incidents.extract.spans import text_of

_WORD = r"[A-ZÀ-Þ][\wÀ-ÿ'-]+"
_NAME = rf"(?:l'|la |los |las |el )?{_WORD}(?:(?: de(?: la| los)? | del | du | des | d'| )(?:l')?{_WORD}){{0,3}}"
_OF_ES = rf"(?: (?:de |del ){_NAME})?"
_AUTHORITIES = {
    "es": one_of(
        "(?:Tribunal|Corte|Juzgado|Audiencia) "
        rf"(?:Supremo|Suprema|Superior|Nacional|Provincial|Constitucional){_OF_ES}",
        rf"(?:Ayuntamiento|Concejo|Legislatura|Cabildo|Parlamento|Senado|Asamblea|Diputación) de {_NAME}",
        rf"(?:Agencia|Autoridad|Instituto|Superintendencia|Defensoría|Consejo) (?:\w+ )?(?:de|del|para la) {_NAME}",
        r"Congreso de los Diputados", rf"Congreso de {_NAME}", rf"Asamblea Nacional{_OF_ES}",
    ),
    "fr": one_of(
        rf"[Tt]ribunal (?:administratif|judiciaire|correctionnel|de grande instance) de {_NAME}",
        rf"[Cc]our (?:administrative )?d'appel de {_NAME}", "Cour de cassation", "Conseil constitutionnel",
        "Conseil d'État", "Défenseure? des droits", "Assemblée nationale", "Sénat",
        rf"[Cc]onseil municipal de {_NAME}",
    ),
}  # fmt: skip
_DEPLOYERS = {
    "es": {
        "airport": rf"[Aa]eropuerto (?:[Ii]nternacional )?(?:de |del ){_NAME}",
        "transit": rf"Metro de {_NAME}",
        "venue": rf"[Ee]stadio {_NAME}",
        "school": rf"(?:[Uu]niversidad|[Cc]olegio|[Ii]nstituto) de {_NAME}",
        "government": rf"(?:Gobierno|Alcaldía|Municipalidad|Intendencia) (?:de |del ){_NAME}",
        "retailer": r"(?:cadena(?: de \w+)?|supermercados?) (?P<retailer_es>" + _NAME + ")",
    },
    "fr": {
        "airport": rf"[Aa]éroport (?:international )?(?:de |d'){_NAME}",
        "transit": rf"[Mm]étro de {_NAME}",
        "venue": rf"[Ss]tade {_NAME}",
        "school": rf"(?:[Ll]ycée|[Cc]ollège|[Uu]niversité)(?: de| d')? ?{_NAME}",
        "government": rf"(?:[Mm]airie|[Vv]ille|[Rr]égion|[Dd]épartement)(?: de| d')? ?{_NAME}",
        "retailer": r"(?:enseigne|chaîne(?: de \w+)?|supermarchés?) (?P<retailer_fr>" + _NAME + ")",
    },
}
_PATTERNS = {
    language: re.compile(
        rf"\b(?:(?P<authority>{_AUTHORITIES[language]})|"
        + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _DEPLOYERS[language].items())
        + ")"
    )
    for language in ("es", "fr")
}


def find_romance_bodies(doc: Doc, passages: Passages) -> Iterator[BodyFound]:
    """ "Tribunal administratif de X", "Ayuntamiento de X", "aeropuerto de X", "la cadena de supermercados X"."""
    for match in matches(text_of(doc), _PATTERNS[doc.lang_], passages):
        kind = match.lastgroup
        start, end = match.span(f"retailer_{doc.lang_}" if kind == "retailer" else 0)
        name = text_of(doc)[start:end]
        name = name[0].upper() + name[1:]
        if kind == "authority":
            yield BodyFound(start, end, "authority", name, "body.authority")
        else:
            yield BodyFound(start, end, "deployer", name, "body.deployer", kind)
