-- Signed PDFs under way: which stored document is the last signed state of which printed paper (api/desk). Nothing in it
-- is evidence: a signature counts by the file that carries it, and who has the file needs no row of it.
--
--   base       SHA-256 of the printed bytes, before fields and signatures
--   after      SHA-256 of the PDF that was signed: two who sign the same one at once cannot both be kept
--   sha256     SHA-256 of the signed PDF, under which it lies among the documents, encrypted
--   fields     places that are signed in it, the last one last
CREATE SCHEMA desk AUTHORIZATION acervo_app;
SET LOCAL ROLE acervo_app;
CREATE TABLE desk.papers (
  after text PRIMARY KEY CHECK (after ~ '^[0-9a-f]{64}$'),
  base text NOT NULL CHECK (base ~ '^[0-9a-f]{64}$'),
  sha256 text NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  kind text NOT NULL,
  key text NOT NULL,
  fields text[] NOT NULL CHECK (cardinality(fields) > 0),
  kept_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX papers_base ON desk.papers (base);
CREATE INDEX papers_place ON desk.papers (kind, key);
