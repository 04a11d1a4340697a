package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.analyze.AnalysisContext;
import io.alidade.sql.analyze.AnalyzedChange;
import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.parse.Copy;
import io.alidade.sql.parse.CursorCommand;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand;
import io.alidade.sql.parse.ObjectDefinition;
import io.alidade.sql.parse.ParsedStatement;
import io.alidade.sql.parse.PreparedCommand;
import io.alidade.sql.parse.Query;
import io.alidade.sql.parse.SettingCommand;
import io.alidade.sql.parse.StatementKey;
import io.alidade.sql.parse.StatementSyntax;
import io.alidade.sql.parse.TableDefinition;
import io.alidade.sql.parse.TransactionCommand;
import io.alidade.sql.parse.Unsupported;
import io.alidade.sql.plan.Planner;
import io.alidade.sql.rule.Estimates;
import io.alidade.storage.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a statement's text into what can be bound and run, or finds that in the plan cache.
final class StatementCompiler {

  private final ClientSession session;
  private final PlanCache cache;

  StatementCompiler(ClientSession session, PlanCache cache) {
    this.session = session;
    this.cache = cache;
  }

  boolean stillHolds(Compilation compilation) {
    return switch (compilation.compiled()) {
      case Compiled.Rows _, Compiled.Change _ ->
          compilation.holdsIn(catalog(), session.context().pathSetting());
      case Compiled.Command _, Compiled.Nothing _ -> true;
    };
  }

  private Catalog catalog() {
    // A failed block sees nothing; its statements are refused when they run.
    session.transactions().requireNotFailed();
    return session.transactions().current().catalog();
  }

  /// @param declared the parameter types that the client declared
  Compilation compile(StatementText text, List<Optional<ColumnType>> declared) {
    if (session.transactions().status() == io.alidade.sql.Session.TransactionStatus.FAILED) {
      return compileInFailedBlock(text);
    }
    Catalog catalog = catalog();
    List<String> path = session.context().pathSetting();
    Optional<StatementKey> key = text.key();
    List<String> literals =
        key.map(k -> k.literals().stream().map(StatementKey.Literal::value).toList())
            .orElse(List.of());
    // A transaction's own definitions are nobody else's business.
    boolean shareable = key.isPresent() && catalog == session.engine().database().catalog();
    if (!shareable) {
      return new Compilation(compileAnew(text, declared), literals, catalog, path);
    }
    PlanCache.Key cacheKey =
        new PlanCache.Key(
            key.get().text(),
            declared,
            path,
            catalog.version(),
            session.engine().database().profileVersion());
    Optional<Compiled> cached = cache.find(cacheKey);
    if (cached.isPresent() && serves(cached.get(), literals)) {
      return new Compilation(cached.get(), literals, catalog, path);
    }
    Compiled compiled = compileAnew(text, declared);
    if (isShareable(compiled) && text.parsed().getFirst().keyIsComplete()) {
      cache.keep(cacheKey, compiled);
    }
    return new Compilation(compiled, literals, catalog, path);
  }

  /// Whether a plan made for the same key with other constants gives the same with these.
  private static boolean serves(Compiled compiled, List<String> literals) {
    return switch (compiled) {
      case Compiled.Rows rows -> rows.analyzed().slots().serves(literals);
      case Compiled.Change change -> change.analyzed().slots().serves(literals);
      case Compiled.Command _, Compiled.Nothing _ -> false;
    };
  }

  private static boolean isShareable(Compiled compiled) {
    return switch (compiled) {
      case Compiled.Rows _, Compiled.Change _ -> true;
      case Compiled.Command _, Compiled.Nothing _ -> false;
    };
  }

  /// Only what ends the block is looked at.
  private Compilation compileInFailedBlock(StatementText text) {
    if (text.parsed().isEmpty()) {
      return new Compilation(new Compiled.Nothing(), List.of(), Catalog.INITIAL, List.of());
    }
    StatementSyntax syntax = single(text).syntax();
    boolean ends =
        syntax instanceof TransactionCommand.Commit
            || syntax instanceof TransactionCommand.Rollback
            || syntax instanceof TransactionCommand.RollbackTo;
    if (!ends) {
      session.transactions().requireNotFailed();
    }
    return new Compilation(
        command(syntax, text.text(), List.of()), List.of(), Catalog.INITIAL, List.of());
  }

  private static ParsedStatement single(StatementText text) {
    List<ParsedStatement> parsed = text.parsed();
    if (parsed.size() > 1) {
      throw new DatabaseException(
          SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    return parsed.getFirst();
  }

  private Compiled compileAnew(StatementText text, List<Optional<ColumnType>> declared) {
    if (text.parsed().isEmpty()) {
      return new Compiled.Nothing();
    }
    ParsedStatement statement = single(text);
    try {
      return compile(statement.syntax(), statement.text(), declared);
    } catch (DatabaseException e) {
      // Analysis counts from the statement's first token, clients from the text's beginning.
      throw e.position() == DatabaseException.NO_POSITION
          ? e
          : e.at(e.position() + statement.offset());
    }
  }

  /// Compiles without the cache.
  Compiled compile(StatementSyntax syntax, String text, List<Optional<ColumnType>> declared) {
    AnalysisContext context = context(declared);
    return switch (syntax) {
      case Query query -> {
        AnalyzedQuery analyzed = Analyzer.analyzeQuery(query, context);
        yield new Compiled.Rows(
            analyzed, Planner.plan(analyzed.rel(), analyzed.slots(), estimates(analyzed.slots())));
      }
      case DataChange change -> {
        AnalyzedChange analyzed = Analyzer.analyzeChange(change, context);
        yield ChangePlan.compile(analyzed, estimates(analyzed.slots()));
      }
      case Explain explain -> {
        Compiled explained = compile(explain.statement(), text, declared);
        yield new Compiled.Command(
            explain,
            text,
            explained.parameterTypes(),
            ExplainCommand.columns(),
            Optional.of(explained));
      }
      case SettingCommand.Show show -> command(show, text, ShowCommand.columns(show, session));
      case PreparedCommand.Execute execute ->
          command(execute, text, session.preparedStatement(execute.name()).columns());
      case CursorCommand _ ->
          throw new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, "cursors are not supported");
      case Unsupported(var name) ->
          throw new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, name + " is not supported");
      case TableDefinition _,
          ObjectDefinition _,
          TransactionCommand _,
          SettingCommand _,
          PreparedCommand _,
          MaintenanceCommand _,
          Copy _ ->
          command(syntax, text, List.of());
    };
  }

  /// What is known when a plan is made: of constants, those of the text that it is made from.
  private Estimates estimates(Slots slots) {
    @Nullable Object[] values = slots.literals(session.context());
    return new Estimates(
        session.engine().database()::profile, slot -> Optional.ofNullable(values[slot]));
  }

  private static Compiled command(StatementSyntax syntax, String text, List<ResultColumn> columns) {
    return new Compiled.Command(syntax, text, List.of(), columns, Optional.empty());
  }

  private AnalysisContext context(List<Optional<ColumnType>> declared) {
    return new AnalysisContext(
        session.context().reader(session.transactions().current().catalog()),
        declared,
        session.context());
  }
}
