SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- Two who settle many offers in different orders would wait for each other: all that they will touch is locked first,
-- in one order. 2,048 locks, so that a large push does not fill the server's table of locks.
CREATE OR REPLACE FUNCTION callcenter.lock_places(items jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20260, wanted.bucket) FROM (
        SELECT hashtext(item ->> 'offer') & 2047 AS bucket FROM jsonb_array_elements(items) AS item
        UNION
        SELECT hashtext(key ->> 0) & 2047
        FROM jsonb_array_elements(items) AS item, jsonb_array_elements(item -> 'keys') AS key
        ORDER BY bucket
    ) AS wanted;
END
$$;

CREATE OR REPLACE FUNCTION callcenter.answer(of callcenter.claim) RETURNS jsonb
-- No more than stable, as what it calls is: only so does it become part of the expression that calls it.
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('offer', of.offer_id, 'outcome', of.outcome, 'why', of.why, 'other', of.other_offer,
        'other_desk', of.other_desk, 'other_number', of.other_number)
$$;

-- Makes an offer hold exactly the keys it wants, all or none, and answers how that ended. The same question has the
-- same answer; an older one (by hlc) than was answered last changes nothing. No keys give everything back, also what
-- a refused offer had before.
-- `leased` questions come before their entry: a first grant lapses after a minute unless the entry arrives.
CREATE OR REPLACE FUNCTION callcenter.settle(of_desk text, item jsonb, leased boolean) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    offer text := item ->> 'offer';
    asked_hlc bigint := (item ->> 'hlc')::bigint;
    wanted int := jsonb_array_length(item -> 'keys');
    mine claim;
    other record;
    is_new boolean;
    inserted int;
    in_the_way boolean := false;
    held int := 0;
    kept int := 0;
    had jsonb := '[]';
