package io.alidade.sql.parse;

import io.alidade.sql.parse.TableChange.TriggerScope;
import io.alidade.sql.parse.TableChange.TriggerState;
import io.alidade.sql.parse.TableDefinition.DropBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads ALTER TABLE from the name on.
final class AlterTableParser {

  private final Grammar grammar;
  private final Tokens tokens;
  private final TableParser tables;

  AlterTableParser(Grammar grammar, TableParser tables) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
    this.tables = tables;
  }

  StatementSyntax alterTable(int position) {
    if (tokens.atWords("all", "in")) {
      tokens.skipToEnd();
      return new Unsupported("ALTER TABLE ALL IN TABLESPACE");
    }
    boolean ifExists = grammar.options.ifExists();
    QualifiedName name = grammar.from.relation().name();
    List<TableChange> changes = new ArrayList<>();
    if (tokens.at("rename")) {
      changes.add(rename());
    } else if (tokens.acceptWords("set", "schema")) {
      changes.add(new TableChange.SetSchema(grammar.names.column()));
    } else {
      do {
        changes.add(change());
      } while (tokens.acceptSymbol(","));
    }
    return new TableDefinition.AlterTable(name, ifExists, changes, position);
  }

  private TableChange rename() {
    tokens.expect("rename");
    if (tokens.accept("to")) {
      return new TableChange.RenameTable(grammar.names.column());
    }
    if (tokens.accept("constraint")) {
      String constraint = grammar.names.column();
      tokens.expect("to");
      return new TableChange.RenameConstraint(constraint, grammar.names.column());
    }
    tokens.accept("column");
    String column = grammar.names.column();
    tokens.expect("to");
    return new TableChange.RenameColumn(column, grammar.names.column());
  }

  private TableChange change() {
    Token verb = tokens.current();
    if (verb.keyword() == null) {
      throw tokens.syntaxError();
    }
    return switch (verb.text()) {
      case "add" -> add();
      case "drop" -> drop();
      case "alter" -> alter();
      case "set" -> set();
      case "reset" -> {
        tokens.advance();
        yield new TableChange.ResetOptions(grammar.options.storage());
      }
      case "validate" -> {
        tokens.expect("validate", "constraint");
        yield new TableChange.ValidateConstraint(grammar.names.column());
      }
      case "owner" -> {
        tokens.expect("owner", "to");
        yield new TableChange.SetOwner(role());
      }
      case "cluster" -> {
        tokens.expect("cluster", "on");
        yield new TableChange.ClusterOn(grammar.names.column());
      }
      case "enable" -> enable();
      case "disable" -> disable();
      case "replica" -> replicaIdentity();
      case "inherit", "of", "force", "options", "attach", "detach" -> notSupported(verb.text());
      case "no", "not" -> notSupported(verb.text() + " " + tokens.peek(1).text());
      default -> throw tokens.syntaxError();
    };
  }

  private String role() {
    String current = tokens.acceptAny("current_role", "current_user", "session_user");
    return current == null ? grammar.names.notReserved() : current;
  }

  private TableChange add() {
    tokens.expect("add");
    if (tables.atTableConstraint()) {
      return new TableChange.AddConstraint(tables.tableConstraint());
    }
    tokens.accept("column");
    boolean ifNotExists = grammar.options.ifNotExists();
    return new TableChange.AddColumn(tables.column(), ifNotExists);
  }

  private TableChange drop() {
    tokens.expect("drop");
    if (tokens.accept("constraint")) {
      boolean ifExists = grammar.options.ifExists();
      String name = grammar.names.column();
      return new TableChange.DropConstraint(name, ifExists, grammar.options.dropBehavior());
    }
    tokens.accept("column");
    boolean ifExists = grammar.options.ifExists();
    String column = grammar.names.column();
    DropBehavior behavior = grammar.options.dropBehavior();
    return new TableChange.DropColumn(column, ifExists, behavior);
  }

  private TableChange alter() {
    tokens.expect("alter");
    if (tokens.at("constraint")) {
      return notSupported("ALTER CONSTRAINT");
    }
    tokens.accept("column");
    String column = grammar.names.column();
    if (tokens.acceptWords("set", "not", "null")) {
      return new TableChange.SetNotNull(column);
    }
    if (tokens.acceptWords("drop", "not", "null")) {
      return new TableChange.DropNotNull(column);
    }
    if (tokens.acceptWords("drop", "default")) {
      return new TableChange.DropDefault(column);
    }
    if (tokens.acceptWords("set", "default")) {
      int start = tokens.index();
      Expression value = grammar.expressions.expression();
      return new TableChange.SetDefault(column, value, tokens.sourceSince(start));
    }
    if (tokens.acceptWords("set", "data")) {
      tokens.expect("type");
      return type(column);
    }
    return tokens.accept("type") ? type(column) : columnStorage(column);
  }

  private TableChange type(String column) {
    int position = tokens.position();
    TypeName type = grammar.types.type();
    QualifiedName collation = tokens.accept("collate") ? grammar.names.qualified() : null;
    Expression using = tokens.accept("using") ? grammar.expressions.expression() : null;
    return new TableChange.SetType(column, type, collation, using, position);
  }

  private TableChange columnStorage(String column) {
    if (tokens.atWords("drop", "expression")
        || tokens.atWords("drop", "identity")
        || tokens.atWords("set", "generated")
        || tokens.atAny("add", "restart")) {
      String verb = tokens.advance().text();
      return notSupported("ALTER COLUMN ... " + verb + " " + tokens.current().text());
    }
    if (tokens.accept("reset")) {
      grammar.options.storage();
      return new TableChange.SetColumnStorage(column);
    }
    tokens.expect("set");
    if (tokens.atSymbol("(")) {
      grammar.options.storage();
    } else if (tokens.accept("statistics")) {
      grammar.options.value();
    } else {
      if (tokens.acceptAny("storage", "compression") == null) {
        throw tokens.syntaxError();
      }
      if (!tokens.accept("default")) {
        grammar.names.column();
      }
    }
    return new TableChange.SetColumnStorage(column);
  }

  private TableChange set() {
    tokens.expect("set");
    if (tokens.atSymbol("(")) {
      return new TableChange.SetOptions(grammar.options.storage());
    }
    if (tokens.accept("tablespace")) {
      grammar.names.column();
      return new TableChange.Nothing();
    }
    if (tokens.acceptWords("access", "method")) {
      grammar.names.column();
      return new TableChange.Nothing();
    }
    if (tokens.accept("logged")
        || tokens.acceptWords("without", "cluster")
        || tokens.acceptWords("without", "oids")) {
      return new TableChange.Nothing();
    }
    if (tokens.at("unlogged")) {
      return notSupported("SET UNLOGGED");
    }
    throw tokens.syntaxError();
  }

  private TableChange enable() {
    tokens.expect("enable");
    if (tokens.accept("trigger")) {
      return triggers(TriggerState.ENABLED);
    }
    return notSupported("ENABLE " + tokens.current().text());
  }

  private TableChange disable() {
    tokens.expect("disable");
    if (tokens.accept("trigger")) {
      return triggers(TriggerState.DISABLED);
    }
    // No table has policies or rules.
    if (tokens.acceptWords("row", "level", "security")) {
      return new TableChange.Nothing();
    }
    return notSupported("DISABLE " + tokens.current().text());
  }

  private TableChange triggers(TriggerState state) {
    if (tokens.accept("all")) {
      return new TableChange.SwitchTriggers(null, TriggerScope.ALL, state);
    }
    if (tokens.accept("user")) {
      return new TableChange.SwitchTriggers(null, TriggerScope.USER, state);
    }
    return new TableChange.SwitchTriggers(grammar.names.column(), TriggerScope.NAMED, state);
  }

  /// What logical replication sends of an old row: there is none.
  private TableChange replicaIdentity() {
    tokens.expect("replica", "identity");
    if (tokens.acceptAny("nothing", "full", "default") == null) {
      tokens.expect("using", "index");
      grammar.names.column();
    }
    return new TableChange.Nothing();
  }

  private TableChange notSupported(String name) {
    tokens.skipToEnd();
    return new TableChange.NotSupported("ALTER TABLE ... " + name.toUpperCase(Locale.ROOT));
  }
}
