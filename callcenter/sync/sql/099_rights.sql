SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- What a desk may do, and nothing beside it.
REVOKE ALL ON ALL TABLES IN SCHEMA callcenter FROM PUBLIC, callcenter_desk;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA callcenter FROM PUBLIC, callcenter_desk;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA callcenter FROM PUBLIC, callcenter_desk;
GRANT EXECUTE ON FUNCTION
    callcenter.hello(jsonb), callcenter.push(jsonb), callcenter.pull(text, bigint, int, bigint, text),
    callcenter.claim(jsonb), callcenter.work(jsonb), callcenter.hashes(bigint), callcenter.ids(int, bigint),
    callcenter.fetch(jsonb)
TO callcenter_desk;

UPDATE callcenter.centre SET version = greatest(version, 2);
RESET ROLE;
