package io.alidade.sql.session;

import io.alidade.engine.search.SearchOptions;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One session's settings: its own values above the server's defaults.
///
/// Changes are part of the transaction they are made in: its owner takes a [#mark] where it begins
/// and goes back [#to] it when it is rolled back. Names with a dot that nobody knows are kept as
/// they are, as PostgreSQL keeps an extension's settings before it is loaded; their number is
/// bounded.
final class SessionSettings {

  /// How many settings of unknown extensions a session may make.
  static final int MAX_PLACEHOLDERS = 1000;

  private final ServerSettings server;
  private final Map<String, String> startValues = new TreeMap<>();
  private Mark current = new Mark(Map.of(), Map.of());
  private Effective effective;

  SessionSettings(ServerSettings server) {
    this.server = server;
    this.effective = Effective.read(this);
  }

  /// The values at a moment; immutable.
  ///
  /// @param session those that hold to the session's end
  /// @param local those that hold to the transaction's end
  record Mark(Map<String, String> session, Map<String, String> local) {
    Mark {
      session = Map.copyOf(session);
      local = Map.copyOf(local);
    }
  }

  Mark mark() {
    return current;
  }

  void to(Mark mark) {
    current = mark;
  }

  /// Ends the effect of `SET LOCAL`.
  void endTransaction() {
    if (!current.local.isEmpty()) {
      current = new Mark(current.session, Map.of());
    }
  }

  /// What every statement reads of the settings, read once after each change.
  Effective effective() {
    Effective known = effective;
    if (known.of != current) {
      known = Effective.read(this);
      effective = known;
    }
    return known;
  }

  /// Values as statements use them.
  ///
  /// @param of the settings that they were read from
  /// @param statementTimeoutMillis how long a statement may run; 0 for without end
  /// @param lockTimeout how long a statement may wait for a lock; zero for without end
  /// @param idleInTransaction how long a transaction may wait for its client; zero for without end
  /// @param workMemory the bytes that a statement's sorts, hashes and buffers may take
  /// @param maintenanceWorkers how many threads help to build an index
  /// @param search how hard nearest-neighbour searches try
  record Effective(
      Mark of,
      long statementTimeoutMillis,
      Duration lockTimeout,
      Duration idleInTransaction,
      long workMemory,
      int maintenanceWorkers,
      SearchOptions search) {

    private static final long BYTES_PER_KIB = 1024;

    private static Effective read(SessionSettings settings) {
      return new Effective(
          settings.current,
          SettingValues.millis(settings.get(ServerSettings.STATEMENT_TIMEOUT)),
          Duration.ofMillis(SettingValues.millis(settings.get(ServerSettings.LOCK_TIMEOUT))),
          Duration.ofMillis(SettingValues.millis(settings.get(ServerSettings.IDLE_IN_TRANSACTION))),
          SettingValues.kib(settings.get(ServerSettings.WORK_MEM)) * BYTES_PER_KIB,
          Integer.parseInt(settings.get(ServerSettings.MAINTENANCE_WORKERS)),
          search(settings));
    }

    private static SearchOptions search(SessionSettings settings) {
      return new SearchOptions(
          Integer.parseInt(settings.get(ServerSettings.EF_SEARCH)),
          settings.isOn(ServerSettings.EXACT)
              ? SearchOptions.Mode.EXACT
              : SearchOptions.Mode.APPROXIMATE,
          settings.isOn(ServerSettings.QUANTIZATION_IGNORE)
              ? SearchOptions.Codes.IGNORE
              : SearchOptions.Codes.USE,
          switch (settings.get(ServerSettings.QUANTIZATION_RESCORE)) {
            case "on" -> SearchOptions.Rescoring.ON;
            case "off" -> SearchOptions.Rescoring.OFF;
            default -> SearchOptions.Rescoring.AUTOMATIC;
          },
          Double.parseDouble(settings.get(ServerSettings.QUANTIZATION_OVERSAMPLING)));
    }
  }

  /// A value that the client asked for when it connected: what RESET goes back to.
  void start(String name, String value) {
    startValues.put(key(name), checked(name, value));
    effective = Effective.read(this);
  }

  /// @return the value as SHOW gives it
  String set(String name, String value) {
    String checked = checked(name, value);
    put(key(name), checked);
    return checked;
  }

  String setLocal(String name, String value) {
    String checked = checked(name, value);
    Map<String, String> local = new LinkedHashMap<>(current.local);
    local.put(key(name), checked);
    current = new Mark(current.session, local);
    return checked;
  }

  /// Back to what it was when the session began.
  void reset(String name) {
    server
        .find(name)
        .filter(definition -> isFixed(definition.access()))
        .ifPresent(definition -> definition.check(""));
    get(name); // Refuses a name that nobody knows.
    Map<String, String> session = new LinkedHashMap<>(current.session);
    session.remove(key(name));
    Map<String, String> local = new LinkedHashMap<>(current.local);
    local.remove(key(name));
    current = new Mark(session, local);
  }

  private static boolean isFixed(SettingDefinition.Access access) {
    return switch (access) {
      case SERVER, INTERNAL -> true;
      case USER, FIXED -> false;
    };
  }

  void resetAll() {
    current = new Mark(Map.of(), Map.of());
  }

  private void put(String key, String value) {
    Map<String, String> session = new LinkedHashMap<>(current.session);
    session.put(key, value);
    Map<String, String> local = new LinkedHashMap<>(current.local);
    local.remove(key);
    current = new Mark(session, local);
  }

  private String checked(String name, String value) {
    Optional<SettingDefinition> definition = server.find(name);
    if (definition.isPresent()) {
      return definition.get().check(value);
    }
    if (!name.contains(".")) {
      throw ServerSettings.unrecognized(name);
    }
    if (current.session.size() + current.local.size() >= MAX_PLACEHOLDERS) {
      throw new DatabaseException(
          SqlState.CONFIGURATION_LIMIT_EXCEEDED,
          "a session cannot hold more than " + MAX_PLACEHOLDERS + " settings of its own");
    }
    return value;
  }

  /// @throws DatabaseException 42704 when there is no such setting
  String get(String name) {
    return find(name).orElseThrow(() -> ServerSettings.unrecognized(name));
  }

  Optional<String> find(String name) {
    String key = key(name);
    String own = current.local.get(key);
    if (own == null) {
      own = current.session.get(key);
    }
    if (own == null) {
      own = startValues.get(key);
    }
    if (own != null) {
      return Optional.of(own);
    }
    return switch (key) {
      // A transaction that was not told otherwise is as the session's defaults say.
      case ServerSettings.ISOLATION -> find(ServerSettings.DEFAULT_ISOLATION);
      case ServerSettings.READ_ONLY -> find(ServerSettings.DEFAULT_READ_ONLY);
      default -> server.find(name).map(SettingDefinition::defaultValue);
    };
  }

  boolean isOn(String name) {
    return get(name).equals("on");
  }

  /// The name as SHOW heads its column.
  String displayName(String name) {
    return server.find(name).map(SettingDefinition::name).orElse(key(name));
  }

  ServerSettings server() {
    return server;
  }

  /// The values that clients are told of.
  Map<String, String> reported() {
    Map<String, String> reported = new LinkedHashMap<>();
    for (SettingDefinition definition : server.all()) {
      if (definition.reporting() == SettingDefinition.Reporting.REPORTED) {
        reported.put(definition.name(), get(definition.name()));
      }
    }
    return reported;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
