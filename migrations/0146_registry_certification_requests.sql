-- Requests for certification, and what certificates say of their objects and of what there is not.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.certifications
  ADD COLUMN request      text COLLATE "C",             -- hcd/2026/1
  ADD COLUMN negatives    jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN delivered_on date,
  ADD COLUMN channel      text COLLATE "C";
CREATE INDEX certifications_by_request ON registry.certifications (request);

ALTER TABLE registry.certified_objects
  ADD COLUMN marks   jsonb NOT NULL DEFAULT '[]',       -- what it was at issuance
  ADD COLUMN made_by jsonb NOT NULL DEFAULT '[]',       -- streams of what made it so
  ADD COLUMN folios  jsonb;

CREATE TABLE registry.certification_requests (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/1
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
  number         int NOT NULL,
  petitioner     text COLLATE "C" NOT NULL,             -- normative | collegiate | ooad | operative | external | …
  received_on    date NOT NULL,
  due_on         date,
  legal_basis    text COLLATE "C",
  objects        jsonb NOT NULL,                        -- streams that it names
  asks_negative  boolean NOT NULL,
  matter         text COLLATE "C",                      -- stream of the requirement or access request
  phase          text COLLATE "C" NOT NULL,             -- requested | admitted | compiled | returned | reviewed | rejected | denied
  draft          int NOT NULL,                          -- of the last compilation; 0 before
  content        text COLLATE "C",                      -- hash of what it says
  compiled_index bigint,
  compiler       text COLLATE "C",                      -- office
  reviewed_index bigint,
  reviewer       text COLLATE "C"
);
CREATE INDEX certification_requests_in_order ON registry.certification_requests (created_index, id);
CREATE INDEX certification_requests_by_body ON registry.certification_requests (body, created_index, id);
CREATE INDEX certification_requests_by_matter ON registry.certification_requests (matter);
