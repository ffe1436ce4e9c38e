-- Authorities whose certificates are accepted for officers' keys.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.certificate_authorities (
  id             text COLLATE "C" PRIMARY KEY,          -- SHA-256 of the certificate
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
  certificate    text NOT NULL,                         -- DER, base64
  issuer         text COLLATE "C",                      -- of the authority above it; NULL for a root
  phase          text COLLATE "C" NOT NULL,             -- trusted | distrusted
  distrusted_index bigint,
  reason         text COLLATE "C"                       -- compromised | superseded | cessation
);
CREATE INDEX certificate_authorities_in_order ON registry.certificate_authorities (created_index, id);