BEGIN
    -- The row first: whoever asks about the same offer at the same time waits here for the answer.
    INSERT INTO claim (offer_id, desk, request_id, number, hlc, outcome, decided, lease_until)
    VALUES (offer, of_desk, item ->> 'request', item ->> 'number', asked_hlc, 'granted',
        coalesce(item ->> 'decided', ''), CASE WHEN leased THEN clock_timestamp() + interval '60 seconds' END)
    ON CONFLICT DO NOTHING;
    is_new := FOUND;
    IF NOT is_new THEN
        SELECT * INTO mine FROM claim WHERE offer_id = offer FOR UPDATE;
        -- Of a request that the caller may not see it hears how the offer stands, and changes nothing.
        IF EXISTS (SELECT FROM subject WHERE id = mine.request_id)
            AND NOT EXISTS (SELECT FROM visible WHERE id = mine.request_id) THEN
            RETURN answer(mine);
        END IF;
        IF asked_hlc < mine.hlc OR (
            asked_hlc = mine.hlc AND (leased OR (mine.outcome = 'refused' AND wanted > 0))
        ) THEN
            IF asked_hlc = mine.hlc AND mine.lease_until IS NOT NULL THEN
                UPDATE claim SET lease_until = CASE WHEN leased THEN clock_timestamp() + interval '60 seconds' END
                WHERE offer_id = offer;
            END IF;
            RETURN answer(mine);
        END IF;
        IF wanted > 0 THEN
            SELECT coalesce(jsonb_agg(jsonb_build_array(group_id, slot, place_no)), '[]'), count(key) INTO had, kept
            FROM place_taken LEFT JOIN jsonb_array_elements(item -> 'keys') AS key
                ON group_id = key ->> 0 AND slot = (key ->> 1)::bigint AND place_no = (key ->> 2)::int
            WHERE offer_id = offer;
            held := kept;
        END IF;
    END IF;

    -- Again when a claim in the way had a lease that has lapsed, or was given back just now by its desk.
    FOR round IN 1..20 LOOP
        EXIT WHEN held = wanted;
        INSERT INTO place_taken (group_id, slot, place_no, offer_id)
        SELECT key ->> 0, (key ->> 1)::bigint, (key ->> 2)::int, offer
        FROM jsonb_array_elements(item -> 'keys') AS key
        ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS inserted = ROW_COUNT;
        in_the_way := false;
        held := kept + inserted;
        EXIT WHEN held = wanted;
        -- The child before the place: another place does not help a child who has one.
        SELECT taken.group_id, taken.offer_id, coalesce(claim.desk, '') AS desk, coalesce(claim.number, '') AS number,
            bool_or(claim.lease_until < clock_timestamp()) OVER () AS some_lapsed
        INTO other
        FROM jsonb_array_elements(item -> 'keys') AS key
        JOIN place_taken AS taken
            ON taken.group_id = key ->> 0 AND taken.slot = (key ->> 1)::bigint AND taken.place_no = (key ->> 2)::int
        LEFT JOIN claim ON claim.offer_id = taken.offer_id
        WHERE taken.offer_id <> offer
        ORDER BY taken.group_id NOT LIKE 'child:%', taken.group_id, taken.offer_id
        LIMIT 1;
        in_the_way := FOUND;
        IF NOT in_the_way THEN
            SELECT count(*) INTO held FROM jsonb_array_elements(item -> 'keys') AS key
            JOIN place_taken AS taken
                ON taken.group_id = key ->> 0 AND taken.slot = (key ->> 1)::bigint AND taken.place_no = (key ->> 2)::int
            WHERE taken.offer_id = offer;
            CONTINUE;
        END IF;
        EXIT WHEN other.some_lapsed IS NOT TRUE;
        WITH lapsed AS (
            DELETE FROM claim USING jsonb_array_elements(item -> 'keys') AS key, place_taken AS taken
            WHERE taken.group_id = key ->> 0 AND taken.slot = (key ->> 1)::bigint AND taken.place_no = (key ->> 2)::int
                AND taken.offer_id <> offer AND claim.offer_id = taken.offer_id
                AND claim.lease_until < clock_timestamp()
            RETURNING claim.offer_id
        )
        DELETE FROM place_taken WHERE offer_id IN (SELECT offer_id FROM lapsed);
    END LOOP;
    IF NOT in_the_way AND held < wanted THEN
        -- Given back and taken again all the while: the desk asks again.
        RAISE EXCEPTION 'too_busy' USING ERRCODE = '40001';
    END IF;

    IF in_the_way THEN
        -- Nothing new, and nothing lost of what it had.
        DELETE FROM place_taken WHERE offer_id = offer AND (is_new OR NOT EXISTS (
            SELECT FROM jsonb_array_elements(had) AS key WHERE key = jsonb_build_array(group_id, slot, place_no)
        ));
        UPDATE claim SET hlc = asked_hlc, outcome = 'refused', asked = now(),
            decided = coalesce(item ->> 'decided', ''),
            why = CASE WHEN other.group_id LIKE 'child:%' THEN 'child' ELSE 'place' END,
            other_offer = other.offer_id, other_desk = other.desk, other_number = other.number,
            lease_until = CASE WHEN leased THEN lease_until END
        WHERE offer_id = offer RETURNING * INTO mine;
        RETURN answer(mine);
    END IF;

    IF is_new THEN
        RETURN jsonb_build_object('offer', offer, 'outcome', 'granted', 'why', '', 'other', '', 'other_desk', '',
            'other_number', '');
    END IF;
    IF wanted = 0 THEN
        DELETE FROM place_taken WHERE offer_id = offer;
    ELSIF jsonb_array_length(had) > kept THEN
        DELETE FROM place_taken WHERE offer_id = offer
            AND NOT EXISTS (
                SELECT FROM jsonb_array_elements(item -> 'keys') AS key
                WHERE key = jsonb_build_array(group_id, slot, place_no)
            );
    END IF;
    UPDATE claim SET hlc = asked_hlc, outcome = 'granted', why = '', other_offer = '', other_desk = '',
        other_number = '', decided = '', number = item ->> 'number',
        lease_until = CASE WHEN leased THEN lease_until END
    WHERE offer_id = offer RETURNING * INTO mine;
    RETURN answer(mine);
END
$$;

-- Settles questions in their order (what is given back first); answers likewise.
CREATE OR REPLACE FUNCTION callcenter.settle_all(of_desk text, items jsonb, leased boolean) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    item jsonb;
    answers jsonb[] := '{}';
BEGIN
    -- A lone claim takes its places in one order as it is; the locks would cost it as much as those do, and have it wait
    -- for whoever settles others of the group. In the rare case that it and a push wait for each other, it gives up.
    IF NOT leased OR jsonb_array_length(items) > 1 THEN
        PERFORM lock_places(items);
    END IF;
    FOR item IN SELECT value FROM jsonb_array_elements(items) LOOP
        answers := array_append(answers, settle(of_desk, item, leased));
    END LOOP;
    RETURN to_jsonb(answers);
END
$$;

-- One question as `places` of a push has them, or an array of them; the answer likewise. Somebody waits for it at a
-- desk: rather than wait for long for those who settle the same places it gives up, and is asked again.
CREATE OR REPLACE FUNCTION callcenter.claim(arg jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp
SET lock_timeout = '500ms' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    me desk := caller();
BEGIN
    IF jsonb_typeof(arg) = 'array' THEN
        RETURN settle_all(me.name, arg, true);
    END IF;
    RETURN settle(me.name, arg, true);
END
$$;
