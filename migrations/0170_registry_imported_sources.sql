-- What sources of other countries say besides: leave and other marks, published results, consent agendas, notes.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.votes
  ADD COLUMN licencia         int,                       -- marks of imports whose source keeps leave apart
  ADD COLUMN otro             int,                       -- and those it counts under no other sense
  ADD COLUMN published_result text COLLATE "C";          -- as the source has it; result follows from the marks

ALTER TABLE registry.agenda_items
  ADD COLUMN consent   boolean NOT NULL DEFAULT false,   -- taken up with others on the consent agenda
  ADD COLUMN reference text COLLATE "C";                 -- the source's own number of the file

ALTER TABLE registry.designations ADD COLUMN vote text COLLATE "C"; -- columbus/2021/regular/1/4: of an import, its vote

-- corrections: [{"seat", "designation", "was"?, "now"}]; the vote's own marks and tally stay as they were published.
CREATE TABLE registry.notes (
  id             text COLLATE "C" PRIMARY KEY,           -- peru-pleno/2022/pleno/3/1
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
  session        text COLLATE "C" NOT NULL,
  about          text COLLATE "C" NOT NULL,              -- vote | attendance
  vote           text COLLATE "C",                       -- peru-pleno/2022/pleno/3/7
  corrections    jsonb NOT NULL,
  corrected      int NOT NULL,                           -- how many holders it corrects
  unread         int NOT NULL,                           -- names in it that are nobody's, or several people's
  source         jsonb NOT NULL
);
CREATE INDEX notes_in_order ON registry.notes (created_index, id);
CREATE INDEX notes_by_body ON registry.notes (body, created_index, id);
CREATE INDEX notes_by_session ON registry.notes (session, number);
CREATE INDEX notes_by_vote ON registry.notes (vote);
