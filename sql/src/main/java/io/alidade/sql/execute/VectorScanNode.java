package io.alidade.sql.execute;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.search.DistanceBound.Inclusion;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.execute.row.GeneratedRows;
import io.alidade.sql.execute.row.LimitedRows;
import io.alidade.sql.execute.row.ListedRows;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowGenerator;
import io.alidade.sql.plan.PlanNode;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the rows nearest to a vector through the engine.
final class VectorScanNode implements ExecutableNode {
  private static final Searcher SEARCHER = new Searcher();
  private static final @Nullable Object[] NO_ROW = {};

  private final PlanNode.VectorScan scan;
  private final CompiledExpression query;
  private final RowLimits limits;
  private final Optional<CompiledExpression> bound;
  private final ScanFilter filter;
  private final RowLayout layout;
  private final int tableWidth;
  private final int distanceColumn;
  private final TableScanNode anyRows;

  VectorScanNode(
      PlanNode.VectorScan scan,
      CompiledExpression query,
      RowLimits limits,
      Optional<CompiledExpression> bound,
      ScanFilter filter) {
    this.scan = scan;
    this.query = query;
    this.limits = limits;
    this.bound = bound;
    this.filter = filter;
    this.layout = new RowLayout(scan.table(), 1);
    this.tableWidth = scan.table().definition().columns().size();
    this.distanceColumn = scan.width() - 1;
    this.anyRows = new TableScanNode(scan.table(), filter, 1);
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    long limit = limits.limitIn(context);
    long offset = limits.offsetIn(context);
    Object vector = query.evaluate(context, NO_ROW);
    if (vector == null) {
      return withoutVector(context, offset, limit);
    }
    float[] values = vector instanceof BitString bits ? bits.toFloats() : (float[]) vector;
    requireSameDimensions(values);
    TableView view = context.view(scan.table().definition().oid());
    List<SegmentView> segments = view.vectorSegments();
    Filter rows = filter.bind(context);
    Optional<DistanceBound> within = Optional.empty();
    if (bound.isPresent() && scan.bound().isPresent()) {
      Object most = bound.get().evaluate(context, NO_ROW);
      if (most == null) {
        return new ListedRows(List.of());
      }
      double distance = ((Number) most).doubleValue();
      Inclusion inclusion = scan.bound().get().inclusion();
      if (!Double.isNaN(distance)) {
        within = Optional.of(new DistanceBound(distance, inclusion));
      } else if (inclusion == Inclusion.EXCLUSIVE) { // Below NaN is every number.
        within = Optional.of(new DistanceBound(Double.POSITIVE_INFINITY, Inclusion.INCLUSIVE));
      } else { // And at most NaN is every distance that there is.
        rows = new Filter.And(List.of(rows, new Filter.IsNotNull(scan.vectorColumn())));
      }
    }
    VectorQuery search =
        new VectorQuery(
            scan.vectorColumn(),
            values,
            scan.distance(),
            searchLimit(segments, limits.endIn(context)),
            rows,
            within,
            context.search());
    SearchResult result = SEARCHER.search(segments, search, context.checkpoint());
    context
        .measurements()
        .ifPresent(m -> m.searched(scan, result.statistics(), codes(context, segments)));
    return new GeneratedRows(
        new Hits(result, view, (int) Math.min(offset, result.size())),
        context.checkpoint(),
        () -> {});
  }

  /// What may have been compared by in each segment.
  private List<Optional<Quantization>> codes(ExecutionContext context, List<SegmentView> segments) {
    List<Optional<Quantization>> codes = new ArrayList<>();
    if (context.search().codes() == SearchOptions.Codes.IGNORE) {
      return codes;
    }
    for (SegmentView segment : segments) {
      codes.add(
          segment
              .vectorIndex(scan.vectorColumn(), scan.distance())
              .flatMap(HnswIndex::codes)
              .map(kept -> kept.codec().method()));
    }
    return codes;
  }

  /// All distances to NULL are NULL, so any rows are the nearest.
  private RowCursor withoutVector(ExecutionContext context, long offset, long limit) {
    if (bound.isPresent()) {
      return new ListedRows(List.of());
    }
    return new LimitedRows(anyRows.open(context), offset, limit);
  }

  /// No more than there is, so that LIMIT ALL or a huge number costs nothing.
  private static int searchLimit(List<SegmentView> segments, long wanted) {
    long there = 0;
    for (SegmentView segment : segments) {
      there += segment.size();
    }
    return (int) Math.min(Math.min(wanted, there), Integer.MAX_VALUE);
  }

  private void requireSameDimensions(float[] vector) {
    ColumnType type = scan.table().definition().columns().get(scan.vectorColumn()).type();
    if (type.hasModifier() && type.modifier() != vector.length) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION,
          "different "
              + (type.kind() == ColumnType.Kind.BIT
                  ? "bit lengths "
                  : type.kind().sqlName() + " dimensions ")
              + type.modifier()
              + " and "
              + vector.length);
    }
  }

  private final class Hits implements RowGenerator {
    private final SearchResult result;
    private final TableView view;
    private final List<SegmentView> segments;
    private final RowLayout.@Nullable Reader[] readers;
    private int hit;

    Hits(SearchResult result, TableView view, int first) {
      this.result = result;
      this.view = view;
      this.segments = view.segments();
      this.readers = new RowLayout.Reader[segments.size()];
      this.hit = first;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (hit >= result.size()) {
        return null;
      }
      RowReference found = view.found(result.segment(hit), result.ordinal(hit));
      int segment = found.segment();
      RowLayout.Reader reader = readers[segment];
      if (reader == null) {
        reader = layout.reader(segments.get(segment), segment, tableWidth);
        readers[segment] = reader;
      }
      @Nullable Object[] row = reader.row(found.ordinal());
      if (result.hasDistance(hit)) {
        row[distanceColumn] = result.distance(hit);
      }
      hit++;
      return row;
    }
  }
}
