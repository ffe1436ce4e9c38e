-- Registries are derived from entries and can be thrown away (format.md §1.5): projections/ writes them, nobody else.
-- How far each has come, how the worker is, and which entries it left out as void.
SET LOCAL ROLE acervo_app;

-- position: how many entries the registry has seen; the next one is the entry at this index.
CREATE TABLE registry.tracking (
  name     text PRIMARY KEY,
  position bigint NOT NULL
);

-- The worker's state, for /health. A failed one stands still at failed_index until a person has looked.
CREATE TABLE registry.status (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),
  state           text NOT NULL CHECK (state IN ('running', 'failed', 'stopped')),
  failed_index    bigint,
  failed_registry text,
  error           text,
  updated_at      timestamptz NOT NULL
);

-- Entries left out because an officer acknowledged them as void (format.md §6).
CREATE TABLE registry.left_out (
  entry_index bigint PRIMARY KEY
);
