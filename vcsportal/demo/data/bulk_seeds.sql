-- What bulk_evidence.sql chooses from; the rows come from vcsportal/demo/bulk_evidence.py.
CREATE TEMPORARY TABLE fill_kind (
  number serial, titles text[], openings text[], details text[], results text[], reached int[], volunteers int[],
  hours int[], organisations bigint[], commitments bigint[], starts date, days int
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fill_people (organisation bigint PRIMARY KEY, people bigint[]) ON COMMIT DROP;
CREATE TEMPORARY TABLE fill_place (number serial, district bigint, name text) ON COMMIT DROP;
CREATE TEMPORARY TABLE fill_venue (number serial, name text) ON COMMIT DROP;
CREATE TEMPORARY TABLE fill_officer (number serial, person bigint) ON COMMIT DROP;
-- A number from 0 to choices - 1, the same each time for the same item and question (salt).
CREATE OR REPLACE FUNCTION pg_temp.pick(n bigint, salt int, choices bigint) RETURNS int LANGUAGE sql IMMUTABLE
  RETURN mod(hashint8extended(n, salt) & 2147483647, choices)::int;
CREATE OR REPLACE FUNCTION pg_temp.one_of(things text[], n bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN things[1 + pg_temp.pick(n, salt, cardinality(things))];
