package io.alidade.sql.rule;

import static io.alidade.sql.rule.Algebra.CATEGORY;
import static io.alidade.sql.rule.Algebra.ID;
import static io.alidade.sql.rule.Algebra.ITEMS;
import static io.alidade.sql.rule.Algebra.ORDERS;
import static io.alidade.sql.rule.Algebra.PRICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.junit.jupiter.api.Test;

class FilterRulesTest {
  private final Algebra algebra = new Algebra();
  private final RelNode items = algebra.scan(ITEMS);
  private final RelNode orders = algebra.scan(ORDERS);

  private RexNode isCategory() {
    return algebra.equal(algebra.column(items, CATEGORY), algebra.parameter(ColumnType.TEXT));
  }

  private RelNode join(JoinRelType type) {
    return algebra.join(
        items,
        orders,
        type,
        algebra.equal(algebra.column(items, ID), algebra.rightColumn(items, orders, 0)));
  }

  private RexNode amountBelow() {
    return algebra.less(algebra.rightColumn(items, orders, 1), algebra.parameter(ColumnType.INT4));
  }

  private RexNode amountIsNull() {
    return algebra.call(SqlStdOperatorTable.IS_NULL, algebra.rightColumn(items, orders, 1));
  }

  @Test
  void filterIntoScan_fires() {
    assertThat(algebra.explain(algebra.filter(items, isCategory())))
        .isEqualTo("Seq Scan on items\n  Filter: (category = $1)");
  }

  @Test
  void filterIntoScan_takesAnyExpression() {
    RexNode size = algebra.function("abs", algebra.column(items, PRICE));
    RelNode query = algebra.filter(items, algebra.equal(size, algebra.parameter(ColumnType.INT4)));
    assertThat(algebra.explain(query)).isEqualTo("Seq Scan on items\n  Filter: (abs(price) = $1)");
  }

  @Test
  void filterIntoScan_doesNotFireAboveALimit() {
    RelNode limited = algebra.sort(items, null, algebra.parameter(ColumnType.INT8));
    assertThat(algebra.explain(algebra.filter(limited, isCategory())))
        .isEqualTo(
            """
            Subquery Scan
              Filter: (category = $2)
              ->  Limit
                    ->  Seq Scan on items\
            """);
  }

  @Test
  void mergeFilters_fires() {
    RexNode price = algebra.equal(algebra.column(items, PRICE), algebra.column(items, PRICE));
    assertThat(algebra.explain(algebra.filter(algebra.filter(items, isCategory()), price)))
        .isEqualTo("Seq Scan on items\n  Filter: ((category = $1) AND (price = price))");
  }

  @Test
  void filterThroughProject_fires() {
    RelNode projected =
        algebra.project(items, algebra.function("abs", algebra.column(items, PRICE)));
    RelNode query =
        algebra.filter(
            projected,
            algebra.equal(algebra.column(projected, 0), algebra.parameter(ColumnType.INT4)));
    assertThat(algebra.explain(query)).isEqualTo("Seq Scan on items\n  Filter: (abs(price) = $1)");
  }

  @Test
  void filterThroughProject_doesNotFireForWhatMayComeOutDifferently() {
    RelNode projected = algebra.project(items, algebra.function("random"));
    RelNode query =
        algebra.filter(
            projected,
            algebra.less(algebra.column(projected, 0), algebra.parameter(ColumnType.FLOAT8)));
    assertThat(algebra.explain(query))
        .isEqualTo("Subquery Scan\n  Filter: (random() < $1)\n  ->  Seq Scan on items");
  }

  @Test
  void filterIntoJoin_fires() {
    RelNode query = algebra.filter(join(JoinRelType.INNER), isCategory(), amountBelow());
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            Hash Join
              Hash Cond: (id = item)
              ->  Seq Scan on items
                    Filter: (category = $1)
              ->  Seq Scan on orders
                    Filter: (amount < $2)\
            """);
  }

  @Test
  void filterIntoJoin_makesKeysOfAnEquality() {
    RelNode cross = algebra.join(items, orders, JoinRelType.INNER, algebra.rex().makeLiteral(true));
    RelNode query =
        algebra.filter(
            cross, algebra.equal(algebra.column(items, ID), algebra.rightColumn(items, orders, 0)));
    assertThat(algebra.explain(query)).startsWith("Hash Join\n  Hash Cond: (id = item)");
  }

  @Test
  void filterIntoJoin_doesNotFireForTheSideThatIsFilledUp() {
    RelNode query = algebra.filter(join(JoinRelType.LEFT), amountIsNull());
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            Hash Left Join
              Hash Cond: (id = item)
              Filter: (amount IS NULL)
              ->  Seq Scan on items
              ->  Seq Scan on orders\
            """);
  }

  @Test
  void outerToInnerJoin_fires() {
    assertThat(algebra.explain(algebra.filter(join(JoinRelType.LEFT), amountBelow())))
        .startsWith("Hash Join\n");
  }

  @Test
  void outerToInnerJoin_doesNotFireForATestThatNullPasses() {
    assertThat(algebra.explain(algebra.filter(join(JoinRelType.LEFT), amountIsNull())))
        .startsWith("Hash Left Join\n");
  }

  @Test
  void joinCondition_fires() {
    RexNode equality =
        algebra.equal(algebra.column(items, ID), algebra.rightColumn(items, orders, 0));
    RelNode query =
        algebra.join(
            items,
            orders,
            JoinRelType.LEFT,
            algebra.call(SqlStdOperatorTable.AND, equality, amountBelow()));
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            Hash Left Join
              Hash Cond: (id = item)
              ->  Seq Scan on items
              ->  Seq Scan on orders
                    Filter: (amount < $1)\
            """);
  }

  @Test
  void joinCondition_doesNotFireForTheSideThatIsKept() {
    RexNode equality =
        algebra.equal(algebra.column(items, ID), algebra.rightColumn(items, orders, 0));
    RelNode query =
        algebra.join(
            items,
            orders,
            JoinRelType.LEFT,
            algebra.call(SqlStdOperatorTable.AND, equality, isCategory()));
    assertThat(algebra.explain(query)).contains("Join Filter: (category = $1)");
  }

  @Test
  void indexScan_fires() {
    RelNode query =
        algebra.filter(
            items,
            algebra.equal(algebra.column(items, ID), algebra.parameter(ColumnType.INT8)),
            isCategory());
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            Index Scan using items_pkey on items
              Index Cond: (id = $1)
              Filter: (category = $2)\
            """);
  }

  @Test
  void indexScan_firesForARange() {
    RelNode query =
        algebra.filter(
            items, algebra.less(algebra.column(items, PRICE), algebra.parameter(ColumnType.INT4)));
    assertThat(algebra.explain(query))
        .isEqualTo("Index Scan using items_price_idx on items\n  Index Cond: (price < $1)");
  }

  @Test
  void indexScan_doesNotFireForInequality() {
    RelNode query =
        algebra.filter(
            items,
            algebra.call(
                SqlStdOperatorTable.NOT_EQUALS,
                algebra.column(items, ID),
                algebra.parameter(ColumnType.INT8)));
    assertThat(algebra.explain(query)).startsWith("Seq Scan on items");
  }
}
