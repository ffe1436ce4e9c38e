-- The append function again (0003 says what it takes, gives and refuses), with fewer statements: what it asks and
-- writes, it asks and writes once a submission and not once an act: of a batch's time in the database, statements were
-- the larger part.
--
-- The order in which an act is refused is the same within each group of questions, and the groups come in this order:
-- the statements themselves, do they stand already, window and guards, version and prev, basis, disclosures.
SET LOCAL ROLE acervo_owner;

CREATE OR REPLACE FUNCTION ledger.append(
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
  t timestamptz; t_last timestamptz; t_text text;                -- the stamp of all acts of this call
  act int := 1; first int; upto int; g int := 1; g_first int; d int := 1;  -- places in the arrays
  doc jsonb; st text; ver bigint; typ text; typ_known text := '';
  other text; expected text; old jsonb; raw bytea; found_sealed int; k int;
  lvl int; i bigint; hash bytea; sibling bytea;
  peaks bytea[] := array_fill(NULL::bytea, ARRAY[64]);           -- last left node made at level + 1, of this call
  peaks_sub bytea[];
  r_stream text[]; r_version bigint[]; r_type text[]; r_prev text[]; r_hash bytea[]; r_entry bytea[];
  r_basis jsonb[]; r_sealed jsonb[];                             -- the submission's acts, in their order
  heads bigint[]; bad int;                                       -- what each act finds in its stream
  sealing boolean; standing boolean; too_large text;
  w_level int[]; w_idx bigint[]; w_hash bytea[]; w int;          -- nodes of the submission, written at its end
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

  other := set_config('ledger.door', 'append', true);

  -- 1. The lock. From here on index order is commit order. What it protects is read after it, by other statements:
  --    this one sees everything but the locked row as it was before it had to wait.
  SELECT h.size, h.recorded_at INTO n, t_last FROM head h WHERE h.one FOR UPDATE;
  n_start := n;
  SELECT f.origin, f.statement_sha256, f.simulated INTO f_origin, f_hash, f_simulated FROM founding f WHERE f.one;
  IF f_simulated THEN
    SELECT c.instant INTO t FROM simulated_clock c WHERE c.one;
  ELSE
    t := clock_timestamp();
  END IF;
  t := greatest(t, t_last);
  t_text := to_char(t AT TIME ZONE 'UTC', stamped);

  FOR sub IN 0 .. cardinality(not_before) - 1 LOOP
    first := act;
    upto := act;
    WHILE act_submissions[upto] = sub LOOP upto := upto + 1; END LOOP;
    IF upto = first THEN
      RAISE EXCEPTION 'submission % has no acts in its place', sub USING ERRCODE = 'AC102';
    END IF;
    g_first := g;
    WHILE guard_submissions[g] = sub LOOP g := g + 1; END LOOP;
    n_sub := n;
    peaks_sub := peaks;
    r_stream := '{}'; r_version := '{}'; r_type := '{}'; r_prev := '{}'; r_hash := '{}'; r_entry := '{}';
    r_basis := '{}'; r_sealed := '{}'; sealing := false; too_large := NULL;
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
        hash := sha256(statements[a]);

        -- 3. The founding makes the ledger; with a simulated clock it also sets it, to its own signed_at.
        IF doc ->> 'ledger' IS DISTINCT FROM f_origin THEN
          IF n > 0 OR f_origin IS NOT NULL THEN
            RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'other-ledger';
          END IF;
          IF st <> 'ledger' OR ver <> 1 OR typ !~ '^LedgerFounded/' THEN
            RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'ledger-not-founded';
          END IF;
          f_origin := doc ->> 'ledger';
          f_simulated := coalesce(doc -> 'data' ->> 'clock' = 'simulated', false);
          INSERT INTO founding (origin, statement_sha256, simulated) VALUES (f_origin, hash, f_simulated);
          IF f_simulated THEN
            t := (doc ->> 'signed_at')::timestamptz;
            t_text := to_char(t AT TIME ZONE 'UTC', stamped);
            INSERT INTO simulated_clock (instant) VALUES (t);
          END IF;
        END IF;

        -- 4. Envelope and entry, in JCS order (format.md §4, §6).
        raw := convert_to(
          '{"act":{"payload":"' || replace(encode(statements[a], 'base64'), E'\n', '')
          || '","payloadType":"application/vnd.acervo.act.v1+json","signatures":[{"keyid":"' || keyids[a]
          || '","sig":"' || replace(encode(signatures[a], 'base64'), E'\n', '')
          || '"}]},"index":' || n || ',"recorded_at":"' || t_text || '"}', 'UTF8');
        IF octet_length(raw) > 65535 THEN
          too_large := st;
        END IF;
        r_stream[k] := st; r_version[k] := ver; r_type[k] := typ; r_prev[k] := doc ->> 'prev'; r_hash[k] := hash;
        r_entry[k] := raw; r_basis[k] := doc -> 'basis'; r_sealed[k] := doc -> 'sealed';
        sealing := sealing OR doc -> 'sealed' <> '{}';

        -- 5. The leaf, and every node that it completes (RFC 9162 §2.1).
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
      st := r_stream[1];

      -- 6. What each act finds in its stream: the head as it stands, or an act of this submission before it.
      IF k = 1 THEN
        SELECT s.version, encode(s.statement_sha256, 'hex') INTO ver, expected FROM streams s WHERE s.stream = st;
        heads := ARRAY[coalesce(ver, 0)];
        bad := CASE WHEN r_version[1] <> heads[1] + 1
                      OR r_prev[1] IS DISTINCT FROM coalesce(expected, encode(f_hash, 'hex'), repeat('0', 64)) THEN 1 END;
      ELSE
        SELECT array_agg(h.head ORDER BY h.k),
               min(h.k) FILTER (WHERE h.version <> h.head + 1 OR h.prev IS DISTINCT FROM encode(h.hash, 'hex'))
          INTO heads, bad
          FROM (
            SELECT u.k, u.version, u.prev,
                   coalesce(lag(u.version) OVER same, s.version, 0) AS head,
                   coalesce(lag(u.hash) OVER same, s.statement_sha256, f_hash,
                            CASE WHEN u.k = 1 THEN decode(repeat('0', 64), 'hex') ELSE r_hash[1] END) AS hash
              FROM unnest(r_stream, r_version, r_prev, r_hash) WITH ORDINALITY AS u (stream, version, prev, hash, k)
              LEFT JOIN LATERAL (SELECT x.version, x.statement_sha256 FROM streams x WHERE x.stream = u.stream LIMIT 1)
                AS s ON true
              WINDOW same AS (PARTITION BY u.stream ORDER BY u.k)
          ) AS h;
      END IF;

      -- 7. If the first act stands already, all must: then nothing else is asked.
      standing := r_version[1] <= heads[1];
      IF standing THEN
        n := n_sub;
        FOR a IN first .. upto - 1 LOOP
          k := a - first + 1;
          st := r_stream[k];
          SELECT e.notification_id - 1, e.state INTO i, raw FROM entries e
            WHERE e.originator_id = st AND e.originator_version = r_version[k];
          old := convert_from(raw, 'UTF8')::jsonb;
          IF old IS NULL OR old -> 'act' ->> 'payload' <> replace(encode(statements[a], 'base64'), E'\n', '') THEN
            RAISE EXCEPTION 'taken' USING ERRCODE = 'AC001', DETAIL = st;
          END IF;
          w_idx[k] := i; r_prev[k] := old ->> 'recorded_at'; r_entry[k] := raw;
        END LOOP;
        submission := sub; outcome := 'duplicate';
        FOR j IN 1 .. upto - first LOOP
          ordinal := first - 2 + j; entry_index := w_idx[j]; stamp := r_prev[j]; entry := r_entry[j];
          RETURN NEXT;
        END LOOP;
      ELSE

        -- 8. Does the instant lie in the window, is all that the check read as it was?
        IF t < not_before[sub + 1] OR t >= not_after[sub + 1] THEN
          RAISE EXCEPTION 'window' USING ERRCODE = 'AC001', DETAIL = st;
        END IF;
        IF g > g_first THEN
          SELECT v.stream INTO other
            FROM unnest(guard_streams[g_first:g - 1], guard_versions[g_first:g - 1]) AS v (stream, version)
            WHERE v.version IS DISTINCT FROM
              coalesce((SELECT s.version FROM streams s WHERE s.stream = v.stream), 0) LIMIT 1;
          IF FOUND THEN
            RAISE EXCEPTION 'guard' USING ERRCODE = 'AC001', DETAIL = other;
          END IF;
        END IF;

        -- 9. version, prev, basis.
        IF bad IS NOT NULL THEN
          RAISE EXCEPTION USING ERRCODE = 'AC001', DETAIL = r_stream[bad], MESSAGE = CASE
            WHEN r_version[bad] <= heads[bad] THEN 'taken' WHEN r_version[bad] > heads[bad] + 1 THEN 'gap'
            ELSE 'prev' END;
        END IF;
        -- A stream that the submission itself writes is looked up in its acts: what stands below is then too old.
        FOR k, other, expected IN
          SELECT u.k, b.key, b.value FROM unnest(r_basis) WITH ORDINALITY AS u (basis, k), jsonb_each_text(u.basis) AS b
            WHERE b.value IS DISTINCT FROM
                  (SELECT encode(s.statement_sha256, 'hex') FROM streams s WHERE s.stream = b.key)
               OR (upto - first > 1 AND b.key = ANY (r_stream))
        LOOP
          SELECT encode(u.hash, 'hex') INTO st
            FROM unnest(r_stream, r_hash) WITH ORDINALITY AS u (stream, hash, ord)
            WHERE u.stream = other AND u.ord < k ORDER BY u.ord DESC LIMIT 1;
          IF NOT FOUND THEN
            SELECT encode(s.statement_sha256, 'hex') INTO st FROM streams s WHERE s.stream = other;
          END IF;
          IF expected IS DISTINCT FROM st THEN
            RAISE EXCEPTION 'basis' USING ERRCODE = 'AC001', DETAIL = other;
          END IF;
        END LOOP;

        -- 10. All sealed values of an act come with it, and nothing else but an acta's blocks, which `data` commits.
        IF sealing OR disclosure_acts[d] < upto - 1 THEN
          FOR a IN first .. upto - 1 LOOP
            k := a - first + 1;
            st := r_stream[k];
            found_sealed := 0;
            WHILE disclosure_acts[d] = a - 1 LOOP
              expected := r_sealed[k] ->> disclosure_names[d];
              IF coalesce(expected <> disclosure_digests[d], disclosure_names[d] NOT LIKE 'block/%')
                 OR num_nulls(disclosure_names[d], disclosure_digests[d], disclosure_data_keys[d],
                              disclosure_nonces[d], disclosure_ciphertexts[d]) > 0 THEN
                RAISE EXCEPTION 'malformed'
                  USING ERRCODE = 'AC001', DETAIL = st, HINT = 'disclosure-does-not-belong';
              END IF;
              INSERT INTO disclosures (digest, entry_index, name, data_key, nonce, ciphertext)
                VALUES (disclosure_digests[d], n_sub + k - 1, disclosure_names[d], disclosure_data_keys[d],
                        disclosure_nonces[d], disclosure_ciphertexts[d]);
              IF expected IS NOT NULL THEN
                found_sealed := found_sealed + 1;
              END IF;
              d := d + 1;
            END LOOP;
            IF r_sealed[k] <> '{}' AND found_sealed <> (SELECT count(*) FROM jsonb_object_keys(r_sealed[k])) THEN
              RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = st, HINT = 'disclosure-missing';
            END IF;
          END LOOP;
        END IF;

        -- 11. Write the submission: streams' heads, entries, nodes, each in one statement.
        IF too_large IS NOT NULL THEN
          RAISE EXCEPTION 'malformed' USING ERRCODE = 'AC001', DETAIL = too_large, HINT = 'entry-too-large';
        END IF;
        IF upto - first = 1 AND heads[1] = 0 THEN
          INSERT INTO streams (stream, version, statement_sha256, last_index)
            VALUES (r_stream[1], r_version[1], r_hash[1], n_sub);
        ELSE
          INSERT INTO streams AS s (stream, version, statement_sha256, last_index)
            SELECT DISTINCT ON (u.stream) u.stream, u.version, u.hash, n_sub + u.k - 1
            FROM unnest(r_stream, r_version, r_hash) WITH ORDINALITY AS u (stream, version, hash, k)
            ORDER BY u.stream, u.k DESC
            ON CONFLICT (stream) DO UPDATE SET version = excluded.version,
              statement_sha256 = excluded.statement_sha256, last_index = excluded.last_index;
        END IF;
        INSERT INTO entries (originator_id, originator_version, topic, state, notification_id)
          SELECT u.stream, u.version, u.type, u.entry, n_sub + u.k
          FROM unnest(r_stream, r_version, r_type, r_entry) WITH ORDINALITY AS u (stream, version, type, entry, k);
        INSERT INTO nodes (level, idx, hash) SELECT unnest(w_level), unnest(w_idx), unnest(w_hash);
        IF n_sub = 0 THEN
          f_hash := r_hash[1];
        END IF;

        -- 12. Answer; in a refused submission all of the above is undone.
        submission := sub; outcome := 'appended'; stamp := t_text;
        FOR j IN 1 .. upto - first LOOP
          ordinal := first - 2 + j; entry_index := n_sub + j - 1; entry := r_entry[j];
          RETURN NEXT;
        END LOOP;
      END IF;
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
      IF n = 0 THEN
        f_origin := NULL; f_hash := NULL; f_simulated := NULL;
        t := greatest(clock_timestamp(), t_last);
        t_text := to_char(t AT TIME ZONE 'UTC', stamped);
      END IF;
      submission := sub; entry_index := NULL; stamp := NULL; entry := NULL;
      FOR a IN first .. upto - 1 LOOP
        ordinal := a - 1;
        RETURN NEXT;
      END LOOP;
      about := NULL; detail := NULL;
    END IF;
    IF n = n_sub THEN
      peaks := peaks_sub;
    END IF;
    act := upto;
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
  other := set_config('ledger.door', '', true);
END $$;
