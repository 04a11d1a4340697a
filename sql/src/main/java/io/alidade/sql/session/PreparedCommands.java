package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.PreparedCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// PREPARE, EXECUTE and DEALLOCATE: prepared statements without the extended protocol.
final class PreparedCommands {

  private final ClientSession session;
  private final StatementStarter starter;

  PreparedCommands(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  /// @param text the whole statement's
  /// @return the command tag
  String run(PreparedCommand command, String text) {
    return switch (command) {
      case PreparedCommand.Prepare prepare -> {
        StatementScope scope = starter.scope();
        List<Optional<ColumnType>> types = // PostgreSQL, too, takes parameters of any length.
            prepare.types().stream()
                .map(type -> Optional.of(scope.columnType(type).withoutModifier()))
                .toList();
        session.prepare(
            prepare.name(), StatementText.of(text.substring(prepare.statementOffset())), types);
        yield "PREPARE";
      }
      case PreparedCommand.Deallocate deallocate -> deallocate(deallocate);
      case PreparedCommand.Execute _ -> throw new IllegalStateException("EXECUTE gives a run");
    };
  }

  private String deallocate(PreparedCommand.Deallocate deallocate) {
    String name = deallocate.name();
    if (name == null) {
      session.deallocateAll();
      return "DEALLOCATE ALL";
    }
    session.preparedStatement(name);
    session.closeStatement(name);
    return "DEALLOCATE";
  }

  Run execute(PreparedCommand.Execute execute) {
    Prepared prepared = session.current(execute.name());
    List<ColumnType> types = prepared.parameterTypes();
    if (types.size() != execute.arguments().size()) {
      throw new DatabaseException(
              SqlState.SYNTAX_ERROR,
              "wrong number of parameters for prepared statement \"" + execute.name() + "\"")
          .withDetail(
              "Expected %d parameters but got %d."
                  .formatted(types.size(), execute.arguments().size()));
    }
    StatementScope scope = starter.scope();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(evaluate(execute.arguments().get(i), types.get(i), scope));
    }
    return starter.start(
        prepared.compilation().compiled(),
        new BoundValues(values, prepared.compilation().literals()));
  }

  private @Nullable Object evaluate(Expression argument, ColumnType type, StatementScope scope) {
    AnalyzedScalar scalar =
        Analyzer.analyzeScalar(
            argument, Optional.empty(), Optional.of(type), scope.analysisContext());
    ExecutionContext execution =
        starter.executionIn(scope.transaction(), scalar.slots(), BoundValues.NONE);
    return PlanExecutor.evaluate(scalar.rex(), execution);
  }
}
