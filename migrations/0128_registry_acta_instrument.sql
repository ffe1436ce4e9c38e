-- Whether a session's record is an acta or a minuta.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.actas ADD COLUMN instrument text COLLATE "C" NOT NULL DEFAULT 'acta';  -- acta | minuta
