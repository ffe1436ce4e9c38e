"""The bodies of the fictional Instituto Demostrativo de Seguridad Social, their seats, and who sits in them (§7.1).

A line of seats reads `seat role sector | name of its holder`, or `seat role sector = key` for somebody who has been
named elsewhere: one person, one key, several offices. People bear the names of their roles and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTITUTION = "Instituto Demostrativo de Seguridad Social (datos ficticios)"
VOTING_ROLES = frozenset({"chair", "vice-chair", "member"})


@dataclass(frozen=True, slots=True)
class Place:
    """A seat and its first holder.

    key: name of the holder's demo key, `hcd.obrero-2`. name: empty where the person is named elsewhere.
    """

    seat: str
    role: str
    sector: str
    key: str
    name: str

    @property
    def voting(self) -> bool:
        """Whether the seat has a vote."""
        return self.role in VOTING_ROLES


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its rule profile and its seats.

    code: in identifiers of agreements.
    """

    body: str
    name: str
    kind: str
    profile: str
    parent: str | None
    lines: str

    @property
    def code(self) -> str:
        """Its short code, `HCD`."""
        return self.body.upper()

    def places(self) -> Iterator[Place]:
        """Yield its seats in order."""
        for line in self.lines.strip().splitlines():
            words, bar, name = line.partition("|")
            seat, role, sector, *same = words.replace("=", " ").split()
            yield Place(seat, role, sector, same[0] if same else f"{self.body}.{seat}", name.strip() if bar else "")

    @property
    def voting(self) -> tuple[str, ...]:
        """The seats with a vote."""
        return tuple(place.seat for place in self.places() if place.voting)

    def of_role(self, role: str) -> str:
        """Return the first seat of a role."""
        return next(place.seat for place in self.places() if place.role == role)


def _sector(sector: str, count: int, title: str) -> str:
    return "\n".join(f"{sector}-{n} member {sector} | {title} {n}" for n in range(1, count + 1))


