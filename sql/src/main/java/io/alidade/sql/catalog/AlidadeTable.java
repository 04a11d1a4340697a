package io.alidade.sql.catalog;

import com.google.common.collect.ImmutableList;
import io.alidade.model.ColumnType;
import io.alidade.sql.type.SqlTypeFactory;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptAbstractTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.util.ImmutableBitSet;

/// A relation in the algebra: the table of a `LogicalTableScan`.
///
/// Where rows are to be changed, a last column [#ROW_REFERENCE] says where each row is.
public final class AlidadeTable extends RelOptAbstractTable {

  /// The name of the hidden last column: a bigint, the row's segment in the upper 32 bits and its
  /// ordinal in the lower ones (see `io.alidade.storage.table.RowReference`).
  public static final String ROW_REFERENCE = "$row";

  private final Relation relation;
  private final RowReferences references;

  private AlidadeTable(Relation relation, RelDataType rowType, RowReferences references) {
    super(null, relation.name(), rowType);
    this.relation = relation;
    this.references = references;
  }

  /// A relation to be scanned.
  public static AlidadeTable of(Relation relation, SqlTypeFactory types, RowReferences references) {
    RelDataTypeFactory.Builder row = types.builder();
    for (ColumnDefinition column : relation.columns()) {
      row.add(
          column.name(),
          column.isNullable() ? types.nullable(column.type()) : types.notNull(column.type()));
    }
    if (references == RowReferences.SHOWN) {
      row.add(ROW_REFERENCE, types.notNull(ColumnType.INT8));
    }
    return new AlidadeTable(relation, row.build(), references);
  }

  public Relation relation() {
    return relation;
  }

  /// Whether the last column is [#ROW_REFERENCE].
  public RowReferences references() {
    return references;
  }

  @Override
  public List<String> getQualifiedName() {
    return ImmutableList.of(relation.schema(), relation.name());
  }

  @Override
  public boolean isKey(ImmutableBitSet columns) {
    return relation instanceof Relation.Stored(var table)
        && table.indexes().stream()
            .filter(IndexDefinition::isUnique)
            .filter(index ->
                index.columns().stream().noneMatch(c -> table.columns().get(c).isNullable()))
            .anyMatch(index -> columns.asSet().containsAll(Set.copyOf(index.columns())));
  }

  /// Whether a scan also gives where rows are.
  public enum RowReferences {
    HIDDEN,
    SHOWN
  }
}
