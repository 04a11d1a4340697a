package io.alidade.storage.table;

/// The place of a row version within one [TableView]; it means nothing in another view.
///
/// @param segment the index in [TableView#segments]
/// @param ordinal the row version's ordinal in that segment
public record RowReference(int segment, int ordinal) {}
