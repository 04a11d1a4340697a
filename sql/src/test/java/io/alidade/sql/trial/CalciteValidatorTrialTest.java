package io.alidade.sql.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What Calcite's validator makes of statements that PostgreSQL accepts.
///
/// It is why names and types are resolved by our own code (`docs/decisions/0001`). Should one of
/// these fail with a later Calcite, read that decision again before changing the test.
class CalciteValidatorTrialTest {

  private static final SqlParserPos NOWHERE = SqlParserPos.ZERO;

  /// pgvector's distance; texts write it as `l2(a, b)`, since Calcite's parser has no such
  /// operator.
  private static final SqlBinaryOperator L2_DISTANCE =
      new SqlBinaryOperator(
          "<->", SqlKind.OTHER, 36, true, ReturnTypes.DOUBLE, null, OperandTypes.ANY_ANY);

  private final RelDataTypeFactory types = new JavaTypeFactoryImpl(RelDataTypeSystem.DEFAULT);

  // Refused.

  @Test
  void groupingByThePrimaryKeyDoesNotFreeItsOtherColumns() throws SqlParseException {
    assertThat(outcome("select id, category from items group by id"))
        .contains("Expression 'category' is not being grouped");
  }

  @Test
  void aDerivedTableMayNotHaveTwoColumnsOfOneName() throws SqlParseException {
    assertThat(outcome("select * from (select id, id from items) as t"))
        .contains("Column 'id' is ambiguous");
  }

  @Test
  void aWholeRowIsNotAnExpression() throws SqlParseException {
    assertThat(outcome("select i from items as i")).contains("Column 'i' not found in any table");
    assertThat(outcome("select count(i) from items as i"))
        .contains("Column 'i' not found in any table");
  }

  @Test
  void fourThousandOrsOverflowTheStack() throws SqlParseException {
    SqlSelect select = (SqlSelect) parse("select id from items where id = 0");
    SqlNode condition = equalsNumber(0);
    for (int i = 1; i < 4_000; i++) {
      condition = SqlStdOperatorTable.OR.createCall(NOWHERE, condition, equalsNumber(i));
    }
    select.setWhere(condition);
    assertThatThrownBy(() -> validator().validate(select)).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void aFlatOrIsNotKnown() throws SqlParseException {
    SqlSelect select = (SqlSelect) parse("select id from items where id = 0");
    select.setWhere(
        SqlStdOperatorTable.OR.createCall(
            NOWHERE, List.of(equalsNumber(1), equalsNumber(2), equalsNumber(3))));
    assertThat(outcome(select)).contains("No match found for function signature OR");
  }

  @Test
  void aFunctionThatReturnsRowsIsNotFoundInASelectList() throws SqlParseException {
    assertThat(outcome("select generate_series(1, 3)"))
        .contains("No match found for function signature generate_series");
  }

  @Test
  void anUntypedParameterInOrderByIsAnInternalError() throws SqlParseException {
    assertThat(outcome("select id from items order by l2(embedding, ?)"))
        .contains("UnsupportedOperationException");
  }

  @Test
  void anUntypedParameterOfAnOperatorIsRefused() throws SqlParseException {
    assertThat(outcome("select l2(embedding, ?) from items"))
        .contains("Illegal use of dynamic parameter");
  }

  @Test
  void aParameterWithoutContextIsRefusedNotText() throws SqlParseException {
    assertThat(outcome("select ?")).contains("Illegal use of dynamic parameter");
  }

  @Test
  void aDateMinusANumberIsRefused() throws SqlParseException {
    assertThat(outcome("select current_date - 1"))
        .contains("Cannot apply '-' to arguments of type '<DATE> - <INTEGER>'");
  }

  @Test
  void aDateMinusADateIsRefused() throws SqlParseException {
    assertThat(outcome("select created - created from items"))
        .contains("Cannot apply '-' to arguments of type '<DATE> - <DATE>'");
  }

  @Test
  void theColumnOfAUsingIsAmbiguousWithoutQualifier() throws SqlParseException {
    assertThat(outcome("select id from items as i join orders as o using (id)"))
        .contains("Column 'id' is ambiguous");
  }

  @Test
  void aNumberOfTwentyThreeDigitsIsOutOfRange() throws SqlParseException {
    assertThat(outcome("select 12345678901234567890123"))
        .contains("Numeric literal '12345678901234567890123' out of range");
  }

  // Accepted with another meaning.

  @Test
  void anyOfAParameterTakesAScalarNotAnArray() throws SqlParseException {
    assertThat(outcome("select id from items where id = any(?)"))
        .contains("parameters RecordType(BIGINT ?0)");
  }

  @Test
  void stringsInACasePadEachOther() throws SqlParseException {
    assertThat(outcome("select case when id = 1 then 'a' else 'bcd' end from items"))
        .contains("CHAR(3)");
  }

  @Test
  void sumAndAverageOfIntegersAreIntegers() throws SqlParseException {
    assertThat(outcome("select sum(qty), avg(qty) from items"))
        .contains("RecordType(INTEGER EXPR$0, INTEGER EXPR$1)");
  }

  @Test
  void anAliasIsSeenInsideAnOrderByExpression() throws SqlParseException {
    // PostgreSQL adds one to the column; here it is left to the alias, which is the price.
    assertThat(outcome("select price as id from items order by id + 1"))
        .contains("ORDER BY `id` + 1");
  }

  @Test
  void aDeleteInWithReturnsTheTableWithoutReturning() throws SqlParseException {
    SqlNode delete = parse("delete from orders where id = 1");
    SqlWithItem item =
        new SqlWithItem(
            NOWHERE,
            new SqlIdentifier("d", NOWHERE),
            null,
            delete,
            SqlLiteral.createBoolean(false, NOWHERE));
    SqlNodeList list = new SqlNodeList(List.of(item), NOWHERE);
    assertThat(outcome(new SqlWith(NOWHERE, list, parse("select * from d"))))
        .contains("RecordType(BIGINT NOT NULL id, BIGINT item, INTEGER qty)");
  }

  @Test
  void aStringBesideAVectorStaysAString() throws SqlParseException {
    assertThat(outcome("select id from items order by l2(embedding, '[1,2,3]')"))
        .contains("ORDER BY `items`.`embedding` <-> '[1,2,3]'");
  }

  // As in PostgreSQL.

  @Test
  void aStringBesideANumberIsTakenAsOne() throws SqlParseException {
    assertThat(outcome("select id from items where id = '5'"))
        .startsWith("RecordType(BIGINT NOT NULL id)");
  }

  @Test
  void anAliasAloneInOrderByGoesBeforeAColumn() throws SqlParseException {
    assertThat(outcome("select price as id from items order by id")).contains("ORDER BY `id`");
  }

  @Test
  void aParameterBesideAColumnTakesItsType() throws SqlParseException {
    assertThat(outcome("select id from items where price = ?"))
        .contains("parameters RecordType(DOUBLE ?0)");
  }

  /// The row type, the parameters' types and the expanded text, or the error.
  private String outcome(String text) throws SqlParseException {
    return outcome(parse(text));
  }

  private String outcome(SqlNode statement) {
    SqlValidator validator = validator();
    try {
      SqlNode validated = validator.validate(statement);
      return validator.getValidatedNodeType(validated).getFullTypeString()
          + " parameters "
          + validator.getParameterRowType(validated).getFullTypeString()
          + " as "
          + validated.toString().replaceAll("\\s+", " ");
    } catch (RuntimeException refused) {
      return refused.getClass().getSimpleName() + ": " + refused.getMessage();
    }
  }

  private static SqlNode equalsNumber(int number) {
    return SqlStdOperatorTable.EQUALS.createCall(
        NOWHERE,
        new SqlIdentifier("id", NOWHERE),
        SqlLiteral.createExactNumeric(Integer.toString(number), NOWHERE));
  }

  private static SqlNode parse(String text) throws SqlParseException {
    SqlParser.Config config =
        SqlParser.config()
            .withUnquotedCasing(Casing.TO_LOWER)
            .withCaseSensitive(true)
            .withConformance(SqlConformanceEnum.LENIENT);
    SqlNode parsed = SqlParser.create(text, config).parseStmt();
    SqlNode shuttled = parsed.accept(new DistanceOperator());
    return shuttled == null ? parsed : shuttled;
  }

  /// Makes `l2(a, b)` the operator `a <-> b`.
  private static final class DistanceOperator extends SqlShuttle {
    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      SqlNode visited = super.visit(call);
      if (visited instanceof SqlCall inner && inner.getOperator().getName().equals("l2")) {
        return new SqlBasicCall(L2_DISTANCE, inner.getOperandList(), inner.getParserPosition());
      }
      return visited;
    }
  }

