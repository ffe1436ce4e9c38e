-- Books with their folios, loans and fixity checks.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.books (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026/1
  created_index  bigint NOT NULL,
  created        timestamptz NOT NULL,
  modified_index bigint NOT NULL,
  modified       timestamptz NOT NULL,
  version        bigint NOT NULL,
  stream         text COLLATE "C" NOT NULL,
  statement      text COLLATE "C" NOT NULL,
  occurred_at    text NOT NULL,
  signer         text COLLATE "C" NOT NULL,
  office         text COLLATE "C" NOT NULL,
  voice          text NOT NULL,
  provenance     text NOT NULL,
  sealed         jsonb NOT NULL,
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  volume         int NOT NULL,
  contents       text COLLATE "C" NOT NULL,             -- actas | agreements | appendices | session-records
  folios         int NOT NULL,                          -- how many it has
  phase          text COLLATE "C" NOT NULL,             -- open | closed | formalised | archived
  used           int NOT NULL,                          -- the last folio used, cancelled ones included
  cancelled      int NOT NULL,
  closed_index   bigint,
  location       text COLLATE "C",
  on_loan        int,                                   -- number of the loan that is out
  last_check     text COLLATE "C",                      -- verified | failed
  last_check_index bigint
);
CREATE INDEX books_in_order ON registry.books (created_index, id);
CREATE INDEX books_by_body ON registry.books (body, created_index, id);

CREATE TABLE registry.book_folios (
  book           text COLLATE "C" NOT NULL,
  first_folio    int NOT NULL,
  last_folio     int NOT NULL,
  object         text COLLATE "C",                      -- stream; null of a cancelled folio
  root           text COLLATE "C",
  sealed         jsonb NOT NULL,
  entry_index    bigint NOT NULL,
  PRIMARY KEY (book, first_folio)
);
CREATE INDEX book_folios_by_object ON registry.book_folios (object);

CREATE TABLE registry.book_loans (
  book           text COLLATE "C" NOT NULL,
  loan           int NOT NULL,
  due_on         date NOT NULL,
  lent_index     bigint NOT NULL,
  returned_index bigint,                                -- null while it is out
  PRIMARY KEY (book, loan)
);

CREATE TABLE registry.book_checks (
  book           text COLLATE "C" NOT NULL,
  fixity         int NOT NULL,
  outcome        text COLLATE "C" NOT NULL,             -- verified | failed
  objects        int NOT NULL,
  failures       jsonb NOT NULL,
  office         text COLLATE "C" NOT NULL,
  entry_index    bigint NOT NULL,
  PRIMARY KEY (book, fixity)
);
