-- What sessions and votes may be besides: permanent, without quorum, by consensus, elections in rounds, of several items.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.sessions
  ADD COLUMN session_kind text COLLATE "C",             -- ordinary | extraordinary | solemn | permanent; null of imports
  ADD COLUMN until_at     text,                         -- of a permanent session
  ADD COLUMN agenda       jsonb,                        -- [item, …] in the approved order
  ADD COLUMN agenda_vote  int,
  ADD COLUMN agenda_index bigint;

ALTER TABLE registry.agenda_items
  ADD COLUMN approved    boolean NOT NULL DEFAULT true, -- false of an added item until the body approves it
  ADD COLUMN challenges  jsonb NOT NULL DEFAULT '[]',   -- [{"seat", "challenged", "asks", "index", "voice", "upheld"?, …}]
  ADD COLUMN amendments  jsonb NOT NULL DEFAULT '[]',   -- indexes of the acts that changed its text
  ADD COLUMN resolved_by int,                           -- the vote of several items that resolved it
  ADD COLUMN committee   text COLLATE "C";              -- to which it was referred

ALTER TABLE registry.attendance ADD COLUMN evidence text COLLATE "C";

ALTER TABLE registry.votes
  ADD COLUMN motion_kind text COLLATE "C" NOT NULL DEFAULT 'substantive',
  ADD COLUMN items       jsonb NOT NULL DEFAULT '[]',   -- all items that the vote decides
  ADD COLUMN scope       text COLLATE "C",              -- general | particular
  ADD COLUMN of_general  int,
  ADD COLUMN repeats     int,
  ADD COLUMN candidates  jsonb NOT NULL DEFAULT '[]',   -- [{"person", "votes"?}, …]
  ADD COLUMN withdrawn   jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN elected     text COLLATE "C",
  ADD COLUMN cast_for    text COLLATE "C",              -- whom the casting vote elected
  ADD COLUMN texts       jsonb NOT NULL DEFAULT '[]';   -- digests of the resolutivos put to the vote

ALTER TABLE registry.marks ADD COLUMN candidate text COLLATE "C"; -- of an election by roll call

-- Rows that stand already do not say any of it: the worker makes them again by projecting everything anew.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT IN ('status')
  LOOP
    EXECUTE format('DELETE FROM registry.%I', name);
  END LOOP;
END;
$$;
