SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- The entries after a cursor (sx, n), which begins at ('0', 0), in order, and a last row whose entry columns are NULL:
-- it has the new cursor and in `state` {more: there are further ones now, tail: there will be in a moment, without a
-- bell}. Reads at most `lim` entries and on to the end of the use case; what the caller may not see, or is neither
-- open nor touched since `since_ms`, is passed over, and so is the caller's own chain when it names it.
-- Only what is older than every transaction still running: a number drawn early and committed late is not missed.
CREATE OR REPLACE FUNCTION callcenter.pull(
    after_sx text, after_n bigint, lim int, since_ms bigint DEFAULT 0, own text DEFAULT NULL
) RETURNS TABLE (sx text, n bigint, chain text, header text, body text, salt bytea, body_digest bytea, prev bytea,
    digest bytea, state jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp
-- Whatever the planner believes of the table's size, it is to walk the index from the cursor on. What that seems to
-- cost would otherwise have the statement compiled, for a hundred milliseconds a page.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off AS $$
DECLARE
    me desk := caller();
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    from_sx xid8 := after_sx::xid8;
    last record;
    newest record;
    stop_sx xid8;
    stop_n bigint;
BEGIN
    -- The last of the page, where there are so many; the first one after it that belongs to another use case.
    SELECT e.sx, e.n, e.chain, e.at INTO last FROM entry AS e
    WHERE (e.sx, e.n) > (from_sx, after_n) AND e.sx < horizon ORDER BY e.sx, e.n OFFSET greatest(lim, 1) - 1 LIMIT 1;
    IF FOUND THEN
        SELECT e.sx, e.n INTO stop_sx, stop_n FROM entry AS e
        WHERE (e.sx, e.n) > (last.sx, last.n) AND e.sx < horizon
            AND (e.sx <> last.sx OR e.chain <> last.chain OR e.at <> last.at)
        ORDER BY e.sx, e.n LIMIT 1;
    END IF;
    state := jsonb_build_object('more', stop_sx IS NOT NULL);
    IF stop_sx IS NULL THEN
        stop_sx := horizon;
        stop_n := 0;
    END IF;
    RETURN QUERY
    SELECT e.sx::text, e.n, e.chain, e.header, e.body, e.salt, e.body_digest, e.prev, e.digest, NULL::jsonb
    FROM entry AS e JOIN visible ON visible.id = e.subject
    WHERE (e.sx, e.n) > (from_sx, after_n) AND (e.sx, e.n) < (stop_sx, stop_n)
        AND (visible.open OR visible.last_at >= since_ms)
        AND e.chain IS DISTINCT FROM own
    ORDER BY e.sx, e.n;
    SELECT e.sx, e.n INTO newest FROM entry AS e ORDER BY e.sx DESC, e.n DESC LIMIT 1;
    last := newest;
    IF (last.sx, last.n) >= (stop_sx, stop_n) THEN
        SELECT e.sx, e.n INTO last FROM entry AS e
        WHERE (e.sx, e.n) < (stop_sx, stop_n) ORDER BY e.sx DESC, e.n DESC LIMIT 1;
    END IF;
    sx := after_sx;
    n := after_n;
    IF (last.sx, last.n) > (from_sx, after_n) THEN
        sx := last.sx;
        n := last.n;
    END IF;
    state := state || jsonb_build_object('tail', coalesce(newest.sx >= horizon, false));
    RETURN NEXT;
END
$$;

-- What the caller should hold of the entries written since `since_ms`: 256 buckets by the first byte of the digest,
-- with how many there are and the sum of their digests' first four bytes as a number. To be compared with one's own.
CREATE OR REPLACE FUNCTION callcenter.hashes(since_ms bigint) RETURNS TABLE (bucket int, many bigint, total numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
BEGIN
    PERFORM caller();
    RETURN QUERY
    SELECT get_byte(e.digest, 0), count(*), sum(('x' || encode(substr(e.digest, 1, 4), 'hex'))::bit(32)::bigint)
    FROM entry AS e JOIN visible ON visible.id = e.subject
    WHERE e.at >= since_ms
    GROUP BY 1;
END
$$;

-- The identifiers behind one bucket of `hashes`.
CREATE OR REPLACE FUNCTION callcenter.ids(of_bucket int, since_ms bigint) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
BEGIN
    PERFORM caller();
    RETURN QUERY
    SELECT e.id FROM entry AS e JOIN visible ON visible.id = e.subject
    WHERE e.at >= since_ms AND get_byte(e.digest, 0) = of_bucket;
END
$$;

-- Entries by their identifiers, as `pull` has them: an array of texts as jsonb, or of the database.
CREATE OR REPLACE FUNCTION callcenter.fetch(wanted jsonb) RETURNS TABLE (sx text, n bigint, chain text, header text,
    body text, salt bytea, body_digest bytea, prev bytea, digest bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
BEGIN
    PERFORM caller();
    RETURN QUERY
    SELECT e.sx::text, e.n, e.chain, e.header, e.body, e.salt, e.body_digest, e.prev, e.digest
    FROM entry AS e JOIN visible ON visible.id = e.subject
    WHERE e.id IN (SELECT jsonb_array_elements_text(wanted))
    ORDER BY e.sx, e.n;
END
$$;
