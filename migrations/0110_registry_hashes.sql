-- Finding an act by the SHA-256 of its statement, or of a document that a published text names.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.statement_hashes (
  entry_index bigint PRIMARY KEY,
  statement   text COLLATE "C" NOT NULL
);
CREATE INDEX statement_hashes_by_statement ON registry.statement_hashes USING hash (statement);
CREATE INDEX published_texts_by_document ON registry.published_texts USING hash ((value ->> 'sha256'))
  WHERE value ? 'sha256';
