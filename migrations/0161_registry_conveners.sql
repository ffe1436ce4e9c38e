-- Who convened a session: the vote of another body, where it was not the chair. Filled as sessions are convened; a rebuild
-- of the registry fills those that stand.
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.sessions ADD COLUMN decided_by text COLLATE "C";   -- vote/agd/2026/ord/1/2
