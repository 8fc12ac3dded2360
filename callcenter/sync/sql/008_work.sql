SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- Who works on what. arg: take, each {request, operator, over}; drop and beat, requests; and what the desk says of
-- itself: cursor [sx, n] and waiting, its entries not pushed yet. Someone else's work is only taken with `over`, and
-- ends by itself after an hour without a heartbeat. Answers everybody's work that the caller may see: request, desk,
-- operator, since (ms), age of the heartbeat (ms). Rings with the payload «work» when somebody begins or ends.
CREATE OR REPLACE FUNCTION callcenter.work(arg jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
DECLARE
    me desk := caller();
    changed int := 0;
    rows int;
BEGIN
    INSERT INTO presence (desk, waiting, sx, n)
    VALUES (me.name, (arg ->> 'waiting')::bigint, (arg #>> '{cursor,0}')::xid8, (arg #>> '{cursor,1}')::bigint)
    ON CONFLICT (desk) DO UPDATE SET seen = now(), waiting = coalesce(excluded.waiting, presence.waiting),
        sx = coalesce(excluded.sx, presence.sx), n = coalesce(excluded.n, presence.n);
    DELETE FROM work WHERE request_id IN (
        SELECT gone.request_id FROM work AS gone
        WHERE gone.desk = me.name AND arg -> 'drop' ? gone.request_id OR gone.beat < now() - interval '1 hour'
        ORDER BY gone.request_id FOR UPDATE
    );
    GET DIAGNOSTICS rows = ROW_COUNT;
    changed := changed + rows;
    INSERT INTO work (request_id, desk, operator)
    SELECT DISTINCT ON (1) one ->> 'request', me.name, one ->> 'operator'
    FROM jsonb_array_elements(coalesce(arg -> 'take', '[]')) AS one
    WHERE NOT coalesce((one ->> 'over')::boolean, false)
    ORDER BY 1
    ON CONFLICT (request_id) DO UPDATE SET operator = excluded.operator, beat = now()
    WHERE work.desk = excluded.desk;
    GET DIAGNOSTICS rows = ROW_COUNT;
    changed := changed + rows;
    INSERT INTO work (request_id, desk, operator)
    SELECT DISTINCT ON (1) one ->> 'request', me.name, one ->> 'operator'
    FROM jsonb_array_elements(coalesce(arg -> 'take', '[]')) AS one
    WHERE (one ->> 'over')::boolean
    ORDER BY 1
    ON CONFLICT (request_id) DO UPDATE SET desk = excluded.desk, operator = excluded.operator, since = now(),
        beat = now();
    GET DIAGNOSTICS rows = ROW_COUNT;
    changed := changed + rows;
    UPDATE work SET beat = now() WHERE work.desk = me.name AND arg -> 'beat' ? work.request_id;
    IF changed > 0 THEN
        NOTIFY callcenter, 'work';
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'request', work.request_id, 'desk', work.desk, 'operator', work.operator,
            'since', (extract(epoch FROM work.since) * 1000)::bigint,
            'age', (extract(epoch FROM now() - work.beat) * 1000)::bigint
        ) ORDER BY work.request_id), '[]')
        FROM work LEFT JOIN visible ON visible.id = work.request_id
        WHERE work.desk = me.name OR visible.id IS NOT NULL
    );
END
$$;
