package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand.Reindex;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// REINDEX: makes indexes anew from the rows. Readers and writers go on, with CONCURRENTLY or
/// without; what a rolled back transaction has made anew stays, for it answers the same.
final class ReindexCommand {

  private final ClientSession session;
  private final StatementStarter starter;

  ReindexCommand(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  private record Options(boolean concurrently, boolean verbose) {}

  /// @return the command tag
  String run(Reindex reindex) {
    Options options = options(reindex.options());
    requireOutsideBlock(reindex, options);
    List<IndexDefinition> indexes = indexes(reindex, options);
    session
        .engine()
        .database()
        .reindex(indexes.stream().map(IndexDefinition::oid).toList(), session.interruption());
    if (options.verbose()) {
      indexes.forEach(index ->
          tell(SessionListener.Severity.INFO, "index \"" + index.name() + "\" was reindexed"));
    }
    return "REINDEX";
  }

  private static Options options(List<Explain.Option> given) {
    boolean concurrently = false;
    boolean verbose = false;
    for (Explain.Option option : given) {
      switch (option.name()) {
        case "concurrently" -> concurrently = MaintenanceOptions.isOn(option);
        case "verbose" -> verbose = MaintenanceOptions.isOn(option);
        case "tablespace" -> throw StatementStarter.unsupported("REINDEX (TABLESPACE)");
        default -> throw MaintenanceOptions.unrecognized("REINDEX", option);
      }
    }
    return new Options(concurrently, verbose);
  }

  private void requireOutsideBlock(Reindex reindex, Options options) {
    boolean many =
        switch (reindex.target()) {
          case INDEX, TABLE -> false;
          case SCHEMA, DATABASE, SYSTEM -> true;
        };
    if ((many || options.concurrently())
        && (session.transactions().inBlock() || session.transactions().hasWritten())) {
      String what = many ? reindex.target().name() : "CONCURRENTLY";
      throw new DatabaseException(
          SqlState.ACTIVE_SQL_TRANSACTION,
          "REINDEX " + what + " cannot run inside a transaction block");
    }
  }

  private List<IndexDefinition> indexes(Reindex reindex, Options options) {
    StatementScope scope = starter.scope();
    Catalog catalog = scope.transaction().catalog();
    return switch (reindex.target()) {
      case INDEX -> List.of(index(scope, reindex.name()));
      case TABLE -> ofTable(scope, reindex.name(), options);
      case SCHEMA -> {
        if (!scope.catalog().hasSchema(reindex.name().name())) {
          throw new DatabaseException(
              SqlState.INVALID_SCHEMA_NAME,
              "schema \"" + reindex.name().name() + "\" does not exist");
        }
        yield all(catalog, Optional.of(reindex.name().name()));
      }
      case DATABASE -> {
        requireThisDatabase(scope, reindex.name());
        yield all(catalog, Optional.empty());
      }
      case SYSTEM -> { // System relations have no indexes of their own.
        requireThisDatabase(scope, reindex.name());
        if (options.concurrently()) {
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, "cannot reindex system catalogs concurrently");
        }
        yield List.of();
      }
    };
  }

  private static void requireThisDatabase(StatementScope scope, QualifiedName name) {
    if (!name.name().equals(scope.context().currentDatabase())) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "can only reindex the currently open database");
    }
  }

  private static List<IndexDefinition> all(Catalog catalog, Optional<String> schema) {
    List<IndexDefinition> indexes = new ArrayList<>();
    for (TableDefinition table : catalog.tables()) {
      if (schema.isEmpty() || table.schema().equals(schema.get())) {
        indexes.addAll(table.indexes());
      }
    }
    return indexes;
  }

  private static DatabaseException missing(QualifiedName name) {
    return new DatabaseException(
        SqlState.UNDEFINED_TABLE, "relation \"" + name.name() + "\" does not exist");
  }

  private static IndexDefinition index(StatementScope scope, QualifiedName name) {
    List<String> schemas =
        name.schema() == null ? scope.catalog().searchPath() : List.of(name.schema());
    for (String schema : schemas) {
      Optional<IndexDefinition> found =
          all(scope.transaction().catalog(), Optional.of(schema)).stream()
              .filter(index -> index.name().equals(name.name()))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    if (scope.catalog().relation(name.schema(), name.name()).isPresent()) {
      throw new DatabaseException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not an index");
    }
    throw missing(name);
  }

  private List<IndexDefinition> ofTable(StatementScope scope, QualifiedName name, Options options) {
    Optional<Relation> relation = scope.catalog().relation(name.schema(), name.name());
    if (relation.isEmpty()) {
      boolean isIndex =
          all(scope.transaction().catalog(), Optional.empty()).stream()
              .anyMatch(index -> index.name().equals(name.name()));
      throw isIndex
          ? new DatabaseException(
              SqlState.WRONG_OBJECT_TYPE,
              "\"" + name.name() + "\" is not a table or materialized view")
          : missing(name);
    }
    if (relation.get() instanceof Relation.Stored(var table) && !table.indexes().isEmpty()) {
      return table.indexes();
    }
    tell(
        SessionListener.Severity.NOTICE,
        options.concurrently()
            ? "table \"" + name.name() + "\" has no indexes that can be reindexed concurrently"
            : "table \"" + name.name() + "\" has no indexes to reindex");
    return List.of();
  }

  private void tell(SessionListener.Severity severity, String message) {
    session
        .listener()
        .notice(severity, new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, message));
  }
}
