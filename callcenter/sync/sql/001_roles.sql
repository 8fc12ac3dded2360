-- Who owns what is here, and what every desk's role is a member of. Neither can log in.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'callcenter_owner') THEN
        CREATE ROLE callcenter_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'callcenter_desk') THEN
        CREATE ROLE callcenter_desk NOLOGIN;
    END IF;
    -- An administrator who is no superuser has to be a member to make things for the owner.
    IF NOT pg_has_role('callcenter_owner', 'USAGE') THEN
        EXECUTE format('GRANT callcenter_owner TO %I', current_user);
    END IF;
END
$$;

-- So that status can say since when a transaction of anybody's holds the cursors back. Without it the age is not known.
DO $$
BEGIN
    IF NOT pg_has_role('callcenter_owner', 'pg_read_all_stats', 'MEMBER') THEN
        GRANT pg_read_all_stats TO callcenter_owner;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'pg_read_all_stats was not granted: the age of the oldest transaction stays unknown';
END
$$;

CREATE SCHEMA IF NOT EXISTS callcenter AUTHORIZATION callcenter_owner;
REVOKE ALL ON SCHEMA callcenter FROM PUBLIC;
GRANT USAGE ON SCHEMA callcenter TO callcenter_desk;
