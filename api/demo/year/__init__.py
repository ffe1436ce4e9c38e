"""The demo year: the story of domain.md §7, told through the API by officers with demo keys on a simulated clock.

    bodies, units        who there is: tables
    teller               signs, submits, attempts what is refused, opens what is public
    meeting, sitting     a session as data, and how it is held
    afterwards           the acta, capture, oficios, follow-up, folios
    chapters/            what happens, a month a file
    script               all of it in order of time
    counters             the numbers that must come out, read back through the registries

Everything is fictional. *Datos ficticios.*
"""
