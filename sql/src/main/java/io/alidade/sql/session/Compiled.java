package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.analyze.AnalyzedChange;
import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.AnalyzedStatement;
import io.alidade.sql.analyze.OutputColumn;
import io.alidade.sql.parse.StatementSyntax;
import io.alidade.sql.plan.PhysicalPlan;
import java.util.List;
import java.util.Optional;

/// A statement that is ready to be bound and run. Immutable: many sessions may share one.
sealed interface Compiled {

  /// The types of `$1`, `$2`...
  List<ColumnType> parameterTypes();

  /// The columns of its rows; empty when it gives none.
  List<ResultColumn> columns();

  /// A query.
  record Rows(AnalyzedQuery analyzed, PhysicalPlan plan) implements Compiled {
    @Override
    public List<ColumnType> parameterTypes() {
      return analyzed.slots().parameterTypes();
    }

    @Override
    public List<ResultColumn> columns() {
      return resultColumns(analyzed);
    }
  }

  /// An INSERT, UPDATE or DELETE.
  record Change(AnalyzedChange analyzed, ChangePlan plan) implements Compiled {
    @Override
    public List<ColumnType> parameterTypes() {
      return analyzed.slots().parameterTypes();
    }

    @Override
    public List<ResultColumn> columns() {
      return resultColumns(analyzed);
    }
  }

  /// Everything else, which is looked at when it runs.
  ///
  /// @param text the statement's text
  /// @param explained for EXPLAIN, what it explains
  record Command(
      StatementSyntax syntax,
      String text,
      List<ColumnType> parameterTypes,
      List<ResultColumn> columns,
      Optional<Compiled> explained)
      implements Compiled {
    public Command {
      parameterTypes = List.copyOf(parameterTypes);
      columns = List.copyOf(columns);
    }
  }

  /// A text without a statement.
  record Nothing() implements Compiled {
    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of();
    }
  }

  private static List<ResultColumn> resultColumns(AnalyzedStatement analyzed) {
    return analyzed.columns().stream().map(Compiled::resultColumn).toList();
  }

  private static ResultColumn resultColumn(OutputColumn column) {
    return new ResultColumn(
        column.name(), column.type(), column.tableOid(), column.attributeNumber());
  }
}
