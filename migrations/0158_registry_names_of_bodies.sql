-- Names that a body had and spans in which it was suspended. Bodies that stand have one name, and never were suspended.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.bodies
  ADD COLUMN names       jsonb NOT NULL DEFAULT '[]',   -- [{"index", "from_on"?}, …] in order
  ADD COLUMN suspensions jsonb NOT NULL DEFAULT '[]';   -- [{"index", "from_on", "until_on"?, "resumed_index"?}, …]
UPDATE registry.bodies SET names = jsonb_build_array(jsonb_build_object('index', created_index));
