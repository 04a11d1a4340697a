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
EXPLAIN SELECT kind FROM doc WHERE id = 500;
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 3;
DELETE FROM doc WHERE id = 100;
SELECT id FROM doc WHERE kind = 'rare' ORDER BY v <-> '[0,0,1]' LIMIT 3;

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
