package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.constraint.ConditionText;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.SqlParser;
import io.alidade.sql.parse.TableDefinition.ConstraintAttributes;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Inheritance;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/// Makes the definitions of CHECK constraints and of what is written after constraints.
final class ConstraintDefinitions {

  private final StatementScope scope;
  private final ConstraintNames names;

  ConstraintDefinitions(StatementScope scope, ConstraintNames names) {
    this.scope = scope;
    this.names = names;
  }

  /// @param table with all its columns
  /// @param text of the condition as written
  ConstraintDefinition.Check check(
      TableDefinition table,
      @Nullable String name,
      Expression condition,
      String text,
      Inheritance inheritance,
      Validity validity) {
    AnalyzedScalar analyzed = Analyzer.analyzeCheck(condition, table, scope.analysisContext());
    List<Integer> columns = columns(analyzed.rex());
    List<String> named =
        columns.size() == 1 ? List.of(table.columns().get(columns.getFirst()).name()) : List.of();
    // Positions in what is shown and stored are those of the text by itself.
    AnalyzedScalar alone =
        Analyzer.analyzeCheck(SqlParser.parseExpression(text), table, scope.analysisContext());
    return new ConstraintDefinition.Check(
        scope.transaction().allocateOid(),
        names.choose(name, named, "check"),
        text,
        ConditionText.of(table, alone, text, ConditionText.Style.FULL),
        ConditionText.of(table, alone, text, ConditionText.Style.PRETTY),
        columns,
        validity,
        inheritance);
  }

  /// The columns that a condition names, each once, in the order in which it does.
  private static List<Integer> columns(RexNode condition) {
    List<Integer> columns = new ArrayList<>();
    condition.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitInputRef(RexInputRef reference) {
            if (!columns.contains(reference.getIndex())) {
              columns.add(reference.getIndex());
            }
            return null;
          }
        });
    return columns;
  }

  static Deferral deferral(ConstraintAttributes attributes) {
    return switch (attributes.deferrability()) {
      case NOT_DEFERRABLE -> Deferral.NOT_DEFERRABLE;
      case INITIALLY_IMMEDIATE -> Deferral.INITIALLY_IMMEDIATE;
      case INITIALLY_DEFERRED -> Deferral.INITIALLY_DEFERRED;
    };
  }

  static Inheritance inheritance(ConstraintAttributes attributes) {
    return attributes.noInherit() ? Inheritance.NO_INHERIT : Inheritance.INHERITED;
  }

  static DatabaseException noColumn(String name) {
    return new DatabaseException(
        SqlState.UNDEFINED_COLUMN,
        "column \"" + name + "\" referenced in foreign key constraint does not exist");
  }
}
