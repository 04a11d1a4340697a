package io.alidade.sql.constraint;

import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.parse.SqlParser;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The analysed CHECK constraints of tables, once for each definition; the least recently used go
/// when it is full. Thread-safe.
public final class ConditionCache {

  /// How many tables' it keeps.
  static final int MAX_TABLES = 1000;

  private final Map<Integer, Conditions> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Conditions> eldest) {
          return size() > MAX_TABLES;
        }
      };

  /// A CHECK, analysed.
  record Condition(ConstraintDefinition.Check check, AnalyzedScalar analyzed) {}

  private record Conditions(TableDefinition of, List<Condition> all) {}

  /// The CHECK constraints of a table in the order of their names, in which PostgreSQL checks them.
  List<Condition> of(TableDefinition table, ConstraintScope scope) {
    synchronized (this) {
      Conditions known = tables.get(table.oid());
      if (known != null && known.of.equals(table)) {
        return known.all;
      }
    }
    List<Condition> all =
        table.constraints().stream()
            .filter(ConstraintDefinition.Check.class::isInstance)
            .map(ConstraintDefinition.Check.class::cast)
            .sorted(Comparator.comparing(ConstraintDefinition.Check::name))
            .map(check ->
                new Condition(
                    check,
                    Analyzer.analyzeCheck(
                        SqlParser.parseExpression(check.condition()), table, scope.analysis())))
            .toList();
    synchronized (this) {
      tables.put(table.oid(), new Conditions(table, all));
    }
    return all;
  }
}
