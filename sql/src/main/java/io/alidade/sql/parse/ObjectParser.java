package io.alidade.sql.parse;

import io.alidade.sql.parse.TableDefinition.BuildMode;
import io.alidade.sql.parse.TableDefinition.DropBehavior;
import io.alidade.sql.parse.TableDefinition.IdentityOnTruncate;
import io.alidade.sql.parse.TableDefinition.Persistence;
import io.alidade.sql.parse.TableDefinition.Uniqueness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads CREATE, DROP, ALTER and TRUNCATE, up to what the kind of object decides.
final class ObjectParser {

  private final Grammar grammar;
  private final Tokens tokens;
  private final TableParser tables;
  private final IndexParser indexes;
  private final AlterTableParser alterations;

  ObjectParser(Grammar grammar, TableParser tables, IndexParser indexes) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
    this.tables = tables;
    this.indexes = indexes;
    this.alterations = new AlterTableParser(grammar, tables);
  }

  StatementSyntax create() {
    int position = tokens.position();
    tokens.expect("create");
    Persistence persistence = persistence();
    if (tokens.accept("table")) {
      return tables.createTable(persistence, position);
    }
    if (persistence == Persistence.PERMANENT) {
      if (tokens.acceptWords("unique", "index")) {
        return indexes.createIndex(Uniqueness.UNIQUE, position);
      }
      if (tokens.accept("index")) {
        return indexes.createIndex(Uniqueness.NOT_UNIQUE, position);
      }
      if (tokens.accept("extension")) {
        return createExtension(position);
      }
      if (tokens.accept("schema")) {
        return createSchema(position);
      }
    }
    if (persistence != Persistence.PERMANENT && !tokens.atAny("view", "sequence", "recursive")) {
      throw tokens.syntaxError();
    }
    return unsupported("CREATE");
  }

  private Persistence persistence() {
    if (tokens.at("global") || tokens.at("local")) {
      tokens.advance();
      if (!tokens.atAny("temp", "temporary")) {
        throw tokens.syntaxError();
      }
    }
    if (tokens.acceptAny("temp", "temporary") != null) {
      return Persistence.TEMPORARY;
    }
    return tokens.accept("unlogged") ? Persistence.UNLOGGED : Persistence.PERMANENT;
  }

  private StatementSyntax createExtension(int position) {
    boolean ifNotExists = grammar.options.ifNotExists();
    String name = grammar.names.column();
    tokens.accept("with");
    String schema = null;
    String version = null;
    while (!tokens.atEnd()) {
      if (tokens.accept("schema")) {
        schema = grammar.names.column();
      } else if (tokens.accept("version")) {
        version = grammar.options.value();
      } else {
        tokens.expect("cascade");
      }
    }
    return new ObjectDefinition.CreateExtension(name, ifNotExists, schema, version, position);
  }

  private StatementSyntax createSchema(int position) {
    boolean ifNotExists = grammar.options.ifNotExists();
    String name = tokens.at("authorization") ? null : grammar.names.column();
    String role = tokens.accept("authorization") ? grammar.names.notReserved() : null;
    if (name == null && role == null) {
      throw tokens.syntaxError();
    }
    if (tokens.atAny("create", "grant")) {
      throw tokens.unsupported("CREATE SCHEMA with elements", tokens.current());
    }
    String schema = name == null ? String.valueOf(role) : name;
    return new ObjectDefinition.CreateSchema(schema, ifNotExists, role, position);
  }

  StatementSyntax drop() {
    tokens.expect("drop");
    if (tokens.accept("table")) {
      boolean ifExists = grammar.options.ifExists();
      List<QualifiedName> names = grammar.names.qualifiedList();
      return new TableDefinition.DropTable(names, ifExists, grammar.options.dropBehavior());
    }
    if (tokens.accept("index")) {
      BuildMode build = tokens.accept("concurrently") ? BuildMode.CONCURRENT : BuildMode.BLOCKING;
      boolean ifExists = grammar.options.ifExists();
      List<QualifiedName> names = grammar.names.qualifiedList();
      DropBehavior behavior = grammar.options.dropBehavior();
      return new TableDefinition.DropIndex(names, ifExists, build, behavior);
    }
    if (tokens.accept("extension")) {
      boolean ifExists = grammar.options.ifExists();
      List<String> names = grammar.names.columnList();
      return new ObjectDefinition.DropExtension(names, ifExists, grammar.options.dropBehavior());
    }
    if (tokens.accept("schema")) {
      boolean ifExists = grammar.options.ifExists();
      List<String> names = grammar.names.columnList();
      return new ObjectDefinition.DropSchema(names, ifExists, grammar.options.dropBehavior());
    }
    return unsupported("DROP");
  }

  StatementSyntax alter() {
    int position = tokens.position();
    tokens.expect("alter");
    if (tokens.accept("table")) {
      return alterations.alterTable(position);
    }
    return tokens.accept("index") ? indexes.alterIndex(position) : unsupported("ALTER");
  }

  StatementSyntax truncate() {
    tokens.expect("truncate");
    tokens.accept("table");
    List<QualifiedName> names = new ArrayList<>();
    do {
      names.add(grammar.from.relation().name());
    } while (tokens.acceptSymbol(","));
    IdentityOnTruncate identity = IdentityOnTruncate.CONTINUE;
    if (tokens.acceptWords("restart", "identity")) {
      identity = IdentityOnTruncate.RESTART;
    } else {
      tokens.acceptWords("continue", "identity");
    }
    return new TableDefinition.Truncate(names, identity, grammar.options.dropBehavior());
  }

  /// A kind of object that is PostgreSQL's but not built, by the name its command tag has.
  private StatementSyntax unsupported(String verb) {
    if (tokens.accept("or")) {
      tokens.expect("replace");
    }
    if (tokens.acceptWords("default", "privileges")) {
      tokens.skipToEnd();
      return new Unsupported(verb + " DEFAULT PRIVILEGES");
    }
    tokens.acceptAny("trusted", "procedural", "recursive", "constraint", "default");
    String kind = objectKind();
    if (kind == null) {
      throw tokens.syntaxError();
    }
    tokens.skipToEnd();
    return new Unsupported(verb + " " + kind);
  }

  private @Nullable String objectKind() {
    String word =
        tokens.acceptAny(
            "access",
            "aggregate",
            "cast",
            "collation",
            "conversion",
            "database",
            "domain",
            "event",
            "extension",
            "foreign",
            "function",
            "group",
            "index",
            "language",
            "large",
            "materialized",
            "operator",
            "owned",
            "policy",
            "procedure",
            "publication",
            "role",
            "routine",
            "rule",
            "schema",
            "sequence",
            "server",
            "statistics",
            "subscription",
            "system",
            "table",
            "tablespace",
            "text",
            "transform",
            "trigger",
            "type",
            "user",
            "view");
    return switch (word) {
      case null -> null;
      case "access" -> following("ACCESS METHOD", "method");
      case "event" -> following("EVENT TRIGGER", "trigger");
      case "large" -> following("LARGE OBJECT", "object");
      case "materialized" -> following("MATERIALIZED VIEW", "view");
      case "text" -> following("TEXT SEARCH", "search");
      case "foreign" -> tokens.accept("table") ? "FOREIGN TABLE" : foreignDataWrapper();
      case "operator" ->
          tokens.accept("class")
              ? "OPERATOR CLASS"
              : tokens.accept("family") ? "OPERATOR FAMILY" : "OPERATOR";
      case "group" -> "ROLE";
      case "user" -> tokens.accept("mapping") ? "USER MAPPING" : "ROLE";
      default -> word.toUpperCase(Locale.ROOT);
    };
  }

  private String foreignDataWrapper() {
    tokens.expect("data", "wrapper");
    return "FOREIGN DATA WRAPPER";
  }

  private String following(String kind, String word) {
    tokens.expect(word);
    return kind;
  }
}
