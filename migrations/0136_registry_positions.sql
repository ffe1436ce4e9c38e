-- What members say beside a vote: objections to a consensus, votos particulares, conflicts that came to light later.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.objections (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/ord/3/2/obrero-1
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
  session        text COLLATE "C" NOT NULL,
  vote           text COLLATE "C" NOT NULL,             -- hcd/2026/ord/3/2
  seat           text COLLATE "C" NOT NULL,
  status         text COLLATE "C" NOT NULL              -- standing | withdrawn
);
CREATE INDEX objections_in_order ON registry.objections (created_index, id);
CREATE INDEX objections_by_body ON registry.objections (body, created_index, id);
CREATE INDEX objections_by_vote ON registry.objections (vote);

CREATE TABLE registry.dissents (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/ord/3/2/obrero-1
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
  session        text COLLATE "C" NOT NULL,
  vote           text COLLATE "C" NOT NULL,             -- hcd/2026/ord/3/2
  seat           text COLLATE "C" NOT NULL,
  form           text COLLATE "C" NOT NULL              -- particular | concurring | reasoned
);
CREATE INDEX dissents_in_order ON registry.dissents (created_index, id);
CREATE INDEX dissents_by_body ON registry.dissents (body, created_index, id);
CREATE INDEX dissents_by_vote ON registry.dissents (vote);

CREATE TABLE registry.conflicts (
  id             text COLLATE "C" PRIMARY KEY,          -- hcd/2026/ord/3/2/obrero-1
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
  session        text COLLATE "C" NOT NULL,
  vote           text COLLATE "C" NOT NULL,             -- hcd/2026/ord/3/2
  seat           text COLLATE "C" NOT NULL,
  discovered_on  date NOT NULL
);
CREATE INDEX conflicts_in_order ON registry.conflicts (created_index, id);
CREATE INDEX conflicts_by_body ON registry.conflicts (body, created_index, id);
CREATE INDEX conflicts_by_vote ON registry.conflicts (vote);
