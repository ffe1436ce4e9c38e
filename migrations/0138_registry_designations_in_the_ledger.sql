-- What proves a designation besides paper, and how far it is; a registry that stands knows only paper and imports.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.designations
  ADD COLUMN way           text NOT NULL DEFAULT 'paper',  -- paper | import | vote | oficio
  ADD COLUMN effect        text NOT NULL DEFAULT 'definitive',  -- definitive | provisional
  ADD COLUMN proposal      int,
  ADD COLUMN agreement     text COLLATE "C",
  ADD COLUMN oficio        text,
  ADD COLUMN ratified_at   text,
  ADD COLUMN ratified_by   text COLLATE "C",
  ADD COLUMN resigned_from text,
  ADD COLUMN evidence      text COLLATE "C";
UPDATE registry.designations SET way = 'import' WHERE provenance = 'imported';
CREATE INDEX designations_by_end ON registry.designations (ends) WHERE ends IS NOT NULL;
