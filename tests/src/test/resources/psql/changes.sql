-- INSERT, UPDATE, DELETE, ON CONFLICT, RETURNING, transactions, COPY, TRUNCATE.
CREATE TABLE item (id bigint PRIMARY KEY, name text NOT NULL, qty int DEFAULT 7);
INSERT INTO item (id, name) VALUES (1, 'bolt'), (2, 'nut') RETURNING id, qty;
INSERT INTO item VALUES (1, 'again', 1);
INSERT INTO item VALUES (1, 'again', 1) ON CONFLICT DO NOTHING;
INSERT INTO item VALUES (1, 'screw', 5), (3, 'washer', 9) ON CONFLICT (id) DO UPDATE SET name = excluded.name, qty = item.qty + excluded.qty RETURNING *;
INSERT INTO item (id) VALUES (4);
INSERT INTO item SELECT id + 10, upper(name), qty FROM item WHERE qty > 8 RETURNING *;
UPDATE item SET qty = qty + 1, name = name || '!' WHERE id = 1 RETURNING id, name, qty;
UPDATE item SET qty = qty + 1, name = name || '!' WHERE id = 2 RETURNING *;
UPDATE item SET qty = NULL WHERE name = 'nobody';
UPDATE item SET id = 1 WHERE id = 2;
DELETE FROM item WHERE qty IS NULL OR id > 12;
SELECT * FROM item ORDER BY id;
BEGIN;
INSERT INTO item VALUES (20, 'temporary', 0);
UPDATE item SET qty = -1 WHERE id = 1;
SELECT * FROM item ORDER BY id;
ROLLBACK;
SELECT * FROM item ORDER BY id;
BEGIN;
DELETE FROM item WHERE id = 3;
SELECT 1 / 0;
SELECT 1;
COMMIT;
SELECT count(*) FROM item;
BEGIN; INSERT INTO item VALUES (30, 'kept', 3); SAVEPOINT s; INSERT INTO item VALUES (31, 'undone', 3); ROLLBACK TO s; COMMIT;
SELECT id FROM item WHERE id >= 30;
COPY item (id, name, qty) FROM STDIN;
40	tab\tand\\backslash	1
41	null	\N
\.
COPY item FROM STDIN WITH (FORMAT csv, HEADER);
id,name,qty
50,"quoted, ""name""",2
51,plain,
\.
SELECT id, name, qty FROM item WHERE id >= 40 ORDER BY id;
COPY (SELECT id, name, qty FROM item WHERE id >= 40 ORDER BY id) TO STDOUT;
COPY (SELECT id, name, qty FROM item WHERE id >= 40 ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER);
UPDATE item SET name = i2.name FROM item i2 WHERE item.id = 41 AND i2.id = 51;
DELETE FROM item USING (VALUES (40), (41)) AS gone(id) WHERE item.id = gone.id;
SELECT id, name FROM item WHERE id >= 40 ORDER BY id;
TRUNCATE item;
SELECT count(*) FROM item;
INSERT INTO item VALUES (1, 'after truncate', 1);
SELECT * FROM item;
DROP TABLE item;
DROP TABLE item;
DROP TABLE IF EXISTS item;
