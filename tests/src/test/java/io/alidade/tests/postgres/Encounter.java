package io.alidade.tests.postgres;

/// How transactions that want the same rows, keys or definitions get past each other, at READ
/// COMMITTED and REPEATABLE READ. The table `test` begins with `(1,10) (2,20)`.
enum Encounter {
  A_WAITING_UPDATE_SEES_WHAT_IT_WAITED_FOR(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = value + 1 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = value + 10 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T2 COMMIT
      T1 SELECT * FROM test WHERE id = 1 -- (1,21) | (1,11)
      """),

  A_WAITING_UPDATE_LEAVES_A_ROW_THAT_ITS_CONDITION_NO_LONGER_FINDS(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 100 WHERE value = 10 -- waits
      T1 COMMIT
      T2 resumes -- changes 0 | fails 40001
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,20)
      """),

  A_WAITING_UPDATE_OF_A_DELETED_ROW_CHANGES_NOTHING(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 DELETE FROM test WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 12 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 0 | fails 40001
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (2,20)
      """),

  A_ROW_THAT_WAS_DELETED_SINCE_THE_SNAPSHOT_IS_NOT_WRITTEN(
      """
      T1 BEGIN
      T1 SELECT * FROM test WHERE id = 1 -- (1,10)
      T2 DELETE FROM test WHERE id = 1 -- changes 1
      T1 SELECT * FROM test WHERE id = 1 -- nothing | (1,10)
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 0 | fails 40001
      T1 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (2,20)
      """),

  A_WAITING_WRITE_GOES_ON_AFTER_A_ROLLBACK_AS_IF_NOTHING_HAD_BEEN(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 DELETE FROM test WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = value + 2 WHERE id = 1 -- waits
      T1 ROLLBACK
      T2 resumes -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,20)
      """),

  A_SECOND_INSERT_OF_A_KEY_FAILS_WHEN_THE_FIRST_COMMITS(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 INSERT INTO test VALUES (3, 1) -- changes 1
      T2 INSERT INTO test VALUES (3, 2) -- waits
      T1 COMMIT
      T2 resumes -- fails 23505
      T2 ROLLBACK
      T1 SELECT * FROM test WHERE id = 3 -- (3,1)
      """),

  A_SECOND_INSERT_OF_A_KEY_SUCCEEDS_WHEN_THE_FIRST_ROLLS_BACK(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 INSERT INTO test VALUES (3, 1) -- changes 1
      T2 INSERT INTO test VALUES (3, 2) -- waits
      T1 ROLLBACK
      T2 resumes -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test WHERE id = 3 -- (3,2)
      """),

  TWO_UPDATES_TO_ONE_KEY_ARE_A_RACE_TOO(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET id = 3 WHERE id = 1 -- changes 1
      T2 UPDATE test SET id = 3 WHERE id = 2 -- waits
      T1 COMMIT
      T2 resumes -- fails 23505
      T2 ROLLBACK
      T1 SELECT * FROM test ORDER BY id -- (2,20) (3,10)
      """),

  AN_INSERT_WAITS_FOR_THE_DELETION_OF_ITS_KEY(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 DELETE FROM test WHERE id = 1 -- changes 1
      T2 INSERT INTO test VALUES (1, 12) -- waits
      T1 COMMIT
      T2 resumes -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,20)
      """),

  ON_CONFLICT_ACTS_ON_WHAT_IT_WAITED_FOR(
      """
      T1 BEGIN
      T2 BEGIN
      T3 BEGIN
      T2 SELECT 1
      T3 SELECT 1
      T1 INSERT INTO test VALUES (3, 1) -- changes 1
      T2 INSERT INTO test VALUES (3, 2) ON CONFLICT DO NOTHING -- waits
      T1 COMMIT
      T2 resumes -- changes 0 | fails 40001
      T2 COMMIT
      T3 INSERT INTO test VALUES (3, 3) ON CONFLICT (id) DO UPDATE SET value = test.value + 30 \
      -- changes 1 | fails 40001
      T3 COMMIT
      T1 SELECT * FROM test WHERE id = 3 -- (3,31) | (3,1)
      """),

  A_FAILED_TRANSACTION_HOLDS_NOBODY_UP(
      """
      T1 BEGIN
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T1 SELECT 1 / 0 -- fails 22012
      T1 SELECT 1 -- fails 25P02
      T2 UPDATE test SET value = 12 WHERE id = 1 -- changes 1
      T1 ROLLBACK
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,20)
      """),

