SET LOCAL ROLE callcenter_owner;
SET LOCAL search_path = callcenter, pg_temp;

-- The next incarnation of a desk's chain: one that was given out and never written on is given out again.
CREATE OR REPLACE FUNCTION callcenter.new_chain(of_desk text, not_this text) RETURNS callcenter.chain
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    given chain;
    highest int;
BEGIN
    -- One at a time: two copies of one file may ask together.
    PERFORM FROM desk WHERE name = of_desk FOR UPDATE;
    SELECT coalesce(max(nullif(split_part(name, '~', 2), '')::int), 1) INTO highest FROM chain WHERE desk = of_desk;
    SELECT * INTO given FROM chain WHERE name = of_desk || '~' || highest AND last_seq = 0 AND name <> not_this;
    IF NOT FOUND THEN
        INSERT INTO chain (name, desk) VALUES (of_desk || '~' || highest + 1, of_desk) RETURNING * INTO given;
    END IF;
    RETURN given;
END
$$;

-- The handshake. arg: chain, last_seq and last_digest (hexadecimal, null for none) of the desk's file; app_version;
-- forked, true after a push that was answered with a fork. Answers epoch; version of this schema; now in ms; desk;
-- scopes {programs, regions, all}; chain, the one to write on from here: another name means that the centre knows more
-- of the old one than this file does (it was restored or copied); last_seq and last_digest, how far the centre has that
-- chain; parked, how many entries of the desk are; settle_lag in ms or null.
CREATE OR REPLACE FUNCTION callcenter.hello(arg jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = callcenter, pg_temp AS $$
DECLARE
    me desk := caller();
    of_chain chain;
    its_seq bigint := coalesce((arg ->> 'last_seq')::bigint, 0);
    its_digest bytea := decode(arg ->> 'last_digest', 'hex');
BEGIN
    IF arg ->> 'chain' <> me.name AND arg ->> 'chain' !~ ('^' || me.name || '~[1-9][0-9]{0,8}$') THEN
        RAISE EXCEPTION 'not_your_chain' USING ERRCODE = 'CC004';
    END IF;
    INSERT INTO chain (name, desk) VALUES (arg ->> 'chain', me.name) ON CONFLICT DO NOTHING;
    SELECT * INTO of_chain FROM chain WHERE name = arg ->> 'chain' FOR UPDATE;
    IF coalesce((arg ->> 'forked')::boolean, false) OR of_chain.last_seq > its_seq
        OR (of_chain.last_seq = its_seq AND its_seq > 0 AND of_chain.last_digest IS DISTINCT FROM its_digest) THEN
        of_chain := new_chain(me.name, arg ->> 'chain');
    END IF;
    INSERT INTO presence (desk, app_version) VALUES (me.name, coalesce(arg ->> 'app_version', ''))
    ON CONFLICT (desk) DO UPDATE SET seen = now(), app_version = excluded.app_version;
    RETURN jsonb_build_object(
        'epoch', epoch(),
        'version', (SELECT version FROM centre),
        'now', (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        'desk', me.name,
        'scopes', jsonb_build_object('programs', me.programs, 'regions', me.regions, 'all', me.everything),
        'chain', of_chain.name,
        'last_seq', of_chain.last_seq,
        'last_digest', CASE WHEN of_chain.last_seq > 0 THEN encode(of_chain.last_digest, 'hex') END,
        'parked', (SELECT count(*) FROM parked JOIN chain ON chain.name = parked.chain WHERE chain.desk = me.name),
        'settle_lag', settle_lag()
    );
END
$$;
