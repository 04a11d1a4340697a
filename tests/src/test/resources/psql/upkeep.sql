-- Upkeep: ANALYZE and what it finds, VACUUM ANALYZE, REINDEX.
CREATE TABLE stock (id int PRIMARY KEY, kind text, price numeric, added date, note text);
INSERT INTO stock
  SELECT g, CASE WHEN g % 10 = 0 THEN 'rare' WHEN g % 2 = 0 THEN 'even' ELSE 'odd' END,
         g % 7 + 0.5, date '2024-01-01' + g % 3,
         CASE WHEN g % 4 <> 0 THEN 'note ' || g END
  FROM generate_series(1, 1000) AS g;
ANALYZE stock;
SELECT reltuples FROM pg_class WHERE relname = 'stock';
SELECT attname, null_frac, avg_width, n_distinct, most_common_vals, most_common_freqs
  FROM pg_stats WHERE tablename = 'stock' ORDER BY attname;
SELECT attname, array_length(histogram_bounds::text::text[], 1) AS bounds
  FROM pg_stats WHERE tablename = 'stock' ORDER BY attname;
SELECT histogram_bounds FROM pg_stats WHERE tablename = 'stock' AND attname = 'id';
-- Only some columns.
CREATE TABLE pair (a int, b int);
INSERT INTO pair SELECT g % 5, g FROM generate_series(1, 100) AS g;
ANALYZE pair (a);
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'pair' ORDER BY 1;
VACUUM (ANALYZE) pair;
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'pair' ORDER BY 1;
VACUUM ANALYZE pair (b);
-- In a block, and what is refused.
BEGIN;
ANALYZE pair;
COMMIT;
ANALYZE nowhere;
ANALYZE pair (c);
ANALYZE pair (a, a);
ANALYZE (nonsense) pair;
VACUUM pair (a);
-- REINDEX.
CREATE INDEX pair_b ON pair (b);
REINDEX INDEX pair_b;
REINDEX TABLE pair;
REINDEX TABLE CONCURRENTLY pair;
REINDEX (CONCURRENTLY) INDEX stock_pkey;
REINDEX SCHEMA public;
SELECT count(*) FROM pair WHERE b = 50;
SELECT kind FROM stock WHERE id = 10;
BEGIN;
REINDEX INDEX pair_b;
REINDEX TABLE CONCURRENTLY pair;
ROLLBACK;
BEGIN;
REINDEX SCHEMA public;
ROLLBACK;
REINDEX INDEX nowhere;
REINDEX INDEX pair;
REINDEX TABLE pair_b;
REINDEX SCHEMA nowhere;
REINDEX DATABASE nowhere;
REINDEX (nonsense) TABLE pair;
REINDEX pair;
CREATE TABLE bare (a int);
REINDEX TABLE bare;
REINDEX TABLE CONCURRENTLY bare;
DROP TABLE stock, pair, bare;
