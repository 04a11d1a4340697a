package io.alidade.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTest {
  private static final IndexDefinition KEY =
      new IndexDefinition(
          17001,
          "t_pkey",
          17000,
          IndexDefinition.Method.BTREE,
          List.of(new IndexDefinition.Key(0, IndexDefinition.Order.DESCENDING)),
          IndexDefinition.Uniqueness.PRIMARY_KEY,
          Optional.empty(),
          Map.of());
  private static final IndexDefinition GRAPH =
      new IndexDefinition(
          17002,
          "t_graph",
          17000,
          IndexDefinition.Method.HNSW,
          List.of(IndexDefinition.Key.ascending(1)),
          IndexDefinition.Uniqueness.NOT_UNIQUE,
          Optional.of(Distance.COSINE),
          Map.of("m", "16", "ef_construction", "64"));
  private static final TableDefinition TABLE =
      new TableDefinition(
          17000,
          "public",
          "t",
          1,
          List.of(
              new ColumnDefinition(
                  "id",
                  ColumnType.numeric(10, 2),
                  ColumnDefinition.Nullability.NOT_NULL,
                  Optional.of("1 + 1")),
              ColumnDefinition.nullable("v", ColumnType.vector(3)),
              ColumnDefinition.nullable("a", ColumnType.arrayOf(ColumnType.varchar(5)))),
          List.of(KEY));
  private static final ConstraintDefinition.Check CHECK =
      new ConstraintDefinition.Check(
          17030,
          "t_check",
          "id > 0",
          "(id > (0)::numeric)",
          "id > 0::numeric",
          List.of(0),
          ConstraintDefinition.Validity.NOT_VALID,
          ConstraintDefinition.Inheritance.NO_INHERIT);
  private static final ConstraintDefinition.ForeignKey FOREIGN_KEY =
      new ConstraintDefinition.ForeignKey(
          17031,
          "t_id_fkey",
          List.of(0),
          17000,
          17001,
          List.of(0),
          ConstraintDefinition.Match.FULL,
          ConstraintDefinition.Action.SET_NULL,
          List.of(0),
          ConstraintDefinition.Action.CASCADE,
          ConstraintDefinition.Deferral.INITIALLY_IMMEDIATE,
          ConstraintDefinition.Validity.VALIDATED);
  private static final List<CatalogChange> CHANGES =
      List.of(
          new CatalogChange.CreateSchema(new SchemaDefinition(17010, "s")),
          new CatalogChange.CreateTable(TABLE),
          new CatalogChange.CreateIndex(GRAPH),
          new CatalogChange.CreateExtension(
              new ExtensionDefinition(17020, "vector", "public", "0.8.1")),
          new CatalogChange.Truncate(17000, 2),
          new CatalogChange.SetIndexOptions(17002, Map.of("quantization", "scalar")),
          new CatalogChange.RenameIndex(17002, "other"),
          new CatalogChange.AddConstraint(17000, CHECK),
          new CatalogChange.AddConstraint(17000, FOREIGN_KEY),
          new CatalogChange.AddConstraint(
              17000,
              new ConstraintDefinition.Key(
                  17032, "t_pkey", 17001, ConstraintDefinition.Deferral.INITIALLY_DEFERRED)),
          new CatalogChange.ReplaceConstraint(
              17000, CHECK.withValidity(ConstraintDefinition.Validity.VALIDATED)),
          new CatalogChange.RenameIndex(17001, "t_key"),
          new CatalogChange.DropConstraint(17000, 17030),
          new CatalogChange.DropIndex(17002),
          new CatalogChange.DropExtension("vector"),
          new CatalogChange.DropSchema("s"),
          new CatalogChange.DropTable(17000));

  @Test
  void aCatalogKnowsWhichKeysPointToATable() {
    Catalog catalog =
        Catalog.INITIAL
            .with(new CatalogChange.CreateTable(TABLE))
            .with(new CatalogChange.AddConstraint(17000, FOREIGN_KEY));
    assertThat(catalog.references(17000))
        .extracting(Catalog.Reference::key)
        .containsExactly(FOREIGN_KEY);
    assertThat(catalog.with(new CatalogChange.DropConstraint(17000, 17031)).references(17000))
        .isEmpty();
  }

  @Test
  void changesAndCatalogsSurviveTheirBytes() throws IOException {
    Catalog catalog = Catalog.INITIAL;
    for (CatalogChange change : CHANGES) {
      assertThat(CatalogCodec.readChange(CatalogCodec.bytes(change))).isEqualTo(change);
      catalog = catalog.with(change);
      Catalog read = CatalogCodec.readCatalog(CatalogCodec.bytes(catalog));
      assertThat(read.version()).isEqualTo(catalog.version());
      assertThat(read.nextOid()).isEqualTo(catalog.nextOid());
      assertThat(List.copyOf(read.tables())).isEqualTo(List.copyOf(catalog.tables()));
      assertThat(List.copyOf(read.schemas())).isEqualTo(List.copyOf(catalog.schemas()));
      assertThat(List.copyOf(read.extensions())).isEqualTo(List.copyOf(catalog.extensions()));
    }
  }

  @Test
  void bytesThatAreCutShortAreRefused() {
    byte[] bytes = CatalogCodec.bytes(CHANGES.get(1));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> CatalogCodec.readChange(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNameIsTakenByTablesAndIndexesAlike() {
    Catalog catalog = Catalog.INITIAL.with(CHANGES.get(1));
    TableDefinition sameAsIndex =
        new TableDefinition(17005, "public", "t_pkey", 1, TABLE.columns(), List.of());
    assertThatThrownBy(() -> catalog.with(new CatalogChange.CreateTable(sameAsIndex)))
        .hasMessage("relation \"t_pkey\" already exists");
  }
}
