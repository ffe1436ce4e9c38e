"""What a periodic report says, computed from the entries up to an index, the same by whoever computes it.

A fact is what an act tells of a body, in words that a registry can keep (`facts`); the content is counted out of the
facts (`content`). The server reads facts from its registry, the verifier from the entries: canonical JSON of the same
content has the same SHA-256, which `PeriodicReportPrepared/1` binds (domain.md §1 B5, E7).
"""

from ledger.reporting.content import bodies_of, content, sha256_of
from ledger.reporting.facts import Fact, fact_of
from ledger.reporting.period import bounds

__all__ = ["Fact", "bodies_of", "bounds", "content", "fact_of", "sha256_of"]
