-- Votes, and marks: one row a seat, the member's own ballot or what the secretary (or a source) attests.
SET LOCAL ROLE acervo_app;

-- eligible: seat → designation of those who may vote; marks_voice: own | attested | imported.
CREATE TABLE registry.votes (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/ord/3/2
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
  session        text COLLATE "C" NOT NULL,
  body           text COLLATE "C" NOT NULL,
  year           int NOT NULL,
  number         int NOT NULL,
  item           int NOT NULL,
  held_on        date NOT NULL,
  method         text NOT NULL,
  majority       text NOT NULL,
  phase          text NOT NULL,
  eligible       jsonb NOT NULL,
  eligible_count int NOT NULL,
  marks_voice    text NOT NULL,
  ballots        int NOT NULL,
  favor          int,
  contra         int,
  abstencion     int,
  presente       int,
  ausente        int,
  casting        text,
  casting_index  bigint,
  tellers        jsonb NOT NULL,
  result         text,
  result_index   bigint,
  source         jsonb
);
CREATE INDEX votes_in_order ON registry.votes (created_index, id);
CREATE INDEX votes_by_body ON registry.votes (body, created_index, id);
CREATE INDEX votes_by_session ON registry.votes (session, number);

-- choice: favor, contra, abstencion; of imports also presente (did not vote) and ausente; of secret votes only emitido.
CREATE TABLE registry.marks (
  vote_index     bigint NOT NULL,                       -- created_index of the vote
  seat           text COLLATE "C" NOT NULL,
  designation    int,
  choice         text NOT NULL,
  own            boolean NOT NULL,
  version        int NOT NULL,
  created_index  bigint NOT NULL,
  created        timestamptz NOT NULL,
  modified_index bigint NOT NULL,
  modified       timestamptz NOT NULL,
  PRIMARY KEY (vote_index, seat)
);
