SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- For the administrator alone: the desks as they stand. `behind` counts the entries after a desk's cursor, to 100,000.
CREATE OR REPLACE FUNCTION callcenter.desks_now() RETURNS TABLE (
    desk text, everything boolean, programs text[], regions text[], revoked timestamptz, seen timestamptz,
    app_version text, connections bigint, chain text, entries bigint, pushed timestamptz, waiting bigint,
    behind bigint, parked bigint, conflicts bigint, recovered bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
    SELECT desk.name, desk.everything, desk.programs, desk.regions, desk.revoked, presence.seen,
        coalesce(presence.app_version, ''),
        (SELECT count(*) FROM pg_stat_activity WHERE usename = desk.role),
        newest.name, written.entries, written.pushed, presence.waiting,
        CASE WHEN presence.sx IS NOT NULL THEN (
            SELECT count(*) FROM (
                SELECT FROM entry WHERE (sx, n) > (presence.sx, presence.n) AND chain <> newest.name LIMIT 100000
            ) AS after
        ) END,
        (SELECT count(*) FROM parked WHERE split_part(parked.chain, '~', 1) = desk.name),
        (SELECT count(*) FROM claim WHERE claim.desk = desk.name AND outcome = 'refused' AND decided = ''
            AND lease_until IS NULL),
        written.recovered
    FROM desk
    LEFT JOIN presence ON presence.desk = desk.name
    LEFT JOIN LATERAL (
        SELECT name FROM chain WHERE chain.desk = desk.name
        ORDER BY pushed DESC NULLS LAST, length(name) DESC, name DESC LIMIT 1
    ) AS newest ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(last_seq), 0)::bigint AS entries, max(pushed) AS pushed,
            coalesce(sum(chain.recovered), 0)::bigint AS recovered
        FROM chain WHERE chain.desk = desk.name
    ) AS written ON true
    ORDER BY desk.name
$$;

-- For the administrator alone. xids_ahead: entries bear transaction numbers that this server has not reached, which
-- is so after a dump was restored; nobody can pull them before `restored`.
CREATE OR REPLACE FUNCTION callcenter.centre_now() RETURNS TABLE (
    epoch text, version int, created timestamptz, entries bigint, parked bigint, conflicts bigint, settle_lag bigint,
    xids_ahead boolean
) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
    SELECT epoch(), centre.version, centre.created, (SELECT coalesce(sum(last_seq), 0)::bigint FROM chain),
        (SELECT count(*) FROM parked),
        (SELECT count(*) FROM claim WHERE outcome = 'refused' AND decided = '' AND lease_until IS NULL), settle_lag(),
        coalesce(
            (SELECT sx >= pg_snapshot_xmax(pg_current_snapshot()) FROM entry ORDER BY sx DESC, n DESC LIMIT 1), false)
    FROM centre
$$;

-- For the administrator alone: who works on what.
CREATE OR REPLACE FUNCTION callcenter.works_now() RETURNS SETOF callcenter.work
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
    SELECT * FROM work ORDER BY since
$$;

-- For the administrator alone, after a dump was restored: a new epoch, and transaction numbers of this server.
CREATE OR REPLACE FUNCTION callcenter.restored() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
BEGIN
    LOCK TABLE entry IN EXCLUSIVE MODE;
    UPDATE centre SET restore_id = gen_random_uuid();
    UPDATE entry SET sx = pg_current_xact_id(), n = numbered.n
    FROM (SELECT chain, seq, row_number() OVER (ORDER BY sx, n) AS n FROM entry) AS numbered
    WHERE entry.chain = numbered.chain AND entry.seq = numbered.seq;
    PERFORM setval('entry_n_seq', coalesce((SELECT max(n) FROM entry), 0) + 1);
    UPDATE presence SET sx = NULL, n = NULL;
    NOTIFY callcenter;
END
$$;
