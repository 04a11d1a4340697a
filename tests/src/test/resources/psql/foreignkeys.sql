\set VERBOSITY verbose
-- foreign keys: definitions
CREATE TABLE p (id int PRIMARY KEY, name text, UNIQUE (id, name));
CREATE TABLE c (id int PRIMARY KEY, pid int REFERENCES p);
\d p
\d c
CREATE TABLE bad (a int REFERENCES nothing);
CREATE TABLE bad (a int REFERENCES p (name));
CREATE TABLE bad (a int REFERENCES p (nope));
CREATE TABLE bad (a text REFERENCES p);
CREATE TABLE bad (a int, FOREIGN KEY (a) REFERENCES p (id, name));
CREATE TABLE bad (a int, FOREIGN KEY (b) REFERENCES p (id));
CREATE TABLE bad (a int, b int, FOREIGN KEY (a) REFERENCES p ON DELETE SET NULL (b));
CREATE TABLE nokey (a int);
CREATE TABLE bad (a int REFERENCES nokey);
-- rows that point nowhere
INSERT INTO c VALUES (1, 1);
INSERT INTO p VALUES (1, 'one'), (2, 'two'), (3, 'three');
INSERT INTO c VALUES (1, 1), (2, 2), (3, NULL);
INSERT INTO c VALUES (4, 4);
INSERT INTO c VALUES (4, 1), (5, 9), (6, 8);
INSERT INTO c VALUES (1, 9);
UPDATE c SET pid = 9 WHERE id = 1;
UPDATE c SET pid = 3 WHERE id = 2;
UPDATE c SET id = 10 WHERE id = 1;
-- rows that are pointed to
DELETE FROM p WHERE id = 1;
DELETE FROM p WHERE id = 2;
UPDATE p SET id = 11 WHERE id = 1;
UPDATE p SET name = 'uno' WHERE id = 1;
INSERT INTO p VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET id = 99;
INSERT INTO c VALUES (10, 1) ON CONFLICT (id) DO UPDATE SET pid = 77;
SELECT * FROM c ORDER BY id;
-- COPY
\copy c from stdin
20	1
21	99
\.
\copy c from stdin
20	1
21	3
\.
-- definitions that others depend on
DROP TABLE p;
TRUNCATE p;
TRUNCATE p, c;
DROP INDEX p_pkey;
SELECT conname, contype, conkey, confkey, confupdtype, confdeltype, confmatchtype, condeferrable, condeferred, convalidated, pg_get_constraintdef(oid), confrelid::regclass, conindid::regclass FROM pg_constraint WHERE contype = 'f' ORDER BY conname;
SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints ORDER BY 1;
SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE table_name IN ('p', 'c') ORDER BY 1, 4;
SELECT table_name, column_name, constraint_name FROM information_schema.constraint_column_usage WHERE table_name IN ('p', 'c') ORDER BY 3, 1, 2;
DROP TABLE p CASCADE;
\d c
DROP TABLE c;
-- actions
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE cas (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE nul (id int PRIMARY KEY, a int REFERENCES a ON DELETE SET NULL ON UPDATE SET NULL);
CREATE TABLE def (id int PRIMARY KEY, a int DEFAULT 0 REFERENCES a ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
CREATE TABLE casc (id int PRIMARY KEY, cas int REFERENCES cas ON DELETE CASCADE, n int CHECK (n > 0));
\d a
INSERT INTO a VALUES (0), (1), (2), (3);
INSERT INTO cas VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO nul VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO def VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO casc VALUES (1, 1, 1), (2, 1, 1), (3, 2, 1);
DELETE FROM a WHERE id = 1;
UPDATE a SET id = 20 WHERE id = 2;
SELECT 'cas', * FROM cas UNION ALL SELECT 'nul', * FROM nul UNION ALL SELECT 'def', * FROM def ORDER BY 1, 2;
SELECT * FROM casc ORDER BY id;
DELETE FROM a WHERE id = 0;
DELETE FROM a;
UPDATE a SET id = id + 100;
SELECT * FROM a ORDER BY id;
SELECT 'cas', * FROM cas UNION ALL SELECT 'nul', * FROM nul UNION ALL SELECT 'def', * FROM def ORDER BY 1, 2;
CREATE TABLE strict (id int, cas int NOT NULL REFERENCES cas ON DELETE SET NULL, x int REFERENCES cas (id) ON UPDATE CASCADE CHECK (x < 50));
INSERT INTO strict VALUES (1, 2, 2);
DELETE FROM cas WHERE id = 2;
UPDATE cas SET id = 60 WHERE id = 2;
DROP TABLE a, cas CASCADE;
DROP TABLE nul, def, casc, strict;
-- RESTRICT and NO ACTION
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE res (a int REFERENCES r ON DELETE RESTRICT ON UPDATE RESTRICT);
CREATE TABLE noa (a int REFERENCES r);
INSERT INTO r VALUES (1), (2), (3);
INSERT INTO res VALUES (1);
INSERT INTO noa VALUES (2);
DELETE FROM r WHERE id = 1;
UPDATE r SET id = 10 WHERE id = 1;
DELETE FROM r WHERE id IN (2, 3);
UPDATE r SET id = id;
DROP TABLE r, res, noa;
-- several columns, MATCH FULL, SET NULL of some
CREATE TABLE m (x int, y int, z text, PRIMARY KEY (x, y));
CREATE TABLE ms (id int, a int, b int, FOREIGN KEY (b, a) REFERENCES m (y, x) ON DELETE SET NULL (b));
CREATE TABLE mf (a int, b int, CONSTRAINT full_key FOREIGN KEY (a, b) REFERENCES m MATCH FULL ON UPDATE CASCADE);
\d ms
\d mf
INSERT INTO m VALUES (1, 2, 'a'), (3, 4, 'b');
INSERT INTO ms VALUES (1, 1, 2), (2, NULL, 7), (3, 7, NULL);
INSERT INTO ms VALUES (1, 2, 1);
INSERT INTO mf VALUES (3, 4), (NULL, NULL);
INSERT INTO mf VALUES (1, NULL);
INSERT INTO mf VALUES (4, 3);
DELETE FROM m WHERE x = 1;
SELECT * FROM ms ORDER BY id;
UPDATE m SET x = 30, y = 40 WHERE x = 3;
SELECT * FROM mf ORDER BY a;
DELETE FROM m;
DROP TABLE m, ms, mf;
-- a table that points to itself
CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree ON DELETE CASCADE);
\d tree
INSERT INTO tree VALUES (2, 1), (3, 2), (1, NULL), (4, 4);
INSERT INTO tree VALUES (5, 6), (6, 7);
DELETE FROM tree WHERE id = 1;
SELECT * FROM tree;
DELETE FROM tree;
DROP TABLE tree;
CREATE TABLE self (id int PRIMARY KEY, parent int REFERENCES self);
INSERT INTO self VALUES (1, NULL), (2, 1), (3, 2);
DELETE FROM self WHERE id = 1;
DELETE FROM self WHERE id IN (1, 2);
DELETE FROM self;
INSERT INTO self VALUES (1, 1);
UPDATE self SET id = 2;
UPDATE self SET id = 2, parent = 2;
DROP TABLE self;
-- values of other types
CREATE TABLE big (id bigint PRIMARY KEY, t varchar(10) UNIQUE, n numeric UNIQUE);
CREATE TABLE small (id int REFERENCES big, s smallint REFERENCES big (id) ON UPDATE CASCADE, t text REFERENCES big (t), n int REFERENCES big (n));
INSERT INTO big VALUES (1, 'a', 1.00), (100000, 'b', 2.5);
INSERT INTO small VALUES (1, 1, 'a', 1);
INSERT INTO small VALUES (100000, NULL, NULL, NULL);
INSERT INTO small VALUES (2, NULL, NULL, NULL);
INSERT INTO small VALUES (NULL, NULL, NULL, 2);
DELETE FROM big WHERE id = 1;
DROP TABLE small, big;
-- deferrable
CREATE TABLE dp (id int PRIMARY KEY);
CREATE TABLE dc (id int, p int CONSTRAINT later REFERENCES dp DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE di (id int, p int CONSTRAINT sooner REFERENCES dp DEFERRABLE);
\d dc
\d di
INSERT INTO dc VALUES (1, 1);
BEGIN;
INSERT INTO dc VALUES (1, 1);
INSERT INTO dp VALUES (1);
COMMIT;
BEGIN;
INSERT INTO dc VALUES (2, 2);
COMMIT;
SELECT * FROM dc;
BEGIN;
INSERT INTO dc VALUES (2, 2);
DELETE FROM dc WHERE p = 2;
COMMIT;
BEGIN;
INSERT INTO di VALUES (2, 2);
ROLLBACK;
BEGIN;
SET CONSTRAINTS sooner DEFERRED;
INSERT INTO di VALUES (2, 2);
SET CONSTRAINTS sooner IMMEDIATE;
ROLLBACK;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO di VALUES (2, 2);
SAVEPOINT s;
INSERT INTO di VALUES (3, 3);
ROLLBACK TO s;
INSERT INTO dp VALUES (2);
SET CONSTRAINTS ALL IMMEDIATE;
COMMIT;
BEGIN;
DELETE FROM dp WHERE id = 1;
INSERT INTO dp VALUES (1);
COMMIT;
BEGIN;
DELETE FROM dp WHERE id = 1;
COMMIT;
BEGIN;
SET CONSTRAINTS nope DEFERRED;
ROLLBACK;
BEGIN;
SET CONSTRAINTS dp_pkey DEFERRED;
ROLLBACK;
SET CONSTRAINTS ALL DEFERRED;
SELECT conname, condeferrable, condeferred, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1;
SELECT constraint_name, is_deferrable, initially_deferred FROM information_schema.table_constraints WHERE table_name IN ('dp', 'dc', 'di') AND constraint_type <> 'CHECK' ORDER BY 1;
DROP TABLE dp, dc, di;
-- unique and deferrable
CREATE TABLE u (id int CONSTRAINT u_id UNIQUE DEFERRABLE, k int CONSTRAINT u_k UNIQUE DEFERRABLE INITIALLY DEFERRED, n int UNIQUE);
\d u
INSERT INTO u VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3);
UPDATE u SET id = id + 1;
UPDATE u SET n = n + 1;
INSERT INTO u VALUES (2, 9, 9);
INSERT INTO u VALUES (9, 1, 9);
BEGIN;
INSERT INTO u VALUES (9, 1, 9);
UPDATE u SET k = 10 WHERE id = 9;
COMMIT;
BEGIN;
INSERT INTO u VALUES (19, 1, 19);
COMMIT;
INSERT INTO u VALUES (2, 2, 2) ON CONFLICT (id) DO NOTHING;
INSERT INTO u VALUES (2, 2, 2) ON CONFLICT DO NOTHING;
INSERT INTO u VALUES (77, 77, 2) ON CONFLICT (n) DO NOTHING;
CREATE TABLE bad (a int REFERENCES u (id));
SELECT * FROM u ORDER BY id;
DROP TABLE u;
DROP TABLE nokey;
