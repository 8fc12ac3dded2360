SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- Gives entries a new place in the order of pulling, so that those who never saw them will.
CREATE OR REPLACE FUNCTION callcenter.stamp_again(subjects text[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
    WITH older AS MATERIALIZED (
        SELECT chain, seq, row_number() OVER (ORDER BY hlc, id) AS place
        FROM entry WHERE subject = ANY (subjects) AND sx < pg_current_xact_id()
    ), numbered AS MATERIALIZED (
        SELECT chain, seq, nextval('callcenter.entry_n_seq') AS n FROM (SELECT * FROM older ORDER BY place) AS in_order
    )
    UPDATE entry SET sx = pg_current_xact_id(), n = numbered.n
    FROM numbered WHERE entry.chain = numbered.chain AND entry.seq = numbered.seq
$$;

-- Notes what the new entries of a chain are about and who may see it. A subject that gets a scope it did not have, or
-- wakes after a month in which desks may have let it go, is stamped again with all its entries.
CREATE OR REPLACE FUNCTION callcenter.note_subjects(of_desk text, of_chain text, after_seq bigint, said jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    month_ago bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 30 * 86400000::bigint;
    ids text[];
    times bigint[];
    opens boolean[];
    pairs text[];
    fresh text[];
    again text[];
BEGIN
    SELECT array_agg(id), array_agg(written.at), array_agg(told.open), array_agg(told.pairs)
    INTO ids, times, opens, pairs
    FROM (
        SELECT subject AS id, max(at) AS at FROM entry WHERE chain = of_chain AND seq > after_seq GROUP BY subject
    ) AS written
    FULL JOIN (
        SELECT one ->> 'id' AS id, bool_or((one ->> 'open')::boolean) AS open,
            string_agg((one ->> 'program') || '@' || (one ->> 'region'), chr(10)) AS pairs
        FROM jsonb_array_elements(said) AS one GROUP BY 1
    ) AS told USING (id);

    WITH added AS (
        INSERT INTO subject (id, last_at, open, scopes, desks)
        SELECT id, coalesce(at, 0), coalesce(open, true), coalesce(string_to_array(pair, chr(10)), '{}'), ARRAY[of_desk]
        FROM unnest(ids, times, opens, pairs) AS told (id, at, open, pair)
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    SELECT array_agg(id) INTO fresh FROM added;
    IF cardinality(fresh) = cardinality(ids) THEN
        RETURN;
    END IF;

    WITH told AS MATERIALIZED (
        SELECT id, at, open, coalesce(string_to_array(pair, chr(10)), '{}') AS scopes
        FROM unnest(ids, times, opens, pairs) AS told (id, at, open, pair)
        WHERE id NOT IN (SELECT unnest(coalesce(fresh, '{}')))
    ), before AS MATERIALIZED (
        SELECT subject.* FROM subject WHERE id IN (SELECT id FROM told) ORDER BY id FOR UPDATE
    ), changed AS (
        UPDATE subject SET
            last_at = greatest(before.last_at, told.at),
            open = coalesce(told.open, before.open),
            scopes = CASE WHEN told.scopes <@ before.scopes THEN before.scopes ELSE
                ARRAY(SELECT unnest(before.scopes) UNION SELECT unnest(told.scopes)) END,
            desks = CASE WHEN of_desk = ANY (before.desks) THEN before.desks ELSE before.desks || of_desk END
        FROM told JOIN before USING (id)
        WHERE subject.id = told.id
        RETURNING subject.id, NOT told.scopes <@ before.scopes OR (
            NOT before.open AND before.last_at < month_ago AND (subject.open OR subject.last_at >= month_ago)
        ) AS again
    )
    SELECT array_agg(id) FILTER (WHERE changed.again) INTO again FROM changed;
    IF again IS NOT NULL THEN
        PERFORM stamp_again(again);
        -- Behind what was stamped again, and in one piece.
        UPDATE entry SET n = numbered.n FROM (
            SELECT seq, nextval('callcenter.entry_n_seq') AS n
            FROM (SELECT seq FROM entry WHERE chain = of_chain AND seq > after_seq ORDER BY seq) AS in_order
        ) AS numbered
        WHERE entry.chain = of_chain AND entry.seq = numbered.seq;
    END IF;
END
$$;

-- Empties entries of persons who were erased, where the caller may see them, and what is parked of them; how many is
-- counted, for nothing else tells who had what others wrote emptied.
CREATE OR REPLACE FUNCTION callcenter.empty_entries(ids jsonb) RETURNS void
LANGUAGE sql VOLATILE AS $$
    UPDATE parked SET raw = NULL WHERE id IN (SELECT jsonb_array_elements_text(ids));
    WITH emptied AS (
        UPDATE entry SET body = NULL, salt = NULL FROM visible
        WHERE entry.id IN (SELECT jsonb_array_elements_text(ids)) AND visible.id = entry.subject AND body IS NOT NULL
        RETURNING entry.id
    )
    UPDATE desk SET emptied = desk.emptied + many.number FROM (SELECT count(*) AS number FROM emptied) AS many
    WHERE desk.role = session_user AND many.number > 0
$$;
