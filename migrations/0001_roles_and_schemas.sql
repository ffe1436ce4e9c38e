-- Who may do what (format.md §6). Roles belong to the whole server, so another database may have made them already.
--   acervo_owner   owns the schema ledger and its functions; nobody logs in as it
--   acervo_app     what API and worker connect as: EXECUTE and SELECT in ledger; owns the schema registry (projections)
--   acervo_reader  may SELECT in registry, for reports and other people's tools
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['acervo_owner', 'acervo_app', 'acervo_reader'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;  -- another database's migration was quicker
    END;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      EXECUTE format('GRANT %I TO %I', role, current_user);
    END IF;
  END LOOP;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO acervo_app, acervo_reader', current_database());
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA ledger AUTHORIZATION acervo_owner;
CREATE SCHEMA registry AUTHORIZATION acervo_app;
GRANT USAGE ON SCHEMA ledger TO acervo_app;
GRANT USAGE ON SCHEMA registry TO acervo_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE acervo_app IN SCHEMA registry GRANT SELECT ON TABLES TO acervo_reader;
