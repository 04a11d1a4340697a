package io.alidade.storage;

import io.alidade.engine.payload.OrderedIndex;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.util.List;
import java.util.Map;

/// What a commit does to the shared state; it comes from a session, or from the log.
///
/// @param changes first the definitions change
/// @param deletions then row versions end
/// @param insertions then new ones begin
/// @param prepared what the session made ahead; nothing when it comes from the log
record CommitContents(
    List<CatalogChange> changes,
    List<Mutation.DeleteRows> deletions,
    List<Insertion> insertions,
    Prepared prepared) {

  /// Rows for a generation of a table; they are left out if it is not the table's any more.
  record Insertion(int tableOid, int generation, Rows rows) {}

  /// Where new rows are.
  sealed interface Rows {
    /// In a transaction's own segment, or one that chunks of the log were gathered in; only live
    /// ones.
    record Own(MutableSegment segment) implements Rows {}

    /// In a record of the log.
    record Logged(Mutation.RowBlock block) implements Rows {}
  }

  /// What need not be done by the committer any more.
  ///
  /// @param stores the stores of tables and generations that the transaction made
  /// @param indexes what was built of new indexes over existing segments
  record Prepared(List<TableStore> stores, Map<Integer, List<BuiltIndex>> indexes) {
    static final Prepared NOTHING = new Prepared(List.of(), Map.of());
  }

  /// A new index over one segment, usable as long as the table still has that very segment.
  sealed interface BuiltIndex {
    Segment segment();

    record Ordered(Segment segment, OrderedIndex index) implements BuiltIndex {}

    record Vectors(Segment segment, VectorIndex index) implements BuiltIndex {}
  }
}
