-- Actas with their signatures and refusals.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.actas (
  id              text COLLATE "C" PRIMARY KEY,         -- the session's: hcd/2026/ord/3
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
  body            text COLLATE "C" NOT NULL,
  year            int NOT NULL,
  series          text COLLATE "C" NOT NULL,
  session         int NOT NULL,
  phase           text NOT NULL,                        -- drafted | sealed
  draft           int NOT NULL,
  draft_index     bigint NOT NULL,
  draft_statement text COLLATE "C" NOT NULL,            -- what a signature must have seen to hold
  root            text COLLATE "C" NOT NULL,
  blocks          int NOT NULL,
  sealed_index    bigint,
  signatures      jsonb NOT NULL,                       -- as the sealing states them
  refusals        jsonb NOT NULL
);
CREATE INDEX actas_in_order ON registry.actas (created_index, id);
CREATE INDEX actas_by_body ON registry.actas (body, created_index, id);

CREATE TABLE registry.acta_signatures (
  id              text COLLATE "C" PRIMARY KEY,         -- hcd/2026/ord/3/secretario
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
  acta            text COLLATE "C" NOT NULL,
  seat            text COLLATE "C" NOT NULL,
  outcome         text NOT NULL,                        -- signed | refused
  root            text COLLATE "C" NOT NULL,
  acta_statement  text COLLATE "C" NOT NULL
);
CREATE INDEX acta_signatures_by_acta ON registry.acta_signatures (acta, created_index);
