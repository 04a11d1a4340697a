-- Bad input: PostgreSQL's SQLSTATE and message, and the session goes on.
\set VERBOSITY verbose
\set SHOW_CONTEXT never
CREATE TABLE e (id int PRIMARY KEY, name varchar(3), v vector(3), small smallint);
SELEC 1;
SELECT 1 +;
SELECT 'open;
';
SELECT nope FROM e;
SELECT e.nope FROM e;
SELECT * FROM nowhere;
SELECT id FROM e, e AS f;
SELECT nope(1);
SELECT 1 + 'x'::text;
SELECT id, count(*) FROM e;
SELECT 'x'::int;
SELECT 99999999999::int;
SELECT 2147483647 + 1;
SELECT 1 / 0;
SELECT 'abc'::uuid;
SELECT '2024-02-30'::date;
SELECT '{bad'::jsonb;
INSERT INTO e VALUES (1, 'long name', NULL, 1);
INSERT INTO e VALUES (1, 'ok', '[1,2]', 1);
INSERT INTO e VALUES (1, 'ok', '[1,NaN,3]', 1);
INSERT INTO e VALUES (1, 'ok', '[1,Infinity,3]', 1);
INSERT INTO e VALUES (1, 'ok', '[1,2', 1);
INSERT INTO e VALUES (1, 'ok', '[1,2,3]', 40000);
INSERT INTO e VALUES (1, 'ok', '[1,2,3]', 1, 2);
INSERT INTO e (id, nope) VALUES (1, 2);
INSERT INTO e VALUES (1, 'ok', '[1,2,3]', 1), (1, 'ok', '[1,2,3]', 1);
INSERT INTO e VALUES (NULL, 'ok', '[1,2,3]', 1);
SELECT count(*) FROM e;
INSERT INTO e VALUES (1, 'ok', '[1,2,3]', 1);
INSERT INTO e VALUES (1, 'ok', '[1,2,3]', 1);
SELECT id FROM e ORDER BY v <-> '[1,2]' LIMIT 1;
SELECT '[1,2]'::vector <-> '[1,2,3]';
SELECT (SELECT id FROM (VALUES (1), (2)) x(id));
SELECT id FROM e LIMIT -1;
SELECT id FROM e UNION SELECT name, v FROM e;
SELECT id FROM e WHERE name;
CREATE TABLE e (id int);
CREATE TABLE bad (id nosuchtype);
CREATE TABLE bad (id int, id int);
CREATE INDEX ON nowhere (id);
CREATE INDEX ON e (nope);
CREATE TABLE bad (v vector(0));
SET nosuch.thing.at.all TO 1;
SET work_mem_x = 1;
SHOW nosuch;
DROP TABLE nowhere;
COPY e FROM STDIN;
2	ok	[1,2]	1
\.
COPY e FROM STDIN;
2	ok
\.
COPY e (id, small) FROM STDIN;
3	1
3	1
\.
SELECT count(*) FROM e;
ROLLBACK TO nowhere;
SAVEPOINT s;
SELECT id FROM e ORDER BY 2;
SELECT sum(name) FROM e;
DROP TABLE e;
