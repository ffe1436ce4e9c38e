-- The one way in (format.md §6). It takes raw values, reads stream, version, prev, basis and type from the signed
-- statement itself, composes envelope and entry, assigns the index, stamps the time and grows the tree: all under the
-- lock of ledger.head, in the caller's transaction.
--
-- One call carries several *submissions*, each all or nothing, so that many submitters share one commit (group
-- commit). Each submission is a subtransaction: a refusal rolls back that one alone and is a row, not an error.
-- Refusals are raised inside with SQLSTATE AC001, never 40001, which libraries retry.
--
--   outcome    about        meaning
--   appended   stream       the act stands at entry_index
--   duplicate  stream       the same statement stood already (of a batch: all of them); its entry is given again
--   taken      stream       another statement has this version
--   gap        stream       version is beyond the stream's last + 1
--   prev       stream       version fits, but prev is not the SHA-256 of the last statement
--   basis      named one    a stream named in basis has another last statement
--   guard      guarded one  a stream that the caller's check read has another version than it saw
--   window     stream       the stamp is not in [not_before, not_after)
--   malformed  stream       the reason is in detail: no statement of ours, wrong ledger, keyid, disclosures, size …
--
-- An outcome other than appended and duplicate is repeated for each act of its submission; `ordinal` is the act's
-- place in the call, from 0. acts and disclosures come in order, guards ordered by submission.
-- Not checked here: signatures, canonical form, rules. The application does that before; the verifier does it for ever.
SET LOCAL ROLE acervo_owner;

