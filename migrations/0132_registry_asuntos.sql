-- Asuntos from their intake to the orden del día, and dictámenes on them.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.asuntos (
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
  number         int NOT NULL,
  unit           text COLLATE "C" NOT NULL,
  item_kind      text COLLATE "C" NOT NULL,
  oficio         text COLLATE "C" NOT NULL,
  oficio_on      date NOT NULL,
  grounds        jsonb NOT NULL,
  dictamen_of    text COLLATE "C",
  phase          text COLLATE "C" NOT NULL,             -- submitted | returned | accepted | listed | withdrawn
  round          int NOT NULL,
  reviews        jsonb NOT NULL,
  session        text COLLATE "C",
  item           int,
  listings       jsonb NOT NULL
);
CREATE INDEX asuntos_in_order ON registry.asuntos (created_index, id);
CREATE INDEX asuntos_by_body ON registry.asuntos (body, created_index, id);
CREATE INDEX asuntos_by_session ON registry.asuntos (session, item);

CREATE TABLE registry.dictamens (
  id             text COLLATE "C" PRIMARY KEY,         -- cpd/2026/1
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
  asunto         text COLLATE "C" NOT NULL,
  sense          text COLLATE "C" NOT NULL,
  vote           text COLLATE "C" NOT NULL,
  session        text COLLATE "C" NOT NULL
);
CREATE INDEX dictamens_in_order ON registry.dictamens (created_index, id);
CREATE INDEX dictamens_by_body ON registry.dictamens (body, created_index, id);
CREATE INDEX dictamens_by_asunto ON registry.dictamens (asunto, created_index);
