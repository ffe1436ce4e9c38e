-- Sessions with their orden del día, attendance by item, and interventions.
SET LOCAL ROLE acervo_app;

-- present: seat → [designation, index of the arrival] of those who sit there now (or sat there at the close).
CREATE TABLE registry.sessions (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/ord/3
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
  series         text COLLATE "C" NOT NULL,
  number         int NOT NULL,
  begins_at      text,
  held_on        date NOT NULL,
  modality       text,
  call           int NOT NULL,
  phase          text NOT NULL,
  current_item   int,
  quorum         jsonb,
  opened_at      text,
  closed_at      text,
  votes          int,
  agreements     jsonb,
  present        jsonb NOT NULL,
  has_attendance boolean NOT NULL,
  source         jsonb
);
CREATE INDEX sessions_in_order ON registry.sessions (created_index, id);
CREATE INDEX sessions_by_body ON registry.sessions (body, created_index, id);

CREATE TABLE registry.agenda_items (
  session       text COLLATE "C" NOT NULL,
  call          int NOT NULL,                           -- a second call has an orden del día of its own
  item          int NOT NULL,
  item_kind     text NOT NULL,
  added         boolean NOT NULL,                       -- after the convocation
  text_index    bigint,                                 -- where its sealed title stands
  text_name     text COLLATE "C",
  opened_index  bigint,
  outcome       text,
  outcome_index bigint,
  recused       jsonb NOT NULL,                         -- [{"seat", "index", "voice"}, …]
  PRIMARY KEY (session, call, item)
);

-- One row a stay: from an item (none: the roll at the start) until an item.
CREATE TABLE registry.attendance (
  session       text COLLATE "C" NOT NULL,
  seat          text COLLATE "C" NOT NULL,
  arrived_index bigint NOT NULL,
  call          int NOT NULL,
  designation   int NOT NULL,
  modality      text NOT NULL,
  from_item     int,
  left_index    bigint,
  until_item    int,
  voice         text NOT NULL,
  PRIMARY KEY (session, seat, arrived_index)
);

CREATE TABLE registry.interventions (
  entry_index bigint PRIMARY KEY,
  session     text COLLATE "C" NOT NULL,
  item        int NOT NULL,
  seat        text COLLATE "C" NOT NULL
);
CREATE INDEX interventions_by_session ON registry.interventions (session, entry_index);
