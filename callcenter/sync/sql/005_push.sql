SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- The place in its chain that an entry's header says it has; NULL when the header is none.
CREATE OR REPLACE FUNCTION callcenter.seq_of(e jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT (substring(e ->> 0 FROM '^\["[^"\\]*","[^"\\]*",(\d{1,18}),'))::bigint
$$;

-- Stores entries that go on exactly where the chain ends and are all sound; false, and nothing stored, when any is not.
CREATE OR REPLACE FUNCTION callcenter.store_sound(of_chain callcenter.chain, entries jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- One pass: an entry that is not sound gets no seq, which the table refuses, and all of them with it.
    INSERT INTO entry (chain, seq, id, hlc, at, kind, subject, header, body, salt, body_digest, prev, digest)
    SELECT of_chain.name,
        CASE WHEN coalesce(
            prev = CASE WHEN ord = 1 THEN of_chain.last_digest ELSE decode(entries -> (ord - 2)::int ->> 5, 'hex') END
            AND h ->> 1 = of_chain.name AND (h ->> 2)::bigint = of_chain.last_seq + ord
            AND jsonb_array_length(h) = 9
            AND digest = sha256(prev || convert_to(header, 'UTF8') || body_digest)
            AND CASE WHEN body IS NULL THEN salt IS NULL
                ELSE body_digest = sha256(salt || convert_to(body, 'UTF8')) END,
        false) THEN of_chain.last_seq + ord END,
        h ->> 0, (h ->> 3)::bigint, (h ->> 4)::bigint, h ->> 6, h ->> 7, header, body, salt, body_digest, prev, digest
    FROM (
        SELECT ord, e ->> 0 AS header, (e ->> 0)::jsonb AS h, e ->> 1 AS body, decode(e ->> 2, 'hex') AS salt,
            decode(e ->> 3, 'hex') AS body_digest, decode(e ->> 4, 'hex') AS prev, decode(e ->> 5, 'hex') AS digest
        FROM jsonb_array_elements(entries) WITH ORDINALITY AS given (e, ord)
        OFFSET 0
    ) AS wire;
    RETURN true;
EXCEPTION
    -- Which entry it is, is found one by one; the text of the error would tell the log of people.
    WHEN data_exception OR integrity_constraint_violation THEN
        RETURN false;
END
$$;

-- Whether all the entries stand in the chain as they are: an answer was lost, and the desk sends them again.
CREATE OR REPLACE FUNCTION callcenter.all_known(of_chain text, entries jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT bool_and(coalesce(decode(e ->> 5, 'hex') = (
            SELECT known.digest FROM entry AS known WHERE known.chain = of_chain AND known.seq = seq_of(e)
        ), false))
        FROM jsonb_array_elements(entries) AS e
    );
EXCEPTION
    WHEN data_exception THEN
        RETURN false;
END
$$;

-- Why an entry cannot be stored as it is, or NULL when it was: header (it cannot be read), digest, body (they do not
-- fit their digests), known (its identifier stands in another place).
CREATE OR REPLACE FUNCTION callcenter.store_one(of_chain text, expected bigint, e jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    h jsonb;
    salt bytea;
    body_digest bytea;
    prev bytea;
    digest bytea;
BEGIN
    BEGIN
        h := (e ->> 0)::jsonb;
        salt := decode(e ->> 2, 'hex');
        body_digest := decode(e ->> 3, 'hex');
        prev := decode(e ->> 4, 'hex');
        digest := decode(e ->> 5, 'hex');
        IF jsonb_array_length(h) <> 9 OR h ->> 1 <> of_chain OR (h ->> 2)::bigint <> expected THEN
            RETURN 'header';
        END IF;
        IF digest IS DISTINCT FROM sha256(prev || convert_to(e ->> 0, 'UTF8') || body_digest) THEN
            RETURN 'digest';
        END IF;
        IF (e ->> 1 IS NULL) <> (salt IS NULL) OR body_digest <> sha256(salt || convert_to(e ->> 1, 'UTF8')) THEN
            RETURN 'body';
        END IF;
        INSERT INTO entry (chain, seq, id, hlc, at, kind, subject, header, body, salt, body_digest, prev, digest)
        VALUES (of_chain, expected, h ->> 0, (h ->> 3)::bigint, (h ->> 4)::bigint, h ->> 6, h ->> 7, e ->> 0, e ->> 1,
            salt, body_digest, prev, digest);
        RETURN NULL;
    EXCEPTION
        WHEN unique_violation THEN
            RETURN 'known';
        WHEN data_exception OR integrity_constraint_violation THEN
            RETURN 'header';
    END;
END
$$;

-- The bytes of a hexadecimal text, NULL when it is none.
CREATE OR REPLACE FUNCTION callcenter.bytes_or_null(hex text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN decode(hex, 'hex');
EXCEPTION
    WHEN data_exception THEN
        RETURN NULL;
END
$$;

-- Stores entries one by one: those that are here already are passed over, one that is not sound is parked and the
-- chain goes on over it. Stops before a gap. Raises CC010 at a fork, so that nothing of the push stays.
CREATE OR REPLACE FUNCTION callcenter.store_each(of_chain callcenter.chain, entries jsonb)
RETURNS TABLE (last_seq bigint, last_digest bytea, parked jsonb)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    e jsonb;
    prev bytea;
    claimed bytea;
    place bigint;
    reason text;
BEGIN
    last_seq := of_chain.last_seq;
    last_digest := of_chain.last_digest;
    parked := '[]';
    FOR e IN SELECT value FROM jsonb_array_elements(entries) LOOP
        prev := bytes_or_null(e ->> 4);
        claimed := bytes_or_null(e ->> 5);
        SELECT coalesce(known.seq, seq_of(e)) INTO place
        FROM (SELECT 1) AS one LEFT JOIN (
            SELECT seq FROM callcenter.parked AS p WHERE p.chain = of_chain.name AND p.digest = claimed
        ) AS known ON true LIMIT 1;
        IF place <= last_seq THEN
            IF NOT EXISTS (
                SELECT FROM entry WHERE entry.chain = of_chain.name AND entry.seq = place AND entry.digest = claimed
            ) AND NOT EXISTS (
                SELECT FROM callcenter.parked AS p
                WHERE p.chain = of_chain.name AND p.seq = place AND p.digest IS NOT DISTINCT FROM claimed
            ) THEN
                RAISE EXCEPTION 'fork' USING ERRCODE = 'CC010';
            END IF;
            CONTINUE;
        END IF;
        EXIT WHEN place > last_seq + 1;
        IF prev <> last_digest THEN
            RAISE EXCEPTION 'fork' USING ERRCODE = 'CC010';
        END IF;
        reason := store_one(of_chain.name, last_seq + 1, e);
        last_seq := last_seq + 1;
        -- Where even the digest cannot be read, the next entry says what it was chained to.
        last_digest := claimed;
        IF reason IS NOT NULL THEN
            INSERT INTO callcenter.parked (chain, seq, id, reason, raw, digest)
            VALUES (of_chain.name, last_seq, substring(e ->> 0 FROM '^\["([^"\\]*)"'), reason, e, claimed);
            parked := parked || jsonb_build_array(jsonb_build_object('seq', last_seq, 'reason', reason));
        END IF;
    END LOOP;
    RETURN NEXT;
END
$$;

-- Takes in what a desk wrote. arg: chain; entries, each [header, body or null, salt or null, body_digest, prev,
-- digest], bytes in hexadecimal, in the chain's order; subjects, each {id, program, region, open}, several for a
-- subject in several scopes, without program and region for everybody; places, see `settle`, in hlc's order; erased,
-- identifiers of entries to empty; recovered, true for entries of a chain not the caller's that the centre lost.
-- Answers last_seq, where the chain stands now: entries after it did not fit and are to be sent again from there;
-- fork, true when the chain goes on otherwise here, and nothing was stored; parked; places.
CREATE OR REPLACE FUNCTION callcenter.push(arg jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp
-- What is asked is the same each time, only more or less of it: planning it anew would cost more than doing it. A plan
-- that was made while the tables were small must not read them whole ever after.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    me desk := caller();
    of_chain chain;
    entries jsonb := coalesce(arg -> 'entries', '[]');
    many int := jsonb_array_length(entries);
    items jsonb := coalesce(arg -> 'places', '[]');
    stands_at bigint;
    stands_digest bytea;
    parked jsonb := '[]';
    recovered boolean := coalesce((arg ->> 'recovered')::boolean, false);
BEGIN
    IF recovered THEN
        IF arg ->> 'chain' !~ '^[A-Z0-9]{1,6}(~[1-9][0-9]{0,8})?$' THEN
            RAISE EXCEPTION 'unknown_chain' USING ERRCODE = 'CC003';
        END IF;
        INSERT INTO chain (name, desk) VALUES (arg ->> 'chain', split_part(arg ->> 'chain', '~', 1))
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO of_chain FROM chain WHERE name = arg ->> 'chain' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown_chain' USING ERRCODE = 'CC003';
    END IF;
    IF of_chain.desk <> me.name AND NOT recovered THEN
        RAISE EXCEPTION 'not_your_chain' USING ERRCODE = 'CC004';
    END IF;
    stands_at := of_chain.last_seq;
    IF many > 0 AND store_sound(of_chain, entries) THEN
        stands_at := of_chain.last_seq + many;
        stands_digest := decode(entries -> -1 ->> 5, 'hex');
    ELSIF many > 0 AND NOT all_known(of_chain.name, entries) THEN
        BEGIN
            SELECT * INTO stands_at, stands_digest, parked FROM store_each(of_chain, entries);
        EXCEPTION
            WHEN SQLSTATE 'CC010' THEN
                RETURN jsonb_build_object('last_seq', of_chain.last_seq, 'fork', true, 'parked', '[]'::jsonb,
                    'places', '[]'::jsonb);
        END;
    END IF;
    IF stands_at > of_chain.last_seq THEN
        UPDATE chain SET last_seq = stands_at, last_digest = coalesce(stands_digest, chain.last_digest),
            pushed = clock_timestamp(),
            recovered = chain.recovered + CASE WHEN chain.desk <> me.name THEN stands_at - of_chain.last_seq ELSE 0 END
        WHERE name = of_chain.name;
    END IF;
    IF many = 0 OR stands_at > of_chain.last_seq THEN
        PERFORM note_subjects(of_chain.desk, of_chain.name, of_chain.last_seq, coalesce(arg -> 'subjects', '[]'));
    END IF;
    IF arg -> 'erased' <> '[]' THEN
        PERFORM empty_entries(arg -> 'erased');
    END IF;
    NOTIFY callcenter;
    RETURN jsonb_build_object('last_seq', stands_at, 'fork', false, 'parked', parked, 'places',
        CASE WHEN items = '[]' THEN '[]' ELSE settle_all(of_chain.desk, items, false) END);
END
$$;
