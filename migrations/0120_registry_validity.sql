-- What becomes of agreements after their adoption, and how they relate to one another.
SET LOCAL ROLE acervo_app;

-- No act on validity can stand in a ledger that was projected before this migration.
ALTER TABLE registry.agreements
  ADD COLUMN validity    text NOT NULL DEFAULT 'in-force',
  ADD COLUMN cases       jsonb NOT NULL DEFAULT '[]',   -- streams of the cases that suspend it now
  ADD COLUMN suspensions jsonb NOT NULL DEFAULT '[]',   -- [{"from", "to"?, "cause"}, …], half-open spans of days
  ADD COLUMN ended_on    date;                          -- first day without effect

CREATE TABLE registry.agreement_relations (
  entry_index   bigint PRIMARY KEY,
  relation      text NOT NULL,                          -- modifies, revokes, supersedes, corrects, suspends, …, cites
  source        text COLLATE "C" NOT NULL,              -- the stream that it comes from
  target        text COLLATE "C",                       -- the stream that it goes to; NULL: unresolved
  detail        text NOT NULL,
  resolutions   jsonb NOT NULL,
  effective_on  date NOT NULL,
  recorded      timestamptz NOT NULL
);
CREATE INDEX agreement_relations_by_source ON registry.agreement_relations (source, entry_index);
CREATE INDEX agreement_relations_by_target ON registry.agreement_relations (target, entry_index);
