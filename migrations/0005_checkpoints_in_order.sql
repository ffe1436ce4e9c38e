-- Checkpoints number themselves 1, 2, 3 … without gaps, smaller sizes never after larger ones, and say nothing that
-- their notes do not say: so `acervo check` can name one that was taken away, put in or moved. (An identity column
-- leaves gaps after every crash; the time at which a note was stored could be anything.)
SET LOCAL ROLE acervo_owner;

ALTER TABLE ledger.checkpoints DROP COLUMN stored_at;
ALTER TABLE ledger.checkpoints ALTER COLUMN id DROP IDENTITY;

CREATE OR REPLACE FUNCTION ledger.save_checkpoint(checkpoint_size bigint, checkpoint_note bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
AS $$
DECLARE
  last_id bigint; last_size bigint;
BEGIN
  IF checkpoint_size < 0 OR checkpoint_size > (SELECT size FROM head) THEN
    RAISE EXCEPTION 'a checkpoint of size % does not fit this ledger', checkpoint_size USING ERRCODE = 'AC103';
  END IF;
  LOCK TABLE checkpoints IN SHARE ROW EXCLUSIVE MODE;
  SELECT c.id, c.size INTO last_id, last_size FROM checkpoints c ORDER BY c.id DESC LIMIT 1;
  -- One that stands already, and one that a newer one has overtaken on its way here, change nothing.
  IF checkpoint_size < last_size
     OR EXISTS (SELECT FROM checkpoints c WHERE c.size = checkpoint_size AND c.note = checkpoint_note) THEN
    RETURN;
  END IF;
  PERFORM set_config('ledger.door', 'checkpoint', true);
  INSERT INTO checkpoints (id, size, note) VALUES (coalesce(last_id, 0) + 1, checkpoint_size, checkpoint_note);
  PERFORM set_config('ledger.door', '', true);
  PERFORM pg_notify('ledger_checkpoints', checkpoint_size::text);
END $$;

-- What recover puts back besides entries: sealed values out of a bundle to which they were granted (format.md §12).
-- A value whose place is taken is passed over; the caller has compared digests. By owner or superuser only.
DROP TRIGGER refuse_write ON ledger.disclosures;
CREATE TRIGGER refuse_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.disclosures
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_write('INSERT append', 'UPDATE erase', 'INSERT recover');

CREATE FUNCTION ledger.recover_disclosures(
  indexes bigint[], names text[], digests text[], data_keys text[], nonces bytea[], ciphertexts bytea[]
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
AS $$
DECLARE
  put bigint;
BEGIN
  PERFORM set_config('ledger.door', 'recover', true);
  INSERT INTO disclosures (digest, entry_index, name, data_key, nonce, ciphertext)
    SELECT d.digest, d.entry_index, d.name, d.data_key, d.nonce, d.ciphertext
    FROM unnest(indexes, names, digests, data_keys, nonces, ciphertexts)
      AS d (entry_index, name, digest, data_key, nonce, ciphertext)
    ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS put = ROW_COUNT;
  PERFORM set_config('ledger.door', '', true);
  RETURN put;
END $$;
