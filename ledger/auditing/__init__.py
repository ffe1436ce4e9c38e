"""The auditor's sheets (cédulas): tables that anybody with the entries computes again, octet for octet.

Each sheet answers one question an auditor asks (domain.md §5.2), out of what stands open in the entries of a tree: no
clock, no locale, no sealed text, no registry. `acervo report` gives the entries out of the database or out of an
evidence bundle to the same code, so that the CSV files, and their SHA-256, are the same by whichever way.

A sheet tells what acts *say*; whether they were allowed is `acervo verify`'s to say, which comes first.
"""

from ledger.auditing.reading import SHEETS, Told, tell
from ledger.auditing.written import Written, write

__all__ = ["SHEETS", "Told", "Written", "tell", "write"]
