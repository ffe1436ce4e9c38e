-- The small functions beside append: checkpoints, erasure, the simulated clock, recovery. Each opens one door.
SET LOCAL ROLE acervo_owner;

-- Keep a signed checkpoint (format.md §7), of a size that the ledger has; one that stands already changes nothing.
-- The note is not read here: signer and verifier do that.
CREATE FUNCTION ledger.save_checkpoint(checkpoint_size bigint, checkpoint_note bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
AS $$
BEGIN
  IF checkpoint_size < 0 OR checkpoint_size > (SELECT size FROM head) THEN
    RAISE EXCEPTION 'a checkpoint of size % does not fit this ledger', checkpoint_size USING ERRCODE = 'AC103';
  END IF;
  IF EXISTS (SELECT FROM checkpoints WHERE size = checkpoint_size AND note = checkpoint_note) THEN
    RETURN;
  END IF;
  PERFORM set_config('ledger.door', 'checkpoint', true);
  INSERT INTO checkpoints (size, note, stored_at) VALUES (checkpoint_size, checkpoint_note, clock_timestamp());
  PERFORM set_config('ledger.door', '', true);
  PERFORM pg_notify('ledger_checkpoints', checkpoint_size::text);
END $$;

-- Drop the ciphertexts under a data key that is being destroyed (format.md §8), and give the digests that it emptied.
-- What is to stay of the same subject comes along, closed anew under another data key.
CREATE FUNCTION ledger.erase(
  erased_data_key text, kept_digests text[], kept_data_key text, kept_nonces bytea[], kept_ciphertexts bytea[]
) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
AS $$
BEGIN
  PERFORM set_config('ledger.door', 'erase', true);
  UPDATE disclosures d SET data_key = kept_data_key, nonce = k.nonce, ciphertext = k.ciphertext
    FROM unnest(kept_digests, kept_nonces, kept_ciphertexts) AS k (digest, nonce, ciphertext)
    WHERE d.digest = k.digest AND d.data_key = erased_data_key AND d.ciphertext IS NOT NULL;
  RETURN QUERY UPDATE disclosures d SET nonce = NULL, ciphertext = NULL
    WHERE d.data_key = erased_data_key AND d.ciphertext IS NOT NULL RETURNING d.digest;
  PERFORM set_config('ledger.door', '', true);
END $$;

-- Set the clock of a ledger founded with `clock: simulated` (demos, tests); it never goes back.
CREATE FUNCTION ledger.set_clock(new_instant timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
AS $$
BEGIN
  IF NOT coalesce((SELECT simulated FROM founding), false) THEN
    RAISE EXCEPTION 'this ledger was not founded with a simulated clock' USING ERRCODE = 'AC104';
  END IF;
  PERFORM FROM head WHERE one FOR UPDATE;
  PERFORM set_config('ledger.door', 'clock', true);
  UPDATE simulated_clock SET instant = new_instant WHERE instant <= new_instant;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the simulated clock does not go back' USING ERRCODE = 'AC104';
  END IF;
  PERFORM set_config('ledger.door', '', true);
END $$;

-- Put entries back byte for byte (format.md §12): `acervo recover`, by owner or superuser only, inside a transaction
-- that is committed only when the root equals the signer's. An entry that is not readable keeps its place as it is.
CREATE FUNCTION ledger.recover(raws bytea[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  n bigint; raw bytea; doc jsonb; statement bytea; body jsonb; st text; ver bigint; kind text;
  lvl int; i bigint; node bytea; stamped timestamptz;
BEGIN
  PERFORM set_config('ledger.door', 'recover', true);
  SELECT h.size, h.recorded_at INTO n, stamped FROM head h WHERE h.one FOR UPDATE;
  FOREACH raw IN ARRAY raws LOOP
    BEGIN
      doc := convert_from(raw, 'UTF8')::jsonb;
      statement := decode(doc -> 'act' ->> 'payload', 'base64');
      body := convert_from(statement, 'UTF8')::jsonb;
      st := body ->> 'stream'; ver := (body ->> 'version')::bigint; kind := body ->> 'type';
      IF num_nulls(st, ver, kind) > 0 OR (doc ->> 'index')::bigint IS DISTINCT FROM n
         OR EXISTS (SELECT FROM entries e WHERE e.originator_id = st AND e.originator_version = ver) THEN
        RAISE EXCEPTION 'void' USING ERRCODE = 'AC001';
      END IF;
      stamped := greatest(stamped, (doc ->> 'recorded_at')::timestamptz);
    EXCEPTION WHEN SQLSTATE 'AC001' OR data_exception THEN
      st := 'void/' || n; ver := 1; kind := 'Void/1';
    END;
    INSERT INTO entries (originator_id, originator_version, topic, state, notification_id)
      VALUES (st, ver, kind, raw, n + 1);
    IF kind <> 'Void/1' THEN
      INSERT INTO streams AS s (stream, version, statement_sha256, last_index) VALUES (st, ver, sha256(statement), n)
        ON CONFLICT (stream) DO UPDATE
        SET version = excluded.version, statement_sha256 = excluded.statement_sha256, last_index = excluded.last_index
        WHERE s.version < excluded.version;
      IF n = 0 THEN
        INSERT INTO founding (origin, statement_sha256, simulated) VALUES (
          body ->> 'ledger', sha256(statement), coalesce(body -> 'data' ->> 'clock' = 'simulated', false));
        IF body -> 'data' ->> 'clock' = 'simulated' THEN
          INSERT INTO simulated_clock (instant) VALUES (stamped);
        END IF;
      END IF;
    END IF;
    node := sha256('\x00'::bytea || raw);
    lvl := 0;
    i := n;
    LOOP
      INSERT INTO nodes (level, idx, hash) VALUES (lvl, i, node);
      EXIT WHEN i & 1 = 0;
      node := sha256('\x01'::bytea || (SELECT x.hash FROM nodes x WHERE x.level = lvl AND x.idx = i - 1) || node);
      lvl := lvl + 1;
      i := i >> 1;
    END LOOP;
    n := n + 1;
  END LOOP;
  UPDATE head h SET size = n, recorded_at = stamped WHERE h.one;
  PERFORM pg_notify('ledger_entries', n::text);
  PERFORM set_config('ledger.door', '', true);
  RETURN n;
END $$;

GRANT EXECUTE ON FUNCTION ledger.save_checkpoint, ledger.erase, ledger.set_clock TO acervo_app;
