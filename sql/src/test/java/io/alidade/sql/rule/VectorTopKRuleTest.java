package io.alidade.sql.rule;

import static io.alidade.sql.rule.Algebra.CATEGORY;
import static io.alidade.sql.rule.Algebra.EMBEDDING;
import static io.alidade.sql.rule.Algebra.ID;
import static io.alidade.sql.rule.Algebra.ITEMS;
import static io.alidade.sql.rule.Algebra.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.junit.jupiter.api.Test;

class VectorTopKRuleTest {
  private final Algebra algebra = new Algebra();
  private final RelNode items = algebra.scan(ITEMS);

  private RexNode vector() {
    return algebra.parameter(ColumnType.VECTOR);
  }

  private RexNode number() {
    return algebra.parameter(ColumnType.INT8);
  }

  private RexNode distance(String operator, RexNode query) {
    return algebra.function(operator, algebra.column(items, EMBEDDING), query);
  }

  /// `SELECT id, d FROM ...` with the distance as the second column.
  private RelNode withDistance(RelNode input, RexNode distance) {
    return algebra.project(input, algebra.column(items, ID), distance);
  }

  @Test
  void orderByDistanceWithLimitBecomesASearch() {
    RelNode query = algebra.sort(withDistance(items, distance("<=>", vector())), null, number(), 1);
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            kNN Scan on items  using items_embedding_idx
              Order By: (embedding <=> $1)
              Limit: $2\
            """);
  }

  @Test
  void withoutAnIndexForTheDistanceItIsASearchTheSame() {
    RelNode query = algebra.sort(withDistance(items, distance("<->", vector())), null, number(), 1);
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            kNN Scan on items
              Order By: (embedding <-> $1)
              Limit: $2\
            """);
  }

  @Test
  void filtersAndOffsetGoIntoTheSearch() {
    RexNode category = algebra.parameter(ColumnType.TEXT);
    RelNode filtered =
        algebra.filter(items, algebra.equal(algebra.column(items, CATEGORY), category));
    RexNode query = vector();
    RelNode sorted =
        algebra.sort(withDistance(filtered, distance("<=>", query)), number(), number(), 1);
    assertThat(algebra.explain(sorted))
        .isEqualTo(
            """
            kNN Scan on items  using items_embedding_idx
              Order By: (embedding <=> $2)
              Filter: (category = $1)
              Limit: $4
              Offset: $3\
            """);
  }

  @Test
  void aBoundOfTheDistanceIsTakenWithItsKind() {
    RexNode distance = distance("<=>", vector());
    RexNode most = algebra.parameter(ColumnType.FLOAT8);
    RelNode filtered = algebra.filter(items, algebra.less(distance, most));
    RelNode sorted = algebra.sort(withDistance(filtered, distance), null, number(), 1);
    assertThat(algebra.explain(sorted)).contains("Within: (embedding <=> $1) < $2");
    RelNode turned = algebra.filter(items, algebra.greater(most, distance));
    assertThat(algebra.explain(algebra.sort(withDistance(turned, distance), null, number(), 1)))
        .contains("Within: (embedding <=> $1) < $2");
  }

  @Test
  void theVectorMayComeFromASubQuery() {
    RelNode one =
        algebra.project(
            algebra.filter(items, algebra.equal(algebra.column(items, ID), number())),
            algebra.column(items, EMBEDDING));
    RelNode query =
        algebra.sort(
            withDistance(items, distance("<->", RexSubQuery.scalar(one))), null, number(), 1);
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            kNN Scan on items
              Order By: (embedding <-> (InitPlan 1))
              Limit: $2
              InitPlan 1
                ->  Index Scan using items_pkey on items
                      Index Cond: (id = $1)\
            """);
  }

  @Test
  void aSubSelectBelowAJoinIsASearch() {
    RelNode nearest =
        algebra.sort(withDistance(items, distance("<=>", vector())), null, number(), 1);
    RelNode orders = algebra.scan(ORDERS);
    RelNode join =
        algebra.join(
            nearest,
            orders,
            JoinRelType.INNER,
            algebra.equal(algebra.column(nearest, 0), algebra.rightColumn(nearest, orders, 0)));
    assertThat(algebra.explain(join))
        .isEqualTo(
            """
            Hash Join
              Hash Cond: (id = item)
              ->  kNN Scan on items  using items_embedding_idx
                    Order By: (embedding <=> $1)
                    Limit: $2
              ->  Seq Scan on orders\
            """);
  }

  @Test
  void doesNotFireForDescendingOrder() {
    RelNode query =
        algebra.sortDescending(withDistance(items, distance("<=>", vector())), number(), 1);
    assertThat(algebra.explain(query)).contains("Sort Key: (embedding <=> $1) DESC");
  }

  @Test
  void doesNotFireForNullsFirst() {
    RelNode query =
        algebra.sort(
            withDistance(items, distance("<=>", vector())),
            RelCollations.of(
                new RelFieldCollation(
                    1,
                    RelFieldCollation.Direction.ASCENDING,
                    RelFieldCollation.NullDirection.FIRST)),
            null,
            number());
    assertThat(algebra.explain(query)).contains("Sort Key: (embedding <=> $1) NULLS FIRST");
  }

  @Test
  void doesNotFireForTwoSortKeys() {
    RelNode query =
        algebra.sort(withDistance(items, distance("<=>", vector())), null, number(), 1, 0);
    assertThat(algebra.explain(query)).contains("Sort Key: (embedding <=> $1), id");
  }

  @Test
  void doesNotFireForTheDistanceOfTwoColumns() {
    RexNode column = algebra.column(items, EMBEDDING);
    RelNode query =
        algebra.sort(
            withDistance(items, algebra.function("<=>", column, column)), null, number(), 1);
    assertThat(algebra.explain(query)).contains("Sort\n").doesNotContain("kNN");
  }

  @Test
  void doesNotFireWithoutALimit() {
    RelNode query = algebra.sort(withDistance(items, distance("<=>", vector())), null, null, 1);
    assertThat(algebra.explain(query)).startsWith("Sort\n");
  }

  @Test
  void doesNotFireForAnotherOrder() {
    RelNode query = algebra.sort(items, null, number(), CATEGORY);
    assertThat(algebra.explain(query))
        .isEqualTo(
            """
            Limit
              ->  Sort
                    Sort Key: category
                    ->  Seq Scan on items\
            """);
  }
}
