-- Calendars: the days that do not count, and the sessions planned for a year.
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.holiday_calendars (
  id             text COLLATE "C" PRIMARY KEY,         -- mx-federal
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
  edition        int NOT NULL,
  covers_from    date NOT NULL,
  covers_until   date NOT NULL,
  days           jsonb NOT NULL,
  editions       jsonb NOT NULL
);
CREATE INDEX holiday_calendars_in_order ON registry.holiday_calendars (created_index, id);

CREATE TABLE registry.session_calendars (
  id             text COLLATE "C" PRIMARY KEY,         -- hcd/2026
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
  vote           text COLLATE "C" NOT NULL,
  phase          text COLLATE "C" NOT NULL,             -- approved | closed
  entries        int NOT NULL
);
CREATE INDEX session_calendars_in_order ON registry.session_calendars (created_index, id);
CREATE INDEX session_calendars_by_body ON registry.session_calendars (body, created_index, id);

CREATE TABLE registry.calendar_entries (
  calendar       text COLLATE "C" NOT NULL,
  entry          int NOT NULL,
  session        text COLLATE "C" NOT NULL,
  first_day      date NOT NULL,
  day            date NOT NULL,
  moved          jsonb NOT NULL,
  settled        text COLLATE "C",
  settled_index  bigint,
  planned_index  bigint NOT NULL,
  PRIMARY KEY (calendar, entry)
);
