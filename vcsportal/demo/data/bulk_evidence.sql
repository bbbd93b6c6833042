-- Invented items of evidence with the numbers first to last, and all that hangs on them.
INSERT INTO commitments_evidence (
  id, organisation_id, title, story, happened_from, happened_to, people_reached, volunteers, hours, publishable, state,
  state_reason, logged_at, logged_by_id, submitted_at, submitted_by_id, accepted_at, accepted_by_id, version, language,
  said_by, said_how, reference)
SELECT
  n, organisation, left(replace(title, '{place}', place), 110) || ' at ' || venue || ' Hall',
  concat(opening, ' We met in ', place, '. ', detail, E'\n\n', result), began,
  CASE WHEN pg_temp.pick(n, 9, 10) < 3 THEN began + 1 + pg_temp.pick(n, 10, 30) END,
  CASE WHEN pg_temp.pick(n, 11, 20) < 17 THEN reached[1] + pg_temp.pick(n, 12, reached[2] - reached[1] + 1) END,
  CASE WHEN pg_temp.pick(n, 13, 20) < 15 THEN volunteers[1] + pg_temp.pick(n, 14, volunteers[2] - volunteers[1] + 1) END,
  CASE WHEN pg_temp.pick(n, 15, 20) < 13 THEN hours[1] + pg_temp.pick(n, 16, hours[2] - hours[1] + 1) END,
  pg_temp.pick(n, 17, 100) < 93, state, CASE WHEN state = 'returned' THEN 'Please say who took part.' ELSE '' END,
  logged, person, CASE WHEN state <> 'draft' THEN sent END, CASE WHEN state <> 'draft' THEN person END,
  CASE WHEN state = 'accepted' THEN sent + interval '1 day' * (2 + pg_temp.pick(n, 18, 23)) END,
  CASE WHEN state = 'accepted' THEN officer END,
  CASE state WHEN 'draft' THEN 1 WHEN 'submitted' THEN 2 ELSE 3 END, '', '', '', ''
FROM (
  SELECT found.*, logged + interval '1 day' * pg_temp.pick(n, 8, 7) AS sent, people[1 + pg_temp.pick(n, 7, cardinality(people))] AS person
  FROM (
    SELECT
      n, pg_temp.one_of(titles, n, 1) AS title, pg_temp.one_of(openings, n, 2) AS opening,
      pg_temp.one_of(details, n, 3) AS detail, pg_temp.one_of(results, n, 4) AS result, place.name AS place,
      venue.name AS venue, officer.person AS officer, reached, volunteers, hours, began,
      organisations[1 + pg_temp.pick(n, 6, cardinality(organisations))] AS organisation,
      began + 31 + pg_temp.pick(n, 19, 10) + time '09:00' + interval '1 minute' * pg_temp.pick(n, 20, 480) AS logged,
      (ARRAY['submitted', 'draft', 'returned', 'withdrawn', 'accepted'])[
        1 + width_bucket(pg_temp.pick(n, 21, 100), ARRAY[2, 6, 9, 12])] AS state
    FROM (
      SELECT n, kind.*, starts + pg_temp.pick(n, 5, days) AS began
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
      JOIN fill_kind AS kind ON kind.number = 1 + pg_temp.pick(n, 0, (SELECT count(*) FROM fill_kind))
    ) AS happened
    JOIN fill_place AS place ON place.number = 1 + pg_temp.pick(n, 22, (SELECT count(*) FROM fill_place))
    JOIN fill_officer AS officer ON officer.number = 1 + pg_temp.pick(n, 23, (SELECT count(*) FROM fill_officer))
    JOIN fill_venue AS venue
      ON venue.number = 1 + floor(power(pg_temp.pick(n, 24, 1000000) / 1e6, 3) * (SELECT count(*) FROM fill_venue))::int
  ) AS found
  JOIN fill_people ON fill_people.organisation = found.organisation
) AS item;

CREATE OR REPLACE TEMPORARY VIEW fill_item AS
SELECT item.*, kind.commitments, place.district, other.district AS other_district
FROM commitments_evidence AS item
JOIN fill_kind AS kind ON kind.number = 1 + pg_temp.pick(item.id, 0, (SELECT count(*) FROM fill_kind))
JOIN fill_place AS place ON place.number = 1 + pg_temp.pick(item.id, 22, (SELECT count(*) FROM fill_place))
JOIN fill_place AS other ON other.number = 1 + pg_temp.pick(item.id, 33, (SELECT count(*) FROM fill_place))
WHERE item.id BETWEEN %(first)s AND %(last)s;

INSERT INTO commitments_evidence_commitments (evidence_id, commitment_id)
SELECT id, commitments[1] FROM fill_item
UNION ALL
SELECT id, commitments[2 + pg_temp.pick(id, 31, cardinality(commitments) - 1)] FROM fill_item
WHERE cardinality(commitments) > 1 AND pg_temp.pick(id, 30, 100) < 45
  AND commitments[2 + pg_temp.pick(id, 31, cardinality(commitments) - 1)] <> commitments[1];

INSERT INTO commitments_evidence_districts (evidence_id, area_id)
SELECT id, district FROM fill_item
UNION ALL
SELECT id, other_district FROM fill_item WHERE other_district <> district AND pg_temp.pick(id, 32, 100) < 15;

INSERT INTO commitments_evidencelink (evidence_id, url, label, page)
SELECT id, concat('https://groups.example.org/news/', id, '/'), 'More about it', ''
FROM fill_item WHERE pg_temp.pick(id, 34, 100) < 20;

-- A twentieth has a consent to its story; some have ended, some were never for the portal.
INSERT INTO commitments_consent (
  evidence_id, given_by, given_on, uses, lasts_until, recorded_at, recorded_by_id, withdrawn_at, withdrawn_by_id, withdrawn_why)
SELECT
  id, 'Somebody who took part', happened_from,
  (ARRAY['["portal", "report"]', '["portal", "report", "publicity"]', '["report"]'])[
    1 + width_bucket(pg_temp.pick(id, 36, 10), ARRAY[5, 9])]::jsonb,
  CASE WHEN pg_temp.pick(id, 37, 2) = 0 THEN happened_from + 730 END, logged_at, logged_by_id,
  CASE WHEN pg_temp.pick(id, 38, 30) = 0 THEN logged_at + interval '30 days' END,
  CASE WHEN pg_temp.pick(id, 38, 30) = 0 THEN logged_by_id END, ''
FROM fill_item WHERE pg_temp.pick(id, 35, 100) < 5;

INSERT INTO commitments_historyentry (at, by_id, act, evidence_id, from_state, to_state, reason, said)
SELECT logged_at, logged_by_id, 'log', id, '', 'draft', '', jsonb_build_object('title', title, 'story', story)
FROM fill_item
UNION ALL
SELECT submitted_at, submitted_by_id, 'submit', id, 'draft', 'submitted', '', '{}'
FROM fill_item WHERE submitted_at IS NOT NULL
UNION ALL
SELECT
  coalesce(accepted_at, submitted_at + interval '5 days'), coalesce(accepted_by_id, submitted_by_id),
  CASE state WHEN 'accepted' THEN 'accept' WHEN 'returned' THEN 'return' ELSE 'withdraw' END,
  id, 'submitted', state, state_reason, '{}'
FROM fill_item WHERE state IN ('accepted', 'returned', 'withdrawn');

DROP VIEW fill_item;
SELECT setval(pg_get_serial_sequence('commitments_evidence', 'id'), max(id)) FROM commitments_evidence;
