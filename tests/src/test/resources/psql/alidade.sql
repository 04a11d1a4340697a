-- What PostgreSQL does not have, or shows otherwise: plans, our own settings, exact answers.
CREATE TABLE doc (id int PRIMARY KEY, kind text, price int, v vector(3));
INSERT INTO doc SELECT i, CASE WHEN i % 100 = 0 THEN 'rare' ELSE 'common' END, i % 10,
    ('[' || i || ',' || i % 7 || ',1]')::vector FROM generate_series(1, 1000) i;
INSERT INTO doc VALUES (1001, 'none', 1, NULL);
CREATE TABLE kind (name text PRIMARY KEY, title text);
INSERT INTO kind VALUES ('rare', 'Rare'), ('common', 'Common');

-- Plans
EXPLAIN SELECT * FROM doc;
EXPLAIN SELECT id FROM doc WHERE price > 3;
EXPLAIN SELECT * FROM doc WHERE id = 5;
EXPLAIN SELECT id FROM doc ORDER BY v <-> '[1,2,3]' LIMIT 5;
EXPLAIN SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[1,2,3]' LIMIT 5;
EXPLAIN SELECT d.id, k.title FROM doc d JOIN kind k ON k.name = d.kind;
EXPLAIN SELECT kind, count(*), avg(price) FROM doc GROUP BY kind;
EXPLAIN UPDATE doc SET price = price + 1 WHERE id = 5;
EXPLAIN DELETE FROM doc WHERE price = 3;
EXPLAIN INSERT INTO doc VALUES (2000, 'x', 1, '[1,2,3]');

-- Settings of our own
SHOW alidade.exact;
SET alidade.exact = on;
SHOW alidade.exact;
EXPLAIN SELECT id FROM doc ORDER BY v <-> '[1,2,3]' LIMIT 5;
RESET alidade.exact;
SET alidade.exact = perhaps;

-- A filter that few rows pass still fills the LIMIT
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 10;
CREATE INDEX doc_v ON doc USING hnsw (v vector_l2_ops);
EXPLAIN SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[1,2,3]' LIMIT 5;
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 10;

-- NULL vectors come last
SELECT id FROM doc WHERE id > 998 ORDER BY v <-> '[0,0,0]' LIMIT 5;

-- Everything is still there, and indexes are used, after a checkpoint
CHECKPOINT;
SELECT count(*) FROM doc;
SELECT kind, price FROM doc WHERE id = 500;
ANALYZE doc;
EXPLAIN SELECT kind FROM doc WHERE id = 500;
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 3;
DELETE FROM doc WHERE id = 100;
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 3;

-- What a vector index is walked on
CREATE TABLE gloss (id int PRIMARY KEY, v vector(24));
INSERT INTO gloss SELECT i, ('[' || array_to_string(ARRAY(
    SELECT round(sin(i * 0.37 + j * (1 + i % 13))::numeric, 3) FROM generate_series(1, 24) j), ',')
    || ']')::vector FROM generate_series(1, 5000) i;
CREATE INDEX gloss_v ON gloss USING hnsw (v vector_cosine_ops)
    WITH (m = 16, ef_construction = 64, quantization = 'scalar', quantile = 0.99);
\d gloss
SELECT quantization, rows, tail_rows, method, vector_bytes, code_bytes > 0 AS codes,
    average_recall > 0.9 AS good, residence FROM alidade_vector_indexes WHERE indexname = 'gloss_v';
SELECT id FROM gloss ORDER BY v <=> (SELECT v FROM gloss WHERE id = 7) LIMIT 1;
ALTER INDEX gloss_v SET (quantization = 'binary', encoding = two_bits, memory = pinned);
SELECT pg_get_indexdef('gloss_v'::regclass);
CHECKPOINT; -- It waits for the codes, which are made in the background.
SELECT method, residence FROM alidade_vector_indexes WHERE indexname = 'gloss_v';
SELECT id FROM gloss ORDER BY v <=> (SELECT v FROM gloss WHERE id = 7) LIMIT 1;
ALTER INDEX gloss_v RESET (quantization, encoding, quantile, memory);
SELECT pg_get_indexdef('gloss_v'::regclass);
BEGIN;
ALTER INDEX gloss_v SET (quantization = none);
ROLLBACK;
SELECT reloptions FROM pg_class WHERE relname = 'gloss_v';
ALTER INDEX gloss_v RENAME TO gloss_embedding;
ALTER INDEX IF EXISTS gloss_v SET (m = 8);
ALTER INDEX gloss_v SET (m = 8);
ALTER INDEX gloss SET (m = 8);
ALTER INDEX gloss_embedding SET (quantization = 'best');
ALTER INDEX gloss_embedding SET (m = 101);
ALTER INDEX gloss_embedding SET (speed = 9);
CREATE INDEX ON gloss USING hnsw (v vector_l1_ops) WITH (quantization = 'binary');
CREATE INDEX ON gloss USING hnsw (v vector_l2_ops) WITH (quantization = 'product', compression = 'x5');
SELECT count(*) FROM pg_stat_progress_create_index;
DROP TABLE gloss;

-- Dead versions of rows go
CREATE TABLE worn (id int PRIMARY KEY, word text, v vector(3));
CREATE INDEX ON worn USING hnsw (v vector_l2_ops);
INSERT INTO worn SELECT i, 'word ' || i, ('[' || i || ',1,2]')::vector FROM generate_series(1, 200) AS i;
DELETE FROM worn WHERE id > 150;
UPDATE worn SET word = 'new' WHERE id <= 50;
VACUUM (VERBOSE) worn;
VACUUM FULL VERBOSE worn;
SELECT count(*), count(*) FILTER (WHERE word = 'new'), min(id), max(id) FROM worn;
SELECT pg_relation_size('worn') > 0, pg_indexes_size('worn') > 0, pg_relation_size('worn_pkey') > 0;
SELECT pg_total_relation_size('worn') = pg_table_size('worn') + pg_indexes_size('worn');
SELECT id FROM worn ORDER BY v <-> '[149,1,2]' LIMIT 3;
VACUUM;
VACUUM (FREEZE, FULL off, PARALLEL 2) worn;
VACUUM (ANALYZE) worn;
VACUUM (nonsense) worn;
VACUUM (FULL maybe) worn;
VACUUM worn (id);
VACUUM missing;
BEGIN;
VACUUM worn;
ROLLBACK;
INSERT INTO worn VALUES (1000)\; VACUUM worn;
SELECT count(*) FROM worn;
DROP TABLE worn;

-- Definitions belong to their transaction
BEGIN;
CREATE TABLE gone (id int PRIMARY KEY);
INSERT INTO gone VALUES (1);
CREATE INDEX doc_price ON doc (price);
DROP TABLE kind;
SELECT count(*) FROM gone;
SELECT count(*) FROM kind;
ROLLBACK;
SELECT count(*) FROM gone;
SELECT count(*) FROM kind;
DROP TABLE doc, kind;
