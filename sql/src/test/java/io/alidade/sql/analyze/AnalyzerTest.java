package io.alidade.sql.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.DatabaseException.Field;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.SlotDefinition.Source;
import io.alidade.sql.execute.TestDatabase;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AnalyzerTest {
  private static final int TABLE = 20_000;

  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void createTable() {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.notNull("id", ColumnType.INT8),
            ColumnDefinition.nullable("name", ColumnType.TEXT),
            ColumnDefinition.nullable("price", ColumnType.numeric(10, 2)),
            ColumnDefinition.nullable("embedding", ColumnType.vector(3)));
    IndexDefinition key =
        new IndexDefinition(
            TABLE + 1,
            "items_pkey",
            TABLE,
            IndexDefinition.Method.BTREE,
            List.of(IndexDefinition.Key.ascending(0)),
            IndexDefinition.Uniqueness.PRIMARY_KEY,
            Optional.empty(),
            Map.of());
    database.create(
        new TableDefinition(
            TABLE, "public", "items", TableDefinition.FIRST_GENERATION, columns, List.of(key)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String rel(String sql) {
    return RelOptUtil.toString(database.analyze(sql).rel()).replace("\r", "");
  }

  private List<ColumnType> parameters(String sql) {
    return database.analyze(sql).slots().parameterTypes();
  }

  private static DatabaseException error(ThrowingCallable code) {
    DatabaseException[] caught = new DatabaseException[1];
    assertThatThrownBy(code).isInstanceOfSatisfying(DatabaseException.class, e -> caught[0] = e);
    return caught[0];
  }

  @Test
  void nearestNeighboursAreASortOfADistanceToASlot() {
    assertThat(rel("SELECT id FROM items WHERE id > 5 ORDER BY embedding <-> $1 LIMIT 3"))
        .isEqualTo(
            """
            LogicalProject(id=[$0])
              LogicalSort(sort0=[$1], dir0=[ASC], fetch=[?0])
                LogicalProject(id=[$0], $sort1=[<->($3, ?2)])
                  LogicalFilter(condition=[>($0, ?1)])
                    LogicalTableScan(table=[[public, items]])
            """);
  }

  @Test
  void constantsAreSlotsOfTheTypeTheirPlaceAsksFor() {
    Slots slots = database.analyze("SELECT id FROM items WHERE id = 5 AND price > 7").slots();
    assertThat(slots.definitions())
        .extracting(SlotDefinition::type)
        .containsExactly(ColumnType.INT8, ColumnType.NUMERIC);
    assertThat(slots.definitions())
        .allSatisfy(slot -> assertThat(slot.source()).isInstanceOf(Source.Literal.class));
  }

  @Test
  void aPlanServesOnlyNumbersOfTheSameType() {
    Slots slots = database.analyze("SELECT id FROM items WHERE id = 5").slots();
    assertThat(slots.serves(List.of("6"))).isTrue();
    assertThat(slots.serves(List.of("6000000000"))).isFalse();
  }

  @Test
  void parametersTakeTheTypeOfTheirPlace() {
    assertThat(parameters("SELECT id FROM items WHERE name = $1 AND price < $2 LIMIT $3"))
        .containsExactly(ColumnType.TEXT, ColumnType.NUMERIC, ColumnType.INT8);
    assertThat(parameters("SELECT id FROM items ORDER BY embedding <=> $1 LIMIT 1"))
        .containsExactly(ColumnType.VECTOR);
    assertThat(parameters("SELECT $1::date, $2 + 1, lower($3), id = ANY($4) FROM items"))
        .containsExactly(
            ColumnType.DATE, ColumnType.INT4, ColumnType.TEXT, ColumnType.arrayOf(ColumnType.INT8));
    assertThat(parameters("SELECT $1")).containsExactly(ColumnType.TEXT);
  }

  @Test
  void aParameterThatNothingTypesIsAnError() {
    DatabaseException e = error(() -> database.analyze("SELECT 1 WHERE $1 IS NULL AND $3 = 1"));
    assertThat(e.state()).isEqualTo(SqlState.INDETERMINATE_DATATYPE);
    assertThat(e.message()).isEqualTo("could not determine data type of parameter $2");
  }

  @Test
  void oneParameterHasOneType() {
    DatabaseException e =
        error(() ->
            database.analyze("SELECT id FROM items WHERE coalesce($1, name) = 'a' AND id = $1"));
    assertThat(e.state()).isIn(SqlState.AMBIGUOUS_PARAMETER, SqlState.UNDEFINED_FUNCTION);
  }

  @Test
  void errorsPointAtTheirPlaceAndHint() {
    DatabaseException column = error(() -> database.analyze("SELECT nam FROM items"));
    assertThat(column.state()).isEqualTo(SqlState.UNDEFINED_COLUMN);
    assertThat(column.position()).isEqualTo(7);
    assertThat(column.field(Field.HINT))
        .contains("Perhaps you meant to reference the column \"items.name\".");

    DatabaseException operator = error(() -> database.analyze("SELECT name + 1 FROM items"));
    assertThat(operator.message()).isEqualTo("operator does not exist: text + integer");
    assertThat(operator.position()).isEqualTo(12);
    assertThat(operator.field(Field.HINT))
        .contains(
            "No operator matches the given name and argument types. "
                + "You might need to add explicit type casts.");

    DatabaseException literal =
        error(() -> database.analyze("SELECT id FROM items WHERE id = 'abc'"));
    assertThat(literal.position()).isEqualTo(32);
  }

  @Test
  void groupingByThePrimaryKeyDeterminesTheOtherColumns() {
    assertThat(rel("SELECT name, count(*) FROM items GROUP BY id"))
        .isEqualTo(
            """
            LogicalProject(name=[$1], count=[$2])
              LogicalAggregate(group=[{0, 1}], $a0=[COUNT()])
                LogicalProject($g0=[$0], $g1=[$1])
                  LogicalTableScan(table=[[public, items]])
            """);
  }

  @Test
  void correlatedSubqueriesNameTheOuterRow() {
    assertThat(
            rel(
                "SELECT id FROM items i WHERE EXISTS (SELECT 1 FROM items j WHERE j.id = i.id +"
                    + " 1)"))
        .contains("variablesSet=[[$cor0]]")
        .contains("$cor0.id");
  }

  @Test
  void outputColumnsKnowTheTableTheyComeFrom() {
    List<OutputColumn> columns =
        database.analyze("SELECT name AS n, id + 1, items.price FROM items").columns();
    assertThat(columns)
        .containsExactly(
            new OutputColumn("n", ColumnType.TEXT, TABLE, (short) 2),
            new OutputColumn("?column?", ColumnType.INT8, 0, (short) 0),
            new OutputColumn("price", ColumnType.numeric(10, 2), TABLE, (short) 3));
  }

  @Test
  void chainsOfWithQueriesAreBounded() {
    StringBuilder sql = new StringBuilder("WITH a0 AS (SELECT 1 AS x)");
    for (int i = 1; i < 40; i++) {
      sql.append(", a%d AS (SELECT l.x FROM a%d l, a%d r)".formatted(i, i - 1, i - 1));
    }
    DatabaseException e = error(() -> database.analyze(sql + " SELECT * FROM a39"));
    assertThat(e.state()).isEqualTo(SqlState.STATEMENT_TOO_COMPLEX);
  }

  @Test
  void fourThousandAlternativesAreNoProblem() {
    StringBuilder sql = new StringBuilder("SELECT id FROM items WHERE id = 0");
    for (int i = 1; i < 4000; i++) {
      sql.append(" OR id = ").append(i);
    }
    assertThat(database.analyze(sql.toString()).slots().definitions()).hasSize(4000);
  }
}
