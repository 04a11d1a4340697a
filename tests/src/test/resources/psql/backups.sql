-- Snapshots and backups: what only Alidade has.

CREATE TABLE other (id int PRIMARY KEY);
INSERT INTO other VALUES (1);
CREATE TABLE kept (
  id int PRIMARY KEY CHECK (id > 0),
  word text,
  v vector(2),
  parent int REFERENCES kept,
  other int DEFAULT 1 REFERENCES other,
  UNIQUE (word) DEFERRABLE);
CREATE INDEX kept_v ON kept USING hnsw (v vector_l2_ops);
INSERT INTO kept SELECT g, 'word ' || g, ARRAY[g, g + 1]::float4[]::vector FROM generate_series(1, 100) g;

SELECT name, scope, tables, bytes > 1000 AS large FROM alidade_create_snapshot('one', 'kept');
SELECT name, scope FROM alidade_create_snapshot('all');
SELECT name FROM alidade_create_snapshot('one');
SELECT name FROM alidade_create_snapshot('../one');
SELECT name FROM alidade_create_snapshot('');
SELECT name FROM alidade_create_snapshot(NULL);
SELECT name FROM alidade_create_snapshot('two', 'missing');
SELECT name, scope, tables FROM alidade_list_snapshots() WHERE scope = 'table';

DELETE FROM kept WHERE id > 50;
UPDATE kept SET word = 'changed' WHERE id = 1;

SELECT alidade_restore_table('one');
SELECT alidade_restore_table('missing', 'kept', 'kept_then');
SELECT alidade_restore_table('one', 'missing', 'kept_then');
SELECT alidade_restore_table('one', 'kept', 'nowhere.kept_then');
SELECT alidade_restore_table('all', 'kept', 'kept_v');
SELECT alidade_restore_table('one', 'kept', 'kept_then') > 0 AS restored;
\d kept_then
SELECT count(*), min(word), max(id) FROM kept_then;
SELECT id, word FROM kept_then ORDER BY v <-> '[70,71]', id LIMIT 3;
INSERT INTO kept_then VALUES (100, 'again');
INSERT INTO kept_then VALUES (0, 'zero');
INSERT INTO kept_then VALUES (102, 'orphan', NULL, 1000);
INSERT INTO kept_then VALUES (101, 'new', '[70,71.5]', 70, 1000);
SELECT id FROM kept_then ORDER BY v <-> '[70,71.4]' LIMIT 1;
SELECT count(*) FROM kept;

-- The stream, and what comes back of it
SELECT count(*) > 3 AS pieces, sum(length(chunk)) > 1000 AS large FROM alidade_backup('kept');
SELECT count(*) > 3 AS pieces FROM alidade_backup();
SELECT (SELECT string_agg(encode(chunk, 'hex'), '') FROM alidade_read_snapshot('one'))
     = (SELECT string_agg(encode(chunk, 'hex'), '') FROM alidade_read_snapshot('one')) AS same;
SELECT count(*) FROM alidade_read_snapshot('missing');
SELECT alidade_upload_snapshot('up', 0, decode(string_agg(encode(chunk, 'hex'), ''), 'hex')) > 1000 AS uploaded FROM alidade_read_snapshot('one');
SELECT alidade_upload_snapshot('nothing', 7, 'more');
SELECT name, scope, tables FROM alidade_receive_snapshot('up');
SELECT name FROM alidade_receive_snapshot('up');
SELECT alidade_upload_snapshot('bad', 0, 'this is no backup, whatever its name says');
SELECT name FROM alidade_receive_snapshot('bad');

-- They are not part of the transaction
BEGIN;
SELECT alidade_drop_snapshot('up');
ROLLBACK;
SELECT alidade_drop_snapshot('up');
SELECT alidade_drop_snapshot('all');
SELECT alidade_drop_snapshot('one');
SELECT count(*) FROM alidade_list_snapshots();

-- Positions in the log
SELECT pg_current_wal_lsn() ~ '^[0-9A-F]+/[0-9A-F]+$' AS lsn;
SELECT pg_wal_lsn_diff('0/10', '0/A'), pg_wal_lsn_diff('1/0', '0/FFFFFFFF');
SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), pg_current_wal_lsn());
SELECT pg_wal_lsn_diff('x', '0/A');
SELECT archived_count, last_archived_wal, failed_count FROM pg_stat_archiver;
DROP TABLE kept, kept_then, other;
