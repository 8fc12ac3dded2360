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
    again text[];
BEGIN
    WITH noted AS (
        INSERT INTO subject (id, last_at, open, scopes, desks)
        SELECT id, max(at), coalesce(bool_or(open), true), coalesce(array_agg(pair) FILTER (WHERE pair IS NOT NULL), '{}'),
            ARRAY[of_desk]
        FROM (
            SELECT subject AS id, at, NULL::boolean AS open, NULL::text AS pair
            FROM entry WHERE chain = of_chain AND seq > after_seq
            UNION ALL
            SELECT one ->> 'id', 0, (one ->> 'open')::boolean, (one ->> 'program') || '@' || (one ->> 'region')
            FROM jsonb_array_elements(said) AS one
        ) AS told
        GROUP BY id
        -- In one order, so that two pushes about the same do not wait for each other.
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET
            last_at = greatest(subject.last_at, excluded.last_at),
            open = excluded.open,
            scopes = CASE WHEN excluded.scopes <@ subject.scopes THEN subject.scopes ELSE
                ARRAY(SELECT unnest(subject.scopes) UNION SELECT unnest(excluded.scopes)) END,
            desks = CASE WHEN of_desk = ANY (subject.desks) THEN subject.desks ELSE subject.desks || of_desk END,
            stamped = CASE WHEN NOT excluded.scopes <@ subject.scopes OR (
                NOT subject.open AND subject.last_at < month_ago AND (excluded.open OR excluded.last_at >= month_ago)
            ) THEN pg_current_xact_id() ELSE subject.stamped END
        RETURNING id, stamped
    )
    SELECT array_agg(id) INTO again FROM noted WHERE stamped = pg_current_xact_id();
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
