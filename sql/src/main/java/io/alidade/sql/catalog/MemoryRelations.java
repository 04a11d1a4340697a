package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.MemoryUse;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `alidade_memory`: what of the server takes how much memory, and may take.
final class MemoryRelations {
  private static final int MEMORY = 12_910;

  private MemoryRelations() {}

  static List<SystemRelation> all() {
    return List.of(
        new RelationColumns()
            .some(ColumnType.TEXT, "name")
            .some(ColumnType.INT8, "bytes")
            .optional(ColumnType.INT8, "limit_bytes")
            .of(
                MEMORY,
                "alidade_memory",
                (catalog, context) -> context.memoryUse().stream().flatMap(MemoryRelations::rows)));
  }

  private static Stream<@Nullable Object[]> rows(MemoryUse use) {
    long rows = use.limits().bytes() / 2;
    long heap = use.limits().heapBytes() / 2;
    Runtime machine = Runtime.getRuntime();
    return Stream.of(
        row("rows not in files", use.rows(), rows),
        row("rows not in files, on the heap", use.rowsOnHeap(), heap),
        row("open transactions", use.transactions(), rows),
        row("open transactions, on the heap", use.transactionsOnHeap(), heap),
        row("sealed segments", use.sealed(), null),
        row("pinned indexes", use.pinned(), use.pinnedLimit()),
        row("heap", machine.totalMemory() - machine.freeMemory(), machine.maxMemory()));
  }

  private static @Nullable Object[] row(String name, long bytes, @Nullable Long limit) {
    return new @Nullable Object[] {name, bytes, limit};
  }
}