  A_ROLLBACK_TO_A_SAVEPOINT_UNDOES_ROWS_AND_KEEPS_EARLIER_LOCKS(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T1 SAVEPOINT s
      T1 UPDATE test SET value = 12 WHERE id = 1 -- changes 1
      T1 DELETE FROM test WHERE id = 2 -- changes 1
      T1 INSERT INTO test VALUES (3, 30) -- changes 1
      T1 SELECT * FROM test ORDER BY id -- (1,12) (3,30)
      T1 SELECT 1 / 0 -- fails 22012
      T1 ROLLBACK TO s
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,20)
      T2 UPDATE test SET value = value + 100 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,111) (2,20) | (1,11) (2,20)
      """),

  A_ROLLBACK_TO_A_SAVEPOINT_GIVES_BACK_THE_LOCKS_TAKEN_SINCE(
      """
      T1 BEGIN
      T1 SAVEPOINT s
      T1 UPDATE test SET value = 21 WHERE id = 2 -- changes 1
      T1 INSERT INTO test VALUES (3, 30) -- changes 1
      T2 UPDATE test SET value = 22 WHERE id = 2 -- waits
      T1 ROLLBACK TO s
      T2 resumes -- changes 1
      T2 INSERT INTO test VALUES (3, 33) -- changes 1
      T1 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,10) (2,22) (3,33)
      """),

  A_LOCK_TIMEOUT_ENDS_THE_WAIT(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SET LOCAL lock_timeout = '50ms'
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 12 WHERE id = 1 -- fails 55P03
      T2 ROLLBACK
      T1 COMMIT
      T2 SELECT * FROM test WHERE id = 1 -- (1,11)
      """),

  A_READ_ONLY_TRANSACTION_READS_AND_WRITES_NOTHING(
      """
      T1 BEGIN READ ONLY
      T1 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T1 SAVEPOINT s
      T1 INSERT INTO test VALUES (3, 30) -- fails 25006
      T1 ROLLBACK TO s
      T1 UPDATE test SET value = 11 -- fails 25006
      T1 ROLLBACK TO s
      T1 DELETE FROM test -- fails 25006
      T1 ROLLBACK TO s
      T1 CREATE TABLE never (id int) -- fails 25006
      T1 ROLLBACK TO s
      T1 TRUNCATE test -- fails 25006
      T1 ROLLBACK TO s
      T2 UPDATE test SET value = 12 WHERE id = 1 -- changes 1
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,20) | (1,10) (2,20)
      T1 COMMIT
      """),

  DEFINITIONS_ARE_SEEN_BY_OTHERS_AFTER_THE_COMMIT(
      """
      T1 BEGIN
      T1 CREATE TABLE fresh (id int PRIMARY KEY)
      T1 INSERT INTO fresh VALUES (1) -- changes 1
      T1 SELECT * FROM fresh -- (1)
      T2 SELECT * FROM fresh -- fails 42P01
      T1 ROLLBACK
      T1 SELECT * FROM fresh -- fails 42P01
      T1 BEGIN
      T1 CREATE TABLE fresh (id int PRIMARY KEY)
      T1 INSERT INTO fresh VALUES (2) -- changes 1
      T2 SELECT count(*) FROM pg_class WHERE relname = 'fresh' -- (0)
      T1 COMMIT
      T2 SELECT * FROM fresh -- (2)
      T2 DROP TABLE fresh
      """),

  A_WRITER_WAITS_FOR_A_DEFINITION_AND_THEN_KEEPS_TO_IT(
      """
      T1 BEGIN
      T1 CREATE UNIQUE INDEX test_value ON test (value)
      T2 INSERT INTO test VALUES (3, 10) -- waits
      T1 COMMIT
      T2 resumes -- fails 23505
      T1 BEGIN
      T1 DROP INDEX test_value
      T2 INSERT INTO test VALUES (3, 10) -- waits
      T1 COMMIT
      T2 resumes -- changes 1
      T1 BEGIN
      T1 DROP TABLE test
      T2 INSERT INTO test VALUES (4, 40) -- waits
      T1 ROLLBACK
      T2 resumes -- changes 1
      T1 BEGIN
      T1 DROP TABLE test
      T2 UPDATE test SET value = 11 -- waits
      T1 COMMIT
      T2 resumes -- fails 42P01
      """),

  LOCKS_OF_ROWS_STAND_BESIDE_EACH_OTHER_OR_DO_NOT(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE id = 1 FOR KEY SHARE -- (1,10)
      T2 SELECT * FROM test WHERE id = 1 FOR NO KEY UPDATE NOWAIT -- (1,10)
      T3 SELECT * FROM test WHERE id = 1 FOR SHARE NOWAIT -- fails 55P03
      T3 SELECT * FROM test WHERE id = 1 FOR KEY SHARE NOWAIT -- (1,10)
      T3 SELECT * FROM test ORDER BY id FOR SHARE SKIP LOCKED -- (2,20)
      T3 DELETE FROM test WHERE id = 1 -- waits
      T2 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 COMMIT
      T1 COMMIT
      T3 resumes -- changes 1
      T1 SELECT * FROM test ORDER BY id -- (2,20)
      """),

  AN_UPDATE_THAT_LEAVES_KEYS_ALONE_STANDS_BESIDE_KEY_SHARE_AND_OTHERS_DO_NOT(
      """
      T1 BEGIN
      T1 SELECT * FROM test WHERE id = 1 FOR KEY SHARE -- (1,10)
      T2 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET id = 3 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1
      T1 SELECT * FROM test ORDER BY id -- (2,20) (3,11)
      """),

  FOR_UPDATE_GIVES_WHAT_IT_WAITED_FOR(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 SELECT * FROM test WHERE id = 1 FOR UPDATE -- waits
      T1 COMMIT
      T2 resumes -- (1,11) | fails 40001
      T2 ROLLBACK
      T2 BEGIN
      T2 SELECT 1
      T1 BEGIN
      T1 DELETE FROM test WHERE id = 1 -- changes 1
      T2 SELECT * FROM test ORDER BY id FOR SHARE -- waits
      T1 COMMIT
      T2 resumes -- (2,20) | fails 40001
      T2 ROLLBACK
      """),

  WHAT_IS_SKIPPED_DOES_NOT_COUNT_FOR_THE_LIMIT(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED -- (1,10)
      T2 SELECT * FROM test ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED -- (2,20)
      T3 SELECT * FROM test ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED -- nothing
      T1 UPDATE test SET value = 11 WHERE id =       (SELECT id FROM test ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) -- changes 1
      T2 COMMIT
      T3 SELECT * FROM test ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED -- (2,20)
      T1 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,20)
      """),

  NO_ROW_IS_LOCKED_IN_A_READ_ONLY_TRANSACTION(
      """
      T1 BEGIN READ ONLY
      T1 SAVEPOINT s
      T1 SELECT * FROM test FOR KEY SHARE -- fails 25006
      T1 ROLLBACK TO s
      T1 LOCK TABLE test IN EXCLUSIVE MODE
      T1 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T1 COMMIT
      """),

  A_LOCKED_TABLE_IS_WAITED_FOR_AND_THEN_SEEN_AS_IT_IS(
      """
      T1 BEGIN
      T1 LOCK TABLE test IN ACCESS EXCLUSIVE MODE
      T1 INSERT INTO test VALUES (3, 30) -- changes 1
      T2 LOCK test -- fails 25P01
      T2 SELECT * FROM test ORDER BY id -- waits
      T1 COMMIT
      T2 resumes -- (1,10) (2,20) (3,30)
      T1 BEGIN
      T1 LOCK TABLE test IN SHARE MODE
      T2 SELECT * FROM test WHERE id = 3 FOR UPDATE -- (3,30)
      T2 UPDATE test SET value = 33 WHERE id = 3 -- waits
      T1 COMMIT
      T2 resumes -- changes 1
      T1 BEGIN
      T1 LOCK TABLE test IN EXCLUSIVE MODE
      T1 INSERT INTO test VALUES (4, 40) -- changes 1
      T2 SELECT * FROM test WHERE id = 3 -- (3,33)
      T2 UPDATE test SET value = 44 WHERE id = 4 -- waits
      T1 COMMIT
      T2 resumes -- changes 1
      T1 BEGIN
      T2 BEGIN
      T1 LOCK TABLE test IN ROW EXCLUSIVE MODE
      T2 LOCK TABLE test IN SHARE ROW EXCLUSIVE MODE NOWAIT -- fails 55P03
      T2 ROLLBACK
      T1 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,10) (2,20) (3,33) (4,44)
      """),

  /// As PostgreSQL's documentation says of TRUNCATE: it is not safe for old snapshots.
  A_TRUNCATED_TABLE_IS_EMPTY_TO_OLD_SNAPSHOTS_TOO(
      """
      T1 BEGIN
      T1 SELECT 1
      T2 TRUNCATE test
      T2 INSERT INTO test VALUES (3, 30) -- changes 1
      T1 SELECT * FROM test -- (3,30) | nothing
      T1 COMMIT
      """);

  private final Schedule schedule;

  Encounter(String schedule) {
    this.schedule = Schedule.parse(schedule);
  }

  Schedule schedule() {
    return schedule;
  }
}