  private SqlValidator validator() {
    CalciteSchema schema = CalciteSchema.createRootSchema(false, false);
    schema.add(
        "items",
        new Table(
            List.of("id", "category", "price", "qty", "created", "embedding"),
            List.of(
                SqlTypeName.BIGINT,
                SqlTypeName.VARCHAR,
                SqlTypeName.DOUBLE,
                SqlTypeName.INTEGER,
                SqlTypeName.DATE,
                SqlTypeName.OTHER)));
    schema.add(
        "orders",
        new Table(
            List.of("id", "item", "qty"),
            List.of(SqlTypeName.BIGINT, SqlTypeName.BIGINT, SqlTypeName.INTEGER)));
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    CalciteCatalogReader catalog =
        new CalciteCatalogReader(
            schema, List.of(), types, new CalciteConnectionConfigImpl(properties));
    return SqlValidatorUtil.newValidator(
        SqlOperatorTables.chain(SqlStdOperatorTable.instance(), SqlOperatorTables.of(L2_DISTANCE)),
        catalog,
        types,
        SqlValidator.Config.DEFAULT
            .withDefaultNullCollation(NullCollation.HIGH)
            .withConformance(SqlConformanceEnum.LENIENT)
            .withTypeCoercionEnabled(true));
  }

  /// A table whose first column is its primary key.
  private static final class Table extends AbstractTable {
    private final List<String> names;
    private final List<SqlTypeName> columnTypes;

    Table(List<String> names, List<SqlTypeName> columnTypes) {
      this.names = names;
      this.columnTypes = columnTypes;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder row = factory.builder();
      for (int i = 0; i < names.size(); i++) {
        RelDataType type = factory.createSqlType(columnTypes.get(i));
        row.add(names.get(i), factory.createTypeWithNullability(type, i > 0));
      }
      return row.build();
    }

    @Override
    public Statistic getStatistic() {
      return Statistics.of(1_000d, List.of(ImmutableBitSet.of(0)));
    }
  }
}
