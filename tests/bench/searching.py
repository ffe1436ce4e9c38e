"""Searching: fixed queries over generated agreements, whose words are as unevenly frequent as words are.

The rows are those that the registry's own functions make of generated texts, without a million signed acts before
them; what is measured is the query that the route runs, page, counts, facets and marks, on one connection.
"""

from __future__ import annotations

import random
import statistics
import time
from itertools import cycle, islice
from typing import TYPE_CHECKING

import psycopg

from ledger.store.store import LedgerStore
from projections.queries.base import Window, reading
from projections.queries.search import Search, search
from tests.bench.harness import Bench, Figure, Sample, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.pool import Pool
    from tests.bench.server import Server

AGREEMENTS, QUICK_AGREEMENTS = 1_000_000, 100_000
QUERIES = 200
MEDIAN_MS, P95_MS = 50, 400
VOCABULARY = 40_000
WORDS = 40
"""Of one agreement, title and resolutivos."""
SEED = 20_261_121
_BASES = [
    "licitación",
    "contrato",
    "obra",
    "adquisición",
    "equipo",
    "médico",
    "hospital",
    "clínica",
    "guardería",
    "presupuesto",
    "ejercicio",
    "modificación",
    "lineamiento",
    "convenio",
    "servicio",
    "arrendamiento",
    "inmueble",
    "donación",
    "personal",
    "plaza",
    "pensión",
    "seguro",
    "dictamen",
    "comisión",
]
_COMMON, _MIDDLING, _RARE = (0.10, 1.0), (0.001, 0.02), (0.0, 0.0005)
"""Shares of the documents that have the word."""
_FILL = """
INSERT INTO registry.search_editions
SELECT 'agreements/' || body || '/' || year || '/' || number, 0, i, i, 0, 'agreements', body, year,
  'ACDO.AS2.' || upper(body) || '.2801' || right(year::text, 2) || '/' || number || '.P.DIR', 'in-force', '[]', NULL,
  jsonb_build_array(jsonb_build_array(i, 'title')), false, NULL,
  registry.search_vector(said)
    || array_to_tsvector(ARRAY['#acdo', '#as2', '#' || body, '#p', '#dir', '#n' || number, '#y' || year])
FROM (SELECT *, 'ccd' || i % 36 AS body, 2000 + (i / 36000)::int AS year, (i % 36000) / 36 + 1 AS number
      FROM said) AS numbered"""
_TEXTS = """
INSERT INTO registry.published_texts (entry_index, name, published_index, value)
SELECT i, 'title', i, to_jsonb(said) FROM said"""
_BIRTHS = "INSERT INTO registry.row_births SELECT 'published_texts', i || '|title', i FROM said"
_INDEX = """
CREATE INDEX search_editions_by_word ON registry.search_editions USING gin (lexemes) WITH (fastupdate = off)"""
_TIMES = (
    "INSERT INTO registry.act_times SELECT i, '2000-01-01+00'::timestamptz + i * interval '1 minute', now() FROM said"
)


def vocabulary() -> list[str]:
    """Return words in the order of their frequency: real ones with endings, then made-up ones of syllables."""
    chance = random.Random(SEED)
    syllables = [a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "án", "es", "or")]
    made = {"".join(chance.choices(syllables, k=chance.randint(3, 5))) for _ in range(VOCABULARY)}
    return [*_BASES, *sorted(made - set(_BASES))]


def texts(count: int, words: Sequence[str]) -> list[list[str]]:
    """Return the words of so many agreements; the n-th word is about as frequent as 1/n (Zipf)."""
    chance = random.Random(SEED)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    pool = chance.choices(words, weights, k=2_000_003)
    stream = cycle(pool)
    step = chance.randint(1, 97)
    found = []
    for number in range(count):
        if number % 50_000 == 0:
            list(islice(stream, step * 13))
        found.append(list(islice(stream, WORDS)))
    return found


def queries(said: Sequence[list[str]], words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the fixed queries with their class: a third rare, a third middling, a third common; some of two words."""
    sample = said[:: max(1, len(said) // 20_000)]
    seen = dict.fromkeys(words, 0)
    for text in sample:
        for word in set(text):
            seen[word] += 1
    chance = random.Random(SEED)
    found: list[tuple[str, str]] = []
    for name, (low, high) in (("rare", _RARE), ("middling", _MIDDLING), ("common", _COMMON)):
        fitting = [word for word in words if low * len(sample) <= seen[word] <= high * len(sample)]
        if name == "rare":
            fitting = [word for word in fitting if seen[word]]
        for number in range(QUERIES // 3 + (name == "rare") * (QUERIES % 3)):
            word = fitting[number % len(fitting)] if name == "common" else chance.choice(fitting)
            other = chance.choice(fitting) if name != "common" and number % 4 == 0 else ""
            found.append((name, f"{word} OR {other}" if other else word))
    return found


def fill(admin_url: str, said: Sequence[list[str]]) -> None:
    """Write the rows of the registries that a search reads."""
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (i bigint, said text)")
        with cursor.copy("COPY said FROM STDIN") as copy:
            for index, text in enumerate(said):
                copy.write_row((index, " ".join(text)))
        cursor.execute("DROP INDEX registry.search_editions_by_word")  # built anew at once
        for statement in (_FILL, _TEXTS, _BIRTHS, _TIMES):
            cursor.execute(statement)
        cursor.execute(_INDEX)
        cursor.execute("INSERT INTO registry.tracking VALUES ('search', %s)", (len(said),))
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def measure(bench: Bench, server: Server) -> Section:
    """Fill and search."""
    count = QUICK_AGREEMENTS if bench.quick else AGREEMENTS
    words = vocabulary()
    said = texts(count, words)
    asked = queries(said, words)
    database = server.database(ledger=True)
    fill(database.admin_url, said)
    bench.say(f"{count} agreements stand")
    store = LedgerStore(database.app_url, pool_size=1)
    try:
        rounds = [_times(store.pool, asked) for _ in range(bench.repetitions + 1)][1:]
    finally:
        store.close()
    server.drop(database)
    return Section("Searching", _about(count), _figures(asked, rounds))


def _times(pool: Pool, asked: Sequence[tuple[str, str]]) -> list[float]:
    found = []
    for _, query in asked:
        began = time.perf_counter()
        with reading(pool) as cursor:
            search(cursor, Search(query), Window())
        found.append(1e3 * (time.perf_counter() - began))
    return found


def _figures(asked: Sequence[tuple[str, str]], rounds: Sequence[list[float]]) -> list[Figure]:
    figures = [
        Figure("median of all queries", Sample(tuple(map(statistics.median, rounds))), "ms", at_most=MEDIAN_MS),
        Figure("p95 of all queries", Sample(tuple(map(_p95, rounds))), "ms", at_most=P95_MS),
    ]
    for name in ("rare", "middling", "common"):
        own = [[ms for (kind, _), ms in zip(asked, times, strict=True) if kind == name] for times in rounds]
        figures.append(Figure(f"{name} words, median", Sample(tuple(map(statistics.median, own))), "ms"))
        figures.append(Figure(f"{name} words, p95", Sample(tuple(map(_p95, own))), "ms"))
    return figures


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _about(count: int) -> str:
    return (
        f"{QUERIES} fixed queries over {count:,} generated agreements of {WORDS} words: a third of words in at most "
        "one document in 2,000, a third in 0.1 to 2 %, a third in more than a tenth. Each gives the first page of "
        "fifty with marks, the total and all facets. Rows are written as the registry makes them, without the acts "
        "before them; each value is a repetition's median or 95th percentile over its queries, warm."
    )