BODIES = (
    Body(
        "agd",
        "Asamblea General Demostrativa",
        "assembly",
        "IMSS_AG",
        None,
        "ejecutivo-1 chair ejecutivo = hcd.estado-1\n"
        + "\n".join(f"ejecutivo-{n} member ejecutivo | Representante del Ejecutivo {n}" for n in range(2, 11))
        + "\n"
        + _sector("patronal", 10, "Asambleísta Patronal")
        + "\n"
        + _sector("obrero", 10, "Asambleísta Obrero")
        + "\nsecretario secretary secretaria = hcd.secretario"
        + "\nprosecretario prosecretary secretaria = hcd.prosecretario",
    ),
    Body(
        "hcd",
        "H. Consejo Técnico Demostrativo",
        "council",
        "IMSS_HCT",
        "agd",
        """
        estado-1    chair        estado     | Titular de la Dirección General (demo)
        estado-2    member       estado     | Consejero de Estado 2
        estado-3    member       estado     | Consejera de Estado 3
        estado-4    member       estado     | Consejero de Estado 4
        patronal-1  member       patronal   | Consejero Patronal 1
        patronal-2  member       patronal   | Consejera Patronal 2
        patronal-3  member       patronal   | Consejero Patronal 3
        patronal-4  member       patronal   | Consejera Patronal 4
        obrero-1    member       obrero     | Consejero Obrero 1
        obrero-2    member       obrero     | Consejera Obrera 2
        obrero-3    member       obrero     | Consejero Obrero 3
        obrero-4    member       obrero     | Consejera Obrera 4
        secretario  secretary    secretaria | Titular de la Secretaría General (demo)
        prosecretario prosecretary secretaria | Coordinación de Órganos de Gobierno (demo)
        registrador registrar    secretaria | División de Planeación y Registro (demo)
        custodio    custodian    secretaria | Acervo Histórico (demo)
        comisario   comisario    vigilancia | Comisario invitado (demo)
        dir         liaison      unidad     | Enlace de Incorporación y Recaudación
        df          liaison      unidad     | Enlace de Finanzas
        dpes        liaison      unidad     | Enlace de Prestaciones Económicas y Sociales
        dpm         liaison      unidad     | Enlace de Prestaciones Médicas
        da          liaison      unidad     | Enlace de Administración
        daed        liaison      unidad     | Enlace de Delegaciones, hoy de Operación Estatal
        dj          liaison      unidad     | Enlace Jurídico
        sg          liaison      unidad     | Enlace de la Secretaría General
        """,
    ),
    Body(
        "cvd",
        "Comisión de Vigilancia Demostrativa",
        "commission",
        "GENERIC",
        "agd",
        """
        estado-1   chair     estado   | Vigilante de Estado 1
        estado-2   member    estado   | Vigilante de Estado 2
        patronal-1 member    patronal | Vigilante Patronal 1
        patronal-2 member    patronal | Vigilante Patronal 2
        obrero-1   member    obrero   | Vigilante Obrero 1
        obrero-2   member    obrero   | Vigilante Obrera 2
        secretario secretary secretaria = hcd.prosecretario
        """,
    ),
    Body(
        "cpd",
        "Comité de Presupuesto",
        "committee",
        "IMSS_COMITE",
        "hcd",
        """
        estado-2   chair     estado   = hcd.estado-2
        patronal-2 member    patronal = hcd.patronal-2
        obrero-1   member    obrero   = hcd.obrero-1
        secretario secretary secretaria = hcd.prosecretario
        """,
    ),
    Body(
        "cid",
        "Comité de Incorporación y Recaudación",
        "committee",
        "IMSS_COMITE",
        "hcd",
        """
        estado-3   chair     estado   = hcd.estado-3
        patronal-4 member    patronal = hcd.patronal-4
        obrero-4   member    obrero   = hcd.obrero-4
        secretario secretary secretaria = hcd.prosecretario
        """,
    ),
    Body(
        "gtt",
        "Grupo de Trabajo de Tiendas",
        "committee",
        "IMSS_COMITE",
        "hcd",
        """
        patronal-1 chair     patronal = hcd.patronal-1
        obrero-3   member    obrero   = hcd.obrero-3
        estado-4   member    estado   = hcd.estado-4
        secretario secretary secretaria = hcd.prosecretario
        """,
    ),
    Body(
        "ccvn",
        "Consejo Consultivo Valle Norte",
        "consultative",
        "IMSS_CC",
        "hcd",
        """
        estado-1   chair     estado   | Titular del Órgano Desconcentrado Valle Norte
        estado-2   member    estado   | Representante del Gobierno de Valle Norte
        patronal-1 member    patronal | Consejera Consultiva Patronal 1
        patronal-2 member    patronal | Consejero Consultivo Patronal 2
        obrero-1   member    obrero   | Consejero Consultivo Obrero 1
        obrero-2   member    obrero   | Consejera Consultiva Obrera 2
        secretario secretary secretaria | Secretaría del Consejo Consultivo
        """,
    ),
    Body(
        "jgu3",
        "Junta de Gobierno de la UMAE Demo 3",
        "board",
        "IMSS_JG",
        "hcd",
        """
        estado-1   chair     estado   | Dirección de la UMAE Demo 3
        patronal-1 member    patronal | Vocal Patronal de la UMAE Demo 3
        obrero-1   member    obrero   | Vocal Obrera de la UMAE Demo 3
        secretario secretary secretaria | Secretaría de la Junta de Gobierno
        """,
    ),
    Body(
        "ctd",
        "Comité de Transparencia Demostrativo",
        "committee",
        "COMITE_TRANSPARENCIA",
        None,
        """
        transparencia chair  unidad   | Titular de la Unidad de Transparencia (demo)
        archivos   member    unidad   | Coordinación de Archivos (demo)
        oic        member    control  | Titular del Órgano Interno de Control (demo)
        secretario secretary secretaria | Secretaría del Comité de Transparencia
        """,
    ),
    Body(
        "cgcd",
        "Comité de Gestión por Competencias Demostrativo",
        "committee",
        "GENERIC",
        None,
        """
        gobierno-1 chair     gobierno | Representante de Gobierno en Competencias
        patronal-1 member    patronal | Representante Patronal en Competencias
        obrero-1   member    obrero   | Representante de Trabajadores en Competencias
        secretario secretary secretaria = hcd.prosecretario
        """,
    ),
    Body(
        "gsp",
        "Gabinete Social (muestra de Panamá)",
        "cabinet",
        "PA_GABINETE",
        None,
        """
        coordina   chair     gobierno | Ministerio coordinador (muestra)
        salud      member    gobierno | Ministerio de Salud (muestra)
        educacion  member    gobierno | Ministerio de Educación (muestra)
        trabajo    member    gobierno | Ministerio de Trabajo (muestra)
        economia   member    gobierno | Ministerio de Economía (muestra)
        secretario secretary secretaria | Secretaría Técnica del Gabinete Social (muestra)
        """,
    ),
    Body(
        "cmsp",
        "Comisión de Movimientos Sociales (muestra de partido)",
        "commission",
        "PARTY_COMMISSION",
        None,
        """
        coordina   chair     comision | Coordinación de la Comisión (muestra)
        norte      member    comision | Integrante por el Norte (muestra)
        centro     member    comision | Integrante por el Centro (muestra)
        sur        member    comision | Integrante por el Sur (muestra)
        secretario secretary secretaria | Secretaría de la Comisión (muestra)
        """,
    ),
    Body(
        "ccgs",
        "Consejo Consultivo de Gestión Social (muestra de partido)",
        "consultative",
        "GENERIC",
        None,
        """
        preside    chair     consejo | Presidencia del Consejo Consultivo (muestra)
        campo      member    consejo | Consejería del Campo (muestra)
        ciudad     member    consejo | Consejería de la Ciudad (muestra)
        secretario secretary secretaria | Secretaría del Consejo Consultivo de Gestión (muestra)
        """,
    ),
)
NAMES = {place.key: place.name for body in BODIES for place in body.places() if place.name}
"""Key → name of every person who sits somewhere when the year begins."""
BY_CODE = {body.body: body for body in BODIES}


def body_of(path: str) -> Body:
    """Return the body that a path begins with: `hcd/2026/ord/3`."""
    return BY_CODE[path.partition("/")[0]]
