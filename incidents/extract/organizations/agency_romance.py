"""Police agencies by the form of their Spanish and French names: "Policía Nacional", "police municipale de Nice"."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.organizations.agencies import AgencyFound
from incidents.extract.organizations.agency_names import AgencyIndex
from incidents.extract.patterns import one_of
from incidents.extract.spans import text_of

_NAME = r"[A-ZÀ-Þ][\wÀ-ÿ-]+(?:(?: de(?: la)?)? [A-ZÀ-Þ][\wÀ-ÿ-]+){0,2}"
_OF_ES = rf"(?: (?:de |del )(?:la |el |los )?(?:Ciudad de |Provincia de |Estado de |[Cc]iudad de )?{_NAME})?"
_OF_FR = rf"(?: (?:de |du |d')(?:la |l')?{_NAME})?"
_NAMES = {
    "es": re.compile(
        r"\b"
        + one_of(
            r"Polic[ií]a (?:Nacional|Federal|Municipal|Local|Metropolitana|Militar|Civil|Foral|Provincial|Estatal|"
            rf"Judicial|Urbana|Autonómica|Rural){_OF_ES}",
            rf"Polic[ií]a(?: de [Ii]nvestigaciones)?{_OF_ES}",
            rf"(?:Gendarmer[ií]a(?: Nacional)?|Carabineros){_OF_ES}",
            rf"Guardia (?:Urbana|Nacional|Civil|Municipal){_OF_ES}",
            rf"Fiscal[ií]a(?: General| Provincial| Federal)?{_OF_ES}",
            rf"Secretar[ií]a de Seguridad(?: Ciudadana| Pública)?{_OF_ES}",
            rf"Ministerio (?:del Interior|de (?:la )?(?:Seguridad|Gobernación))(?: Nacional| Pública)?{_OF_ES}",
        )
    ),
    "fr": re.compile(
        r"\b"
        + one_of(
            rf"[Pp]olice (?:nationale|municipale|judiciaire|aux frontières|fédérale|cantonale|locale){_OF_FR}",
            rf"[Gg]endarmerie (?:nationale|royale|de l'air){_OF_FR}",
            rf"[Pp]réfecture de police{_OF_FR}",
            rf"Service de police de la [Vv]ille de {_NAME}",
            rf"Sûreté du {_NAME}",
            r"[Mm]inistère de l'Intérieur",
        )
    ),
}


def find_romance_names(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Policía Nacional", "Fiscalía de X", "police municipale de X"; one word alone names no agency."""
    for match in _NAMES[doc.lang_].finditer(text_of(doc)):
        name = match.group()
        if " " in name:
            known = index.named(name, None)
            canonical = known.name if known else name[0].upper() + name[1:]
            yield AgencyFound(*match.span(), canonical, known.id if known else None, "agency.romance", 0.85)
