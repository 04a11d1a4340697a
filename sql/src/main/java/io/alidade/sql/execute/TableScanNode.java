package io.alidade.sql.execute;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SegmentView;
import io.alidade.sql.execute.row.GeneratedRows;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowGenerator;
import io.alidade.sql.plan.ScannedTable;
import io.alidade.storage.table.TableView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the rows of a table that match a filter, segment by segment.
final class TableScanNode implements ExecutableNode {
  private final int tableOid;
  private final int tableWidth;
  private final RowLayout layout;
  private final ScanFilter filter;

  /// @param extra how many columns to add at the end, NULL
  TableScanNode(ScannedTable table, ScanFilter filter, int extra) {
    this.tableOid = table.definition().oid();
    this.tableWidth = table.definition().columns().size();
    this.layout = new RowLayout(table, extra);
    this.filter = filter;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    TableView view = context.view(tableOid);
    Rows rows = new Rows(view.segments(), filter.bind(context), context);
    return new GeneratedRows(rows, context.checkpoint(), () -> {});
  }

  private final class Rows implements RowGenerator {
    private final List<SegmentView> segments;
    private final Filter bound;
    private final ExecutionContext context;
    private int segment = -1;
    private @Nullable FilteredScan scan;
    private RowLayout.@Nullable Reader reader;

    Rows(List<SegmentView> segments, Filter bound, ExecutionContext context) {
      this.segments = segments;
      this.bound = bound;
      this.context = context;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      while (scan == null || reader == null || !scan.hasNext()) {
        if (++segment >= segments.size()) {
          segment = segments.size();
          return null;
        }
        scan = FilteredScan.open(segments.get(segment), bound, context.checkpoint());
        reader = layout.reader(segments.get(segment), segment, tableWidth);
      }
      return reader.row(scan.nextInt());
    }
  }
}
