SET LOCAL ROLE callcenter_owner;

-- Functions that desks call are SECURITY DEFINER with a search_path of their own. The others run inside of those, as
-- the owner, who alone may call them.
SET LOCAL search_path = callcenter, pg_temp;

-- The desk that calls. Errors of the centre's own have the states CC001 and so on, with a name as their message.
CREATE OR REPLACE FUNCTION callcenter.caller() RETURNS callcenter.desk
LANGUAGE plpgsql STABLE AS $$
DECLARE
    me desk;
BEGIN
    SELECT * INTO me FROM desk WHERE role = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not_a_desk' USING ERRCODE = 'CC001';
    END IF;
    IF me.revoked IS NOT NULL THEN
        RAISE EXCEPTION 'revoked' USING ERRCODE = 'CC002';
    END IF;
    RETURN me;
END
$$;

-- The subjects that the calling desk may see.
CREATE OR REPLACE VIEW callcenter.visible AS
SELECT subject.id, subject.last_at, subject.open
FROM callcenter.subject, callcenter.desk
WHERE desk.role = session_user AND desk.revoked IS NULL
    AND (desk.everything OR subject.scopes = '{}' OR desk.name = ANY (subject.desks) OR subject.scopes && desk.scopes);

-- Changes when what a desk was told may be gone: another cluster, a promoted standby, a restored dump.
CREATE OR REPLACE FUNCTION callcenter.epoch() RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT (SELECT system_identifier FROM pg_control_system())
        || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        || '/' || (SELECT restore_id FROM centre)
$$;

-- For how long, in ms, a transaction that writes has been holding back what desks may pull; NULL when that is hidden.
CREATE OR REPLACE FUNCTION callcenter.settle_lag() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN pg_has_role('callcenter_owner', 'pg_read_all_stats', 'USAGE') THEN
        coalesce((
            SELECT (extract(epoch FROM clock_timestamp() - min(xact_start)) * 1000)::bigint
            FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
        ), 0)
    END
$$;
