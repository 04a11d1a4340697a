package io.alidade.tests.postgres;

/// How transactions get past each other that write rows which point to one row, or that row, at
/// READ COMMITTED and REPEATABLE READ. `parent` begins with 1 and 2, `child` (without an index on
/// `parent`) is empty; `eager` points to `parent` with ON DELETE CASCADE, and is empty, too.
enum ReferenceEncounter {
  A_PARENT_THAT_A_CHILD_WAS_INSERTED_FOR_IS_WAITED_FOR_AND_STAYS(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 INSERT INTO child VALUES (1, 1) -- changes 1
      T2 DELETE FROM parent WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- fails 23503
      T2 ROLLBACK
      T1 SELECT * FROM child -- (1,1)
      T1 SELECT id FROM parent ORDER BY id -- (1) (2)
      """),

  A_PARENT_GOES_WHEN_ITS_CHILD_IS_ROLLED_BACK(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 INSERT INTO child VALUES (1, 1) -- changes 1
      T2 DELETE FROM parent WHERE id = 1 -- waits
      T1 ROLLBACK
      T2 resumes -- changes 1
      T2 COMMIT
      T1 SELECT id FROM parent -- (2)
      """),

  A_CHILD_OF_A_PARENT_THAT_IS_BEING_DELETED_WAITS_AND_FAILS(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 DELETE FROM parent WHERE id = 1 -- changes 1
      T2 INSERT INTO child VALUES (1, 1) -- waits
      T1 COMMIT
      T2 resumes -- fails 23503 | fails 23503 / fails 40001
      T2 ROLLBACK
      T1 SELECT * FROM child -- nothing
      """),

  A_CHILD_OF_A_PARENT_WHOSE_DELETION_IS_ROLLED_BACK_IS_INSERTED(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 DELETE FROM parent WHERE id = 1 -- changes 1
      T2 INSERT INTO child VALUES (1, 1) -- waits
      T1 ROLLBACK
      T2 resumes -- changes 1
      T2 COMMIT
      T1 SELECT * FROM child -- (1,1)
      """),

  CHILDREN_OF_ONE_PARENT_DO_NOT_WAIT_FOR_EACH_OTHER(
      """
      T1 BEGIN
      T2 BEGIN
      T1 INSERT INTO child VALUES (1, 1) -- changes 1
      T2 INSERT INTO child VALUES (2, 1) -- changes 1
      T2 COMMIT
      T1 COMMIT
      """),

  A_CHILD_AND_AN_UPDATE_THAT_LEAVES_THE_KEY_DO_NOT_WAIT_FOR_EACH_OTHER(
      """
      T1 BEGIN
      T2 BEGIN
      T1 UPDATE parent SET value = 5 WHERE id = 1 -- changes 1
      T2 INSERT INTO child VALUES (1, 1) -- changes 1
      T1 COMMIT
      T2 COMMIT
      T1 SELECT * FROM child -- (1,1)
      """),

  A_PARENT_WITH_ANOTHER_KEY_IS_GONE_FOR_A_CHILD_THAT_WAITED(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE parent SET id = 3 WHERE id = 1 -- changes 1
      T2 INSERT INTO child VALUES (1, 1) -- waits
      T1 COMMIT
      T2 resumes -- fails 23503 | fails 23503 / fails 40001
      T2 ROLLBACK
      T1 SELECT * FROM child -- nothing
      """),

  A_CASCADE_TAKES_WHAT_WAS_INSERTED_WHILE_IT_WAITED(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 INSERT INTO eager VALUES (1, 1) -- changes 1
      T2 DELETE FROM parent WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T2 COMMIT
      T1 SELECT count(*) FROM eager -- (0) | (1)
      """),

  A_CASCADE_WAITS_FOR_AN_UPDATE_OF_ITS_ROW(
      """
      T3 INSERT INTO eager VALUES (1, 1) -- changes 1
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE eager SET parent = 2 WHERE id = 1 -- changes 1
      T2 DELETE FROM parent WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T2 COMMIT
      T1 SELECT * FROM eager -- (1,2)
      """);

  private final String text;

  ReferenceEncounter(String text) {
    this.text = text;
  }

  Schedule schedule() {
    return Schedule.parse(text);
  }
}
