package io.alidade.storage;

/// How far a transaction had come.
///
/// @param writes what it had written
/// @param locks what it had locked, as the lock table counts
record SavepointMark(WriteMark writes, int locks) implements Savepoint {}