CREATE FUNCTION ledger.append(
  statements bytea[], signatures bytea[], keyids text[], act_submissions int[],
  guard_streams text[], guard_versions bigint[], guard_submissions int[],
  disclosure_acts int[], disclosure_names text[], disclosure_digests text[],
  disclosure_data_keys text[], disclosure_nonces bytea[], disclosure_ciphertexts bytea[],
  not_before timestamptz[], not_after timestamptz[]
) RETURNS TABLE (
  submission int, ordinal int, outcome text, about text, detail text, entry_index bigint, stamp text, entry bytea
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = ledger, pg_temp
SET plan_cache_mode = force_generic_plan  -- every statement is a look-up by key or an insert: plan once
SET enable_seqscan = off                  -- and never keep a plan that was made when the tables were small
AS $$
#variable_conflict use_column
DECLARE
  fields   CONSTANT text[] := ARRAY['basis', 'data', 'ledger', 'occurred_at', 'office', 'prev', 'sealed', 'signed_at',
                                    'signer', 'stream', 'type', 'version'];
  stamped  CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
  acts     CONSTANT int := cardinality(statements);
  f_origin text; f_hash bytea; f_simulated boolean;              -- the founding
  n bigint; n_start bigint; n_sub bigint;                        -- size now, at the call's, at the submission's start
  t timestamptz; t_last timestamptz;                             -- the stamp of all acts of this call
  act int := 1; first int; upto int; g int := 1; d int := 1;     -- places in the arrays
  doc jsonb; st text; ver bigint; head_ver bigint; head_hash bytea; standing boolean; sealed int;
  other text; expected text; old jsonb; raw bytea;
  k int; lvl int; i bigint; hash bytea; sibling bytea;
  peaks bytea[] := array_fill(NULL::bytea, ARRAY[64]);           -- last left node made at level + 1, of this call
  peaks_sub bytea[];
  r_index bigint[]; r_stamp text[]; r_entry bytea[]; r_stream text[]; r_version bigint[]; r_type text[];
  w_level int[]; w_idx bigint[]; w_hash bytea[]; w int;          -- nodes of the submission, written at its end
  typ text; typ_known text := '';                                -- the act's type, and the last one found well formed
BEGIN
  -- 0. A lost commit would be a lost act whose receipt is out; another isolation level could fail on the lock.
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    RAISE EXCEPTION 'synchronous_commit must be on' USING ERRCODE = 'AC101';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the isolation level must be read committed' USING ERRCODE = 'AC101';
  END IF;
  IF num_nulls(statements, signatures, keyids, act_submissions, guard_streams, guard_versions, guard_submissions,
               disclosure_acts, disclosure_names, disclosure_digests, disclosure_data_keys, disclosure_nonces,
               disclosure_ciphertexts, not_before, not_after) > 0
     OR ARRAY[cardinality(signatures), cardinality(keyids), cardinality(act_submissions)] <> ARRAY[acts, acts, acts]
     OR cardinality(guard_versions) <> cardinality(guard_streams)
     OR cardinality(guard_submissions) <> cardinality(guard_streams)
     OR ARRAY[cardinality(disclosure_names), cardinality(disclosure_digests), cardinality(disclosure_data_keys),
              cardinality(disclosure_nonces), cardinality(disclosure_ciphertexts)]
        <> array_fill(cardinality(disclosure_acts), ARRAY[5])
     OR cardinality(not_after) <> cardinality(not_before) THEN
    RAISE EXCEPTION 'the arrays do not belong together' USING ERRCODE = 'AC102';
  END IF;

  PERFORM set_config('ledger.door', 'append', true);

  -- 1. The lock. From here on index order is commit order.
  SELECT h.size, h.recorded_at INTO n, t_last FROM head h WHERE h.one FOR UPDATE;
  n_start := n;
  SELECT f.origin, f.statement_sha256, f.simulated INTO f_origin, f_hash, f_simulated FROM founding f WHERE f.one;
  IF f_simulated THEN
    SELECT c.instant INTO t FROM simulated_clock c WHERE c.one;
  ELSE
    t := clock_timestamp();
  END IF;
  t := greatest(t, t_last);

  FOR sub IN 0 .. cardinality(not_before) - 1 LOOP
    first := act;
    upto := act;
    WHILE act_submissions[upto] = sub LOOP upto := upto + 1; END LOOP;
    IF upto = first THEN
      RAISE EXCEPTION 'submission % has no acts in its place', sub USING ERRCODE = 'AC102';
    END IF;
    n_sub := n;
    peaks_sub := peaks;
    r_index := '{}'; r_stamp := '{}'; r_entry := '{}'; r_stream := '{}'; r_version := '{}'; r_type := '{}';
    w_level := '{}'; w_idx := '{}'; w_hash := '{}'; w := 0;
    BEGIN
      FOR a IN first .. upto - 1 LOOP
        k := a - first + 1;

        -- 2. Read the statement.
        st := NULL;
        IF octet_length(statements[a]) > 45056 THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', HINT = 'statement-too-large';
        END IF;
        doc := convert_from(statements[a], 'UTF8')::jsonb;
        IF doc IS NULL OR jsonb_typeof(doc) <> 'object' OR NOT doc ?& fields OR doc - fields <> '{}'
           OR jsonb_typeof(doc -> 'version') <> 'number' OR jsonb_typeof(doc -> 'stream') <> 'string'
           OR jsonb_typeof(doc -> 'type') <> 'string' OR jsonb_typeof(doc -> 'signer') <> 'string'
           OR jsonb_typeof(doc -> 'ledger') <> 'string' OR jsonb_typeof(doc -> 'basis') <> 'object'
           OR jsonb_typeof(doc -> 'data') <> 'object' OR jsonb_typeof(doc -> 'sealed') <> 'object' THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', HINT = 'not-a-statement';
        END IF;
        st := doc ->> 'stream';
        ver := (doc ->> 'version')::bigint;
        typ := doc ->> 'type';
        IF octet_length(st) > 200 OR st !~ '^[a-z]+(/[a-z0-9][a-z0-9._-]*)*$'
           OR (typ <> typ_known AND typ !~ '^[A-Z][A-Za-z0-9]{1,63}/[1-9][0-9]{0,2}$') OR ver < 1 THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = left(st, 200), HINT = 'not-a-statement';
        END IF;
        typ_known := typ;
        IF keyids[a] IS DISTINCT FROM doc ->> 'signer'
           OR octet_length(keyids[a]) <> 64 OR translate(keyids[a], '0123456789abcdef', '') <> '' THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'keyid-is-not-signer';
        END IF;
        IF coalesce(octet_length(signatures[a]), 0) NOT BETWEEN 1 AND 512 THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'signature-size';
        END IF;

        -- 3. The founding makes the ledger; with a simulated clock it also sets it, to its own signed_at.
        IF n = 0 AND f_origin IS NULL THEN
          IF st <> 'ledger' OR ver <> 1 OR doc ->> 'type' !~ '^LedgerFounded/' THEN
            RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'ledger-not-founded';
          END IF;
          f_origin := doc ->> 'ledger';
          f_simulated := coalesce(doc -> 'data' ->> 'clock' = 'simulated', false);
          INSERT INTO founding (origin, statement_sha256, simulated)
            VALUES (f_origin, sha256(statements[a]), f_simulated);
          IF f_simulated THEN
            t := (doc ->> 'signed_at')::timestamptz;
            INSERT INTO simulated_clock (instant) VALUES (t);
          END IF;
        ELSIF doc ->> 'ledger' IS DISTINCT FROM f_origin THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'other-ledger';
        END IF;

        -- 4. The place in the stream. If the first act stands already, all must: then nothing else is asked.
        SELECT s.version, s.statement_sha256 INTO head_ver, head_hash FROM streams s WHERE s.stream = st;
        head_ver := coalesce(head_ver, 0);
        IF k = 1 THEN
          standing := ver <= head_ver;
        END IF;
        IF standing THEN
          SELECT e.notification_id - 1, e.state INTO i, raw FROM entries e
            WHERE e.originator_id = st AND e.originator_version = ver;
          old := convert_from(raw, 'UTF8')::jsonb;
          IF old IS NULL
             OR old -> 'act' ->> 'payload' <> replace(encode(statements[a], 'base64'), E'\n', '') THEN
            RAISE EXCEPTION 'taken' USING ERRCODE = 'AC001', DETAIL = st;
          END IF;
          r_index[k] := i; r_stamp[k] := old ->> 'recorded_at'; r_entry[k] := raw;
          CONTINUE;
        END IF;

        -- 5. Once a submission: does the instant lie in the window, is all that the check read as it was?
        IF k = 1 THEN
          IF t < not_before[sub + 1] OR t >= not_after[sub + 1] THEN
            RAISE EXCEPTION 'window' USING ERRCODE = 'AC001', DETAIL = st;
          END IF;
          WHILE guard_submissions[g] = sub LOOP
            IF guard_versions[g] IS DISTINCT FROM
               coalesce((SELECT s.version FROM streams s WHERE s.stream = guard_streams[g]), 0) THEN
              RAISE EXCEPTION 'guard' USING ERRCODE = 'AC001', DETAIL = guard_streams[g];
            END IF;
            g := g + 1;
          END LOOP;
        END IF;

        -- 6. version, prev, basis.
        IF ver <= head_ver THEN
          RAISE EXCEPTION 'taken' USING ERRCODE = 'AC001', DETAIL = st;
        ELSIF ver > head_ver + 1 THEN
          RAISE EXCEPTION 'gap' USING ERRCODE = 'AC001', DETAIL = st;
        END IF;
        expected := encode(CASE WHEN head_ver > 0 THEN head_hash ELSE f_hash END, 'hex');
        IF doc ->> 'prev' IS DISTINCT FROM coalesce(expected, repeat('0', 64)) THEN
          RAISE EXCEPTION 'prev' USING ERRCODE = 'AC001', DETAIL = st;
        END IF;
        IF doc -> 'basis' <> '{}' THEN
          SELECT b.key INTO other FROM jsonb_each_text(doc -> 'basis') AS b WHERE b.value IS DISTINCT FROM
            (SELECT encode(s.statement_sha256, 'hex') FROM streams s WHERE s.stream = b.key) LIMIT 1;
          IF FOUND THEN
            RAISE EXCEPTION 'basis' USING ERRCODE = 'AC001', DETAIL = other;
          END IF;
        END IF;

        -- 7. All sealed values of the act come with it, and nothing else but an acta's blocks, which `data` commits.
        sealed := 0;
        WHILE disclosure_acts[d] = a - 1 LOOP
          expected := doc -> 'sealed' ->> disclosure_names[d];
          IF coalesce(expected <> disclosure_digests[d], disclosure_names[d] NOT LIKE 'block/%')
             OR num_nulls(disclosure_names[d], disclosure_digests[d], disclosure_data_keys[d], disclosure_nonces[d],
                          disclosure_ciphertexts[d]) > 0 THEN
            RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'disclosure-does-not-belong';
          END IF;
          INSERT INTO disclosures (digest, entry_index, name, data_key, nonce, ciphertext)
            VALUES (disclosure_digests[d], n, disclosure_names[d], disclosure_data_keys[d], disclosure_nonces[d],
                    disclosure_ciphertexts[d]);
          IF expected IS NOT NULL THEN
            sealed := sealed + 1;
          END IF;
          d := d + 1;
        END LOOP;
        IF doc -> 'sealed' <> '{}' AND sealed <> (SELECT count(*) FROM jsonb_object_keys(doc -> 'sealed')) THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'disclosure-missing';
        END IF;

        -- 8. Envelope and entry, in JCS order (format.md §4, §6).
        r_stamp[k] := to_char(t AT TIME ZONE 'UTC', stamped);
        raw := convert_to(
          '{"act":{"payload":"' || replace(encode(statements[a], 'base64'), E'\n', '')
          || '","payloadType":"application/vnd.acervo.act.v1+json","signatures":[{"keyid":"' || keyids[a]
          || '","sig":"' || replace(encode(signatures[a], 'base64'), E'\n', '')
          || '"}]},"index":' || n || ',"recorded_at":"' || r_stamp[k] || '"}', 'UTF8');
        IF octet_length(raw) > 65535 THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'entry-too-large';
        END IF;
        r_index[k] := n; r_entry[k] := raw; r_stream[k] := st; r_version[k] := ver; r_type[k] := typ;

        -- 9. The stream's head, visible to the next act of the submission.
        hash := sha256(statements[a]);
        IF n = 0 THEN
          f_hash := hash;
        END IF;
        IF head_ver = 0 THEN
          INSERT INTO streams (stream, version, statement_sha256, last_index) VALUES (st, ver, hash, n);
        ELSE
          UPDATE streams s SET version = ver, statement_sha256 = hash, last_index = n WHERE s.stream = st;
        END IF;

        -- 10. The leaf, and every node that it completes (RFC 9162 §2.1).
        hash := sha256('\x00'::bytea || raw);
        lvl := 0;
        i := n;
        LOOP
          w := w + 1;
          w_level[w] := lvl; w_idx[w] := i; w_hash[w] := hash;
          EXIT WHEN i & 1 = 0;
          sibling := peaks[lvl + 1];
          IF sibling IS NULL THEN
            SELECT x.hash INTO STRICT sibling FROM nodes x WHERE x.level = lvl AND x.idx = i - 1;
          END IF;
          hash := sha256('\x01'::bytea || sibling || hash);
          lvl := lvl + 1;
          i := i >> 1;
        END LOOP;
        peaks[lvl + 1] := hash;
        n := n + 1;
      END LOOP;

      -- 11. Write entries and nodes of the submission, each in one statement.
      IF NOT standing THEN
        INSERT INTO entries (originator_id, originator_version, topic, state, notification_id)
          SELECT unnest(r_stream), unnest(r_version), unnest(r_type), unnest(r_entry), unnest(r_index) + 1;
        INSERT INTO nodes (level, idx, hash) SELECT unnest(w_level), unnest(w_idx), unnest(w_hash);
      END IF;

      -- 12. Answer; in a refused submission all of the above is undone.
      submission := sub; outcome := CASE WHEN standing THEN 'duplicate' ELSE 'appended' END;
      about := NULL; detail := NULL;
      FOR j IN 1 .. upto - first LOOP
        ordinal := first - 2 + j; entry_index := r_index[j]; stamp := r_stamp[j]; entry := r_entry[j];
        RETURN NEXT;
      END LOOP;
    EXCEPTION
      WHEN SQLSTATE 'AC001' THEN
        GET STACKED DIAGNOSTICS outcome = MESSAGE_TEXT, about = PG_EXCEPTION_DETAIL, detail = PG_EXCEPTION_HINT;
        standing := NULL;
      WHEN data_exception OR statement_too_complex THEN
        GET STACKED DIAGNOSTICS detail = MESSAGE_TEXT;
        outcome := 'malformed'; about := st; standing := NULL;
      WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS other = TABLE_NAME;
        IF other <> 'disclosures' THEN
          RAISE;  -- the tables contradict ledger.streams: somebody has been at them
        END IF;
        outcome := 'malformed'; about := st; detail := 'digest-stands-already'; standing := NULL;
    END;
    IF standing IS NULL THEN
      n := n_sub;
      peaks := peaks_sub;
      IF n = 0 THEN
        f_origin := NULL; f_hash := NULL; f_simulated := NULL;
        t := greatest(clock_timestamp(), t_last);
      END IF;
      submission := sub; entry_index := NULL; stamp := NULL; entry := NULL;
      FOR a IN first .. upto - 1 LOOP
        ordinal := a - 1;
        RETURN NEXT;
      END LOOP;
    END IF;
    act := upto;
    WHILE guard_submissions[g] <= sub LOOP g := g + 1; END LOOP;
    WHILE disclosure_acts[d] < act - 1 LOOP d := d + 1; END LOOP;
  END LOOP;
  IF act <> acts + 1 OR g <> cardinality(guard_streams) + 1 OR d <> cardinality(disclosure_acts) + 1 THEN
    RAISE EXCEPTION 'the arrays are not in order' USING ERRCODE = 'AC102';
  END IF;

  -- 13. Move the head and wake who listens; both take effect with the caller's commit.
  IF n > n_start THEN
    UPDATE head h SET size = n, recorded_at = t WHERE h.one;
    PERFORM pg_notify('ledger_entries', n::text);
  END IF;
  PERFORM set_config('ledger.door', '', true);
END $$;

GRANT EXECUTE ON FUNCTION ledger.append TO acervo_app;
