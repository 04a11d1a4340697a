package io.alidade.tests.postgres;

/// What transactions side by side may do to each other, each as a schedule that brings it about
/// where a level allows it.
///
/// The names and schedules are those of the Hermitage tests (M. Kleppmann, 2014), which put the
/// phenomena of Adya's thesis (MIT, 1999) into statements. The table `test` begins with `(1,10)
/// (2,20)`. A transaction that waits in its first statement has looked at nothing before with
/// `SELECT 1`, which takes its snapshot.
enum Anomaly {
  /// Dirty write: one transaction writes over what another has not committed.
  G0(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 12 WHERE id = 1 -- waits
      T1 UPDATE test SET value = 21 WHERE id = 2 -- changes 1
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,21)
      T2 UPDATE test SET value = 22 WHERE id = 2 -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,22) | (1,11) (2,21)
      """),

  /// Aborted read: what is read was never committed.
  G1A(
      """
      T1 BEGIN
      T2 BEGIN
      T1 UPDATE test SET value = 101 WHERE id = 1 -- changes 1
      T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T1 ROLLBACK
      T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T2 COMMIT
      """),

  /// Intermediate read: what is read was written over before the commit.
  G1B(
      """
      T1 BEGIN
      T2 BEGIN
      T1 UPDATE test SET value = 101 WHERE id = 1 -- changes 1
      T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T1 COMMIT
      T2 SELECT * FROM test ORDER BY id -- (1,11) (2,20) | (1,10) (2,20)
      T2 COMMIT
      """),

  /// Circular information flow: two transactions each read what the other wrote.
  G1C(
      """
      T1 BEGIN
      T2 BEGIN
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 22 WHERE id = 2 -- changes 1
      T1 SELECT * FROM test WHERE id = 2 -- (2,20)
      T2 SELECT * FROM test WHERE id = 1 -- (1,10)
      T1 COMMIT
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,22)
      """),

  /// Observed transaction vanishes: a reader sees one write of a transaction, then not another.
  OTV(
      """
      T1 BEGIN
      T2 BEGIN
      T3 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T1 UPDATE test SET value = 19 WHERE id = 2 -- changes 1
      T2 UPDATE test SET value = 12 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T3 SELECT * FROM test WHERE id = 1 -- (1,11)
      T2 UPDATE test SET value = 18 WHERE id = 2 -- changes 1
      T3 SELECT * FROM test WHERE id = 2 -- (2,19)
      T2 COMMIT
      T3 SELECT * FROM test WHERE id = 2 -- (2,18) | (2,19)
      T3 SELECT * FROM test WHERE id = 1 -- (1,12) | (1,11)
      T3 COMMIT
      """),

  /// Predicate-many-preceders, in what is read.
  PMP_READ(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE value = 30 -- nothing
      T2 INSERT INTO test VALUES (3, 30) -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test WHERE value % 3 = 0 -- (3,30) | nothing
      T1 COMMIT
      """),

  /// Predicate-many-preceders, in what is written. After the wait Alidade runs the statement anew,
  /// PostgreSQL looks again at the row that it waited for alone.
  PMP_WRITE(
      """
      T1 BEGIN
      T2 BEGIN
      T2 SELECT 1
      T1 UPDATE test SET value = value + 10 -- changes 2
      T2 DELETE FROM test WHERE value = 20 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 / changes 0 | fails 40001
      T2 SELECT * FROM test WHERE value = 20 -- nothing / (1,20)
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (2,30) / (1,20) (2,30) | (1,20) (2,30)
      """),

  /// Phantom: a condition holds for more rows than a moment ago.
  PHANTOM(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT count(*) FROM test WHERE value >= 20 -- (1)
      T2 INSERT INTO test VALUES (3, 30) -- changes 1
      T2 UPDATE test SET value = 40 WHERE id = 1 -- changes 1
      T2 COMMIT
      T1 SELECT count(*) FROM test WHERE value >= 20 -- (3) | (1)
      T1 SELECT * FROM test ORDER BY id -- (1,40) (2,20) (3,30) | (1,10) (2,20)
      T1 COMMIT
      """),

  /// Lost update: two transactions write what each worked out from the same row.
  P4(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE id = 1 -- (1,10)
      T2 SELECT * FROM test WHERE id = 1 -- (1,10)
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 11 WHERE id = 1 -- waits
      T1 COMMIT
      T2 resumes -- changes 1 | fails 40001
      T2 COMMIT
      """),

  /// Read skew: two rows as they never were together.
  G_SINGLE(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE id = 1 -- (1,10)
      T2 SELECT * FROM test WHERE id = 1 -- (1,10)
      T2 SELECT * FROM test WHERE id = 2 -- (2,20)
      T2 UPDATE test SET value = 12 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 18 WHERE id = 2 -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test WHERE id = 2 -- (2,18) | (2,20)
      T1 COMMIT
      """),

  /// Read skew through conditions.
  G_SINGLE_DEPENDENCIES(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE value % 5 = 0 ORDER BY id -- (1,10) (2,20)
      T2 UPDATE test SET value = 12 WHERE value = 10 -- changes 1
      T2 COMMIT
      T1 SELECT * FROM test WHERE value % 3 = 0 -- (1,12) | nothing
      T1 COMMIT
      """),

  /// Read skew that ends in a write by condition.
  G_SINGLE_WRITE(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE id = 1 -- (1,10)
      T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T2 UPDATE test SET value = 12 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 18 WHERE id = 2 -- changes 1
      T2 COMMIT
      T1 DELETE FROM test WHERE value = 20 -- changes 0 | fails 40001
      T1 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,12) (2,18)
      """),

  /// Write skew: two transactions read the same rows, and each writes another of them.
  G2_ITEM(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE id IN (1, 2) ORDER BY id -- (1,10) (2,20)
      T2 SELECT * FROM test WHERE id IN (1, 2) ORDER BY id -- (1,10) (2,20)
      T1 UPDATE test SET value = 11 WHERE id = 1 -- changes 1
      T2 UPDATE test SET value = 21 WHERE id = 2 -- changes 1
      T1 COMMIT
      T2 COMMIT
      T1 SELECT * FROM test ORDER BY id -- (1,11) (2,21)
      """),

  /// Anti-dependency cycle: two transactions each add what the other's condition would have found.
  G2(
      """
      T1 BEGIN
      T2 BEGIN
      T1 SELECT * FROM test WHERE value % 3 = 0 -- nothing
      T2 SELECT * FROM test WHERE value % 3 = 0 -- nothing
      T1 INSERT INTO test VALUES (3, 30) -- changes 1
      T2 INSERT INTO test VALUES (4, 42) -- changes 1
      T1 COMMIT
      T2 COMMIT
      T1 SELECT * FROM test WHERE value % 3 = 0 ORDER BY id -- (3,30) (4,42)
      """),

  /// Anti-dependency cycle of three, one of which only reads (Fekete, O'Neil, O'Neil, 2004).
  G2_TWO_EDGES(
      """
      T1 BEGIN
      T1 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
      T2 BEGIN
      T2 UPDATE test SET value = value + 5 WHERE id = 2 -- changes 1
      T2 COMMIT
      T3 BEGIN
      T3 SELECT * FROM test ORDER BY id -- (1,10) (2,25)
      T3 COMMIT
      T1 UPDATE test SET value = 0 WHERE id = 1 -- changes 1
      T1 COMMIT
      T2 SELECT * FROM test ORDER BY id -- (1,0) (2,25)
      """);

  private final Schedule schedule;

  Anomaly(String schedule) {
    this.schedule = Schedule.parse(schedule);
  }

  Schedule schedule() {
    return schedule;
  }
}
