package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.TableDefinition.IndexChange;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.IndexDefinition.Method;
import io.alidade.storage.catalog.VectorIndexOptions;
import java.util.List;

/// What ALTER INDEX does to one index: other options, another name.
///
/// Options take effect at the commit. Codes are made in the background after it, while reads and
/// writes go on; `m`, `ef_construction` and `seed` are for graphs that are begun from then on.
final class AlterIndexCommand {
  private final Transaction transaction;

  AlterIndexCommand(Transaction transaction) {
    this.transaction = transaction;
  }

  void run(IndexDefinition index, List<IndexChange> changes) {
    IndexOptions options = new IndexOptions(index.options());
    for (IndexChange change : changes) {
      switch (change) {
        case IndexChange.SetOptions(var written) -> options = options.set(written);
        case IndexChange.ResetOptions(var written) -> options = options.reset(written);
        case IndexChange.Rename(var name) ->
            transaction.apply(new CatalogChange.RenameIndex(index.oid(), name));
      }
    }
    if (options.all().equals(index.options())) {
      return;
    }
    if (index.method() != Method.HNSW) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "options of btree indexes are not supported");
    }
    VectorIndexOptions.of(options.all()).requireFor(index.distance().orElseThrow());
    transaction.apply(new CatalogChange.SetIndexOptions(index.oid(), options.all()));
  }
}
