package io.alidade.storage;

/// A point in a transaction that it can be rolled back to. It takes no memory of its own and is
/// valid until the transaction ends or is rolled back to an earlier one.
public sealed interface Savepoint permits SavepointMark {}
