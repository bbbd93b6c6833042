"""The trail of security events can only be added to; its chain is written by the database itself."""

from django.db import migrations

# Rows of a table are changed by nobody. They are deleted only by the role that owns the table, which the
# application's is not, and only when older than a year: the retention function below runs as the owner.
GUARDS = """
CREATE FUNCTION portal_security_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '365 days' AND EXISTS (
    SELECT FROM pg_class WHERE oid = TG_RELID AND pg_get_userbyid(relowner) = current_user
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The trail of security events can only be added to.' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION portal_security_link_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' AND EXISTS (
    SELECT FROM pg_class WHERE oid = TG_RELID AND pg_get_userbyid(relowner) = current_user
  ) THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'Only the database itself writes the chain of security events.' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER partners_securityevent_append_only BEFORE UPDATE OR DELETE ON partners_securityevent
  FOR EACH ROW EXECUTE FUNCTION portal_security_event_guard();
CREATE TRIGGER partners_securityeventlink_guard BEFORE INSERT OR UPDATE OR DELETE ON partners_securityeventlink
  FOR EACH ROW EXECUTE FUNCTION portal_security_link_guard();
"""

# What a link's checksum covers. partners.security.chain says the same in Python, and is what verifies.
TEXT = """
CREATE FUNCTION portal_security_event_text(e partners_securityevent) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws('|',
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint,
    length(e.kind) || ':' || e.kind,
    coalesce(e.by_id::text, '-'), coalesce(e.person_id::text, '-'), coalesce(host(e.address), '-'),
    length(e.browser) || ':' || e.browser, length(e.subject) || ':' || e.subject,
    length(e.detail) || ':' || e.detail, length(e.request_number) || ':' || e.request_number)
$$;
"""

# Links what is not linked yet; one process at a time, and a second one leaves the work to the first.
# An event whose transaction ended late is found up to 10,000 events back; with "everything", however old it is.
SEAL = """
CREATE FUNCTION portal_seal_security_events(everything boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  e partners_securityevent;
  last_number bigint := 0;
  last_checksum text := '';
  newest bigint := 0;
  made integer := 0;
  this_checksum text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(726300521) THEN RETURN 0; END IF;
  SELECT number, checksum INTO last_number, last_checksum FROM partners_securityeventlink ORDER BY number DESC LIMIT 1;
  SELECT coalesce(max(event_id), 0) INTO newest FROM partners_securityeventlink;
  FOR e IN
    SELECT s.* FROM partners_securityevent s
    WHERE (everything OR s.id > newest - 10000)
      AND NOT EXISTS (SELECT FROM partners_securityeventlink l WHERE l.event_id = s.id)
    ORDER BY s.id LIMIT 50000
  LOOP
    last_number := coalesce(last_number, 0) + 1;
    last_checksum := coalesce(last_checksum, '');
    this_checksum := encode(sha256(convert_to(last_checksum || '|' || portal_security_event_text(e), 'UTF8')), 'hex');
    INSERT INTO partners_securityeventlink (number, event_id, previous, checksum)
      VALUES (last_number, e.id, last_checksum, this_checksum);
    last_checksum := this_checksum;
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
"""

# Removes events older than the given moment, from the chain's beginning, and records that it did, so that the chain's
# new beginning is known. The last link always stays.
REMOVE = """
CREATE FUNCTION portal_remove_security_events(older_than timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  first_kept bigint;
  kept_previous text;
  gone bigint[];
BEGIN
  IF older_than > now() - interval '365 days' THEN
    RAISE EXCEPTION 'Security events are kept for a year at least.' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM pg_advisory_xact_lock(726300521);
  SELECT min(l.number) INTO first_kept FROM partners_securityeventlink l
    JOIN partners_securityevent s ON s.id = l.event_id WHERE s.at >= older_than;
  IF first_kept IS NULL THEN SELECT max(number) INTO first_kept FROM partners_securityeventlink; END IF;
  SELECT array_agg(event_id) INTO gone FROM partners_securityeventlink WHERE number < first_kept;
  IF gone IS NULL THEN RETURN 0; END IF;
  SELECT previous INTO kept_previous FROM partners_securityeventlink WHERE number = first_kept;
  DELETE FROM partners_securityeventlink WHERE number < first_kept;
  DELETE FROM partners_securityevent WHERE id = ANY (gone);
  INSERT INTO partners_securityevent (at, kind, browser, subject, detail, request_number) VALUES (
    now(), 'events_removed', '', cardinality(gone) || CASE cardinality(gone) WHEN 1 THEN ' event' ELSE ' events' END,
    'The chain begins at link ' || first_kept || ' after ' || kept_previous, '');
  RETURN cardinality(gone);
END $$;
"""

DROP = """
DROP FUNCTION portal_remove_security_events(timestamptz);
DROP FUNCTION portal_seal_security_events(boolean);
DROP FUNCTION portal_security_event_text(partners_securityevent);
DROP TRIGGER partners_securityeventlink_guard ON partners_securityeventlink;
DROP TRIGGER partners_securityevent_append_only ON partners_securityevent;
DROP FUNCTION portal_security_link_guard();
DROP FUNCTION portal_security_event_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_security_events")]
    operations = [migrations.RunSQL(GUARDS + TEXT + SEAL + REMOVE, DROP)]
