package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.constraint.ConstrainedWriter;
import io.alidade.sql.copy.CopyOptions;
import io.alidade.sql.copy.CopyTarget;
import io.alidade.sql.copy.CopyWriter;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.sql.parse.Copy;
import io.alidade.sql.parse.ParsedStatement;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.SqlParser;
import io.alidade.sql.parse.StatementSyntax;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// COPY in either direction, from and to the client.
final class CopyCommand {

  private final ClientSession session;
  private final StatementStarter starter;

  CopyCommand(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  Run start(Copy copy) {
    if (!(copy.endpoint() instanceof Copy.Endpoint.Client)) {
      throw StatementStarter.unsupported("COPY with a file or a program on the server");
    }
    if (copy.where() != null) {
      throw StatementStarter.unsupported("COPY FROM ... WHERE");
    }
    CopyOptions options = CopyOptions.of(copy.options());
    return switch (copy.direction()) {
      case FROM -> startFrom(copy, options);
      case TO -> startTo(copy, options);
    };
  }

  private Run startFrom(Copy copy, CopyOptions options) {
    session.transactions().requireWritable("COPY FROM");
    if (!(copy.subject() instanceof Copy.Subject.Table subject)) {
      throw new DatabaseException(SqlState.SYNTAX_ERROR, "COPY FROM takes a table");
    }
    StatementScope scope = starter.scope();
    TableDefinition table = table(subject.name(), scope);
    List<Integer> columns = columns(table, subject.columns());
    CopyTarget target =
        new CopyTarget(
            table.name(),
            columns.stream().map(column -> table.columns().get(column).name()).toList(),
            columns.stream().map(column -> table.columns().get(column).type()).toList(),
            session.context().timeZone());
    return new CopyInRun(
        new ConstrainedWriter(starter.constraints(scope.transaction())),
        table,
        columns,
        defaults(table, columns, scope),
        options,
        target);
  }

  private static TableDefinition table(QualifiedName name, StatementScope scope) {
    return scope
        .catalog()
        .relation(name.schema(), name.name())
        .map(relation ->
            switch (relation) {
              case Relation.Stored(var table) -> table;
              case Relation.System _ ->
                  throw new DatabaseException(
                      SqlState.WRONG_OBJECT_TYPE,
                      "cannot copy to system catalog \"" + name.name() + "\"");
            })
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist"));
  }

  private static List<Integer> columns(TableDefinition table, List<String> named) {
    List<Integer> columns = new ArrayList<>();
    if (named.isEmpty()) {
      for (int i = 0; i < table.columns().size(); i++) {
        columns.add(i);
      }
      return columns;
    }
    Set<String> seen = new HashSet<>();
    for (String name : named) {
      if (!seen.add(name)) {
        throw new DatabaseException(
            SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
      columns.add(
          table
              .column(name)
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.UNDEFINED_COLUMN,
                      "column \"%s\" of relation \"%s\" does not exist"
                          .formatted(name, table.name()))));
    }
    return columns;
  }

  /// What computes the columns that the data does not give, by column; empty for NULL.
  private List<Optional<RowFunction>> defaults(
      TableDefinition table, List<Integer> copied, StatementScope scope) {
    List<Optional<RowFunction>> defaults = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDefinition column = table.columns().get(i);
      defaults.add(
          copied.contains(i)
              ? Optional.empty()
              : column.defaultExpression().map(text -> defaultValue(text, column.type(), scope)));
    }
    return defaults;
  }

  private RowFunction defaultValue(String text, ColumnType type, StatementScope scope) {
    AnalyzedScalar scalar =
        Analyzer.analyzeScalar(
            SqlParser.parseExpression(text),
            Optional.empty(),
            Optional.of(type),
            scope.analysisContext());
    ExecutionContext execution =
        starter.executionIn(scope.transaction(), scalar.slots(), BoundValues.NONE);
    return PlanExecutor.compile(List.of(scalar.rex()), execution).getFirst();
  }

  private Run startTo(Copy copy, CopyOptions options) {
    StatementSyntax query =
        switch (copy.subject()) {
          case Copy.Subject.Table table -> selectFrom(table);
          case Copy.Subject.Result(var statement) -> statement;
        };
    Compiled compiled = session.compiler().compile(query, "", List.of());
    if (!compiled.parameterTypes().isEmpty()) {
      throw new DatabaseException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $1");
    }
    if (compiled.columns().isEmpty() && !(compiled instanceof Compiled.Rows)) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    }
    CopyTarget target =
        new CopyTarget(
            "query",
            compiled.columns().stream().map(column -> column.name()).toList(),
            compiled.columns().stream().map(column -> column.type()).toList(),
            session.context().timeZone());
    return new CopyOutRun(starter.start(compiled, BoundValues.NONE), options, target);
  }

  private static StatementSyntax selectFrom(Copy.Subject.Table table) {
    List<String> columns = table.columns().stream().map(CopyCommand::quoted).toList();
    String select =
        "SELECT %s FROM %s"
            .formatted(
                columns.isEmpty() ? "*" : String.join(", ", columns),
                String.join(".", table.name().parts().stream().map(CopyCommand::quoted).toList()));
    List<ParsedStatement> parsed = SqlParser.parseScript(select);
    return parsed.getFirst().syntax();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// `COPY ... TO STDOUT` that runs.
  private static final class CopyOutRun implements Run {
    private final Run rows;
    private final CopyWriter writer;
    private final CopyOptions options;
    private final int columns;
    private Stage stage = Stage.START;
    private long count;

    private enum Stage {
      START,
      HEADER,
      ROWS,
      TRAILER,
      END
    }

    private final ArrayDeque<@Nullable Object[]> pending = new ArrayDeque<>();

    CopyOutRun(Run rows, CopyOptions options, CopyTarget target) {
      this.rows = rows;
      this.options = options;
      this.columns = target.types().size();
      this.writer = new CopyWriter(options, target);
    }

    @Override
    public Portal.Step next(int maxRows) {
      return switch (stage) {
        case START -> {
          stage = Stage.HEADER;
          yield new Portal.Step.CopyOut(options.format(), columns);
        }
        case HEADER -> {
          stage = Stage.ROWS;
          byte[] header = writer.header();
          yield header.length == 0 ? next(maxRows) : new Portal.Step.CopyData(header);
        }
        case ROWS -> nextRow(maxRows);
        case TRAILER -> {
          stage = Stage.END;
          byte[] trailer = writer.trailer();
          yield trailer.length == 0 ? next(maxRows) : new Portal.Step.CopyData(trailer);
        }
        case END -> new Portal.Step.Complete("COPY " + count);
      };
    }

    private Portal.Step nextRow(int maxRows) {
      if (pending.isEmpty()) {
        if (rows.next(maxRows) instanceof Portal.Step.Rows(var batch)) {
          pending.addAll(batch);
        } else {
          stage = Stage.TRAILER;
          return next(maxRows);
        }
      }
      count++;
      return new Portal.Step.CopyData(writer.row(pending.remove()));
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
