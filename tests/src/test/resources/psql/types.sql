-- Every type of the first release: in, out, casts, comparison, NULL.
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE t (
  id integer PRIMARY KEY, b boolean, i2 smallint, i8 bigint, f4 real, f8 double precision,
  n numeric, n2 numeric(8,2), s text, vc varchar(5), by bytea, u uuid, d date,
  ts timestamp, tz timestamptz, j jsonb, v vector(3));
SET TIME ZONE 'UTC';
INSERT INTO t VALUES
  (1, true, 32767, 9223372036854775807, 1.5, 0.1, 123456789.123456789, 1.005, 'Ünïcode', 'abcde',
   '\xDEADBEEF', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '2024-02-29', '2024-02-29 12:34:56.789',
   '2024-02-29 12:34:56.789012+02', '{"b": 1, "a": [1, 2.50, null], "b": 2}', '[1,2,3]'),
  (2, 'f', -32768, -9223372036854775808, 'NaN', '-Infinity', -0.001, -999999.99, '', '', '\x', NULL,
   '0001-01-01', '1999-12-31 23:59:59', '1970-01-01 00:00:00Z', '[]', '[-1.5,0,1e-3]'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT * FROM t ORDER BY id;
SELECT id, b IS TRUE AS yes, b IS NOT TRUE AS no, b IS NULL AS unknown FROM t ORDER BY id;
SELECT id FROM t WHERE f4 > 1e30;
SELECT id, i2 + 1 AS sum, i8::text || '!' AS text, n2 * 2 AS twice FROM t WHERE id = 1;
SELECT 7 / 2 AS int_division, -7 / 2 AS toward_zero, 7 % 3 AS modulo, -7 % 3 AS signed_modulo, 7.0 / 2 AS numeric_division;
SELECT 1.0 / 3 AS third, 2 ^ 10 AS power, round(2.5) AS round_half, round(-2.5) AS round_negative, round(1.2345, 2) AS to_scale;
SELECT 0.1::float8 + 0.2::float8 AS f8, 0.1 + 0.2 AS exact, 1e20::float8 AS large, 1e-7::float8 AS small, 3.0::float4 AS f4;
SELECT 'abc' || 'def' AS joined, upper('abc'), length('Ünï'), substring('hello' from 2 for 3) AS part, position('l' in 'hello') AS at;
SELECT coalesce(NULL, 2) AS c, nullif(1, 1) AS n, greatest(1, 3, 2) AS g, least(1, NULL, 2) AS l;
SELECT CASE WHEN b THEN 'yes' WHEN NOT b THEN 'no' ELSE 'unknown' END AS word FROM t ORDER BY id;
SELECT j->'a' AS array, j->>'b' AS text, j->'a'->1 AS element, j #>> '{a,1}' AS path FROM t WHERE id = 1;
SELECT date '2024-03-01' - date '2024-02-01' AS days, date '2024-02-28' + 1 AS next;
SELECT cast('12' AS integer) + 1 AS i, '3.25'::numeric::int AS rounded, 't'::boolean AS b, 42::text || '' AS s;
SELECT 'b' < 'a' AS less, 'B' < 'a' AS upper_first, NULL = NULL AS null_equal, NULL IS NOT DISTINCT FROM NULL AS same;
SELECT 5 BETWEEN 1 AND 5 AS inside, 3 IN (1, 2, NULL) AS unknown, 3 NOT IN (1, 2) AS outside, 'hello' LIKE 'h_l%' AS alike, 'HELLO' ILIKE 'hel%' AS ilike;
SELECT extract(year FROM ts) AS year, date_trunc('month', ts) AS month FROM t WHERE id = 1;
SELECT pg_typeof(1), pg_typeof(1.5), pg_typeof('a'::text), pg_typeof(now()), pg_typeof(v) FROM t LIMIT 1;
DROP TABLE t;
