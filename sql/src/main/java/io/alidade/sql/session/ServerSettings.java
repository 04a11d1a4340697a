package io.alidade.sql.session;

import static io.alidade.sql.session.SettingDefinition.Access.FIXED;
import static io.alidade.sql.session.SettingDefinition.Access.INTERNAL;
import static io.alidade.sql.session.SettingDefinition.Access.SERVER;
import static io.alidade.sql.session.SettingDefinition.Access.USER;
import static io.alidade.sql.session.SettingDefinition.Reporting.REPORTED;
import static io.alidade.sql.session.SettingDefinition.Reporting.SILENT;

import io.alidade.engine.search.SearchOptions;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.session.SettingDefinition.Access;
import io.alidade.sql.session.SettingDefinition.Reporting;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.MemoryLimits;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.merge.UpkeepOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// All settings that the server knows, with the defaults that its configuration gives them.
///
/// Names and meanings are PostgreSQL's and pgvector's; our own begin with `alidade.`. Immutable.
final class ServerSettings {

  /// PostgreSQL's version whose behaviour we show.
  static final String SERVER_VERSION = "15.0";

  static final String ANALYZE_SCALE = "autovacuum_analyze_scale_factor";
  static final String ANALYZE_THRESHOLD = "autovacuum_analyze_threshold";
  static final String APPLICATION_NAME = "application_name";
  static final String AUTOVACUUM = "autovacuum";
  static final String DEFAULT_ISOLATION = "default_transaction_isolation";
  static final String DEFAULT_READ_ONLY = "default_transaction_read_only";
  static final String EF_SEARCH = "hnsw.ef_search";
  static final String EXACT = "alidade.exact";
  static final String IDLE_IN_TRANSACTION = "idle_in_transaction_session_timeout";
  static final String ISOLATION = "transaction_isolation";
  static final String LOCK_TIMEOUT = "lock_timeout";
  static final String MEMORY_LIMIT = "alidade.memory_limit";
  static final String MAINTENANCE_SHARE = "alidade.maintenance_cpu_share";
  static final String MAINTENANCE_WORKERS = "max_parallel_maintenance_workers";
  static final String OLD_SNAPSHOTS = "alidade.old_snapshot_limit";
  static final String PINNED_MEMORY = "alidade.pinned_memory_limit";
  static final String QUANTIZATION_IGNORE = "alidade.quantization_ignore";
  static final String QUANTIZATION_OVERSAMPLING = "alidade.quantization_oversampling";
  static final String QUANTIZATION_RESCORE = "alidade.quantization_rescore";
  static final String READ_ONLY = "transaction_read_only";
  static final String SEARCH_PATH = "search_path";
  static final String STATEMENT_TIMEOUT = "statement_timeout";
  static final String SYNCHRONOUS_COMMIT = "synchronous_commit";
  static final String TIME_ZONE = "timezone";
  static final String VACUUM_SCALE = "autovacuum_vacuum_scale_factor";
  static final String VACUUM_THRESHOLD = "autovacuum_vacuum_threshold";
  static final String WORK_MEM = "work_mem";

  private static final String[] ISOLATION_LEVELS = {
    "serializable", "repeatable read", "read committed", "read uncommitted"
  };
  private static final int MAX_EF_SEARCH = 10_000;
  private static final int MIN_WORK_MEM_KIB = 64;
  private static final int MAX_MAINTENANCE_WORKERS = 1024;
  private static final long BYTES_PER_KIB = 1024;
  private static final int MAX_SCALE = 100;
  private static final double MIN_SHARE = 0.01;

  private final Map<String, SettingDefinition> definitions;

  private ServerSettings(Map<String, SettingDefinition> definitions) {
    this.definitions = definitions;
  }

  /// The settings with other defaults than the built-in ones.
  ///
  /// @param configured values by name, as the configuration file gives them
  /// @param options the defaults of what a database is opened with
  /// @throws DatabaseException 42704, 22023 when a name or value is not valid
  static ServerSettings configured(Map<String, String> configured, DatabaseOptions options) {
    Map<String, SettingDefinition> definitions = new TreeMap<>();
    Definitions all = definition -> definitions.put(definition.key(), definition);
    defineClient(all);
    defineTransactions(all);
    defineResources(all);
    defineDatabase(all, options);
    defineSearch(all);
    defineFacts(all);
    ServerSettings settings = new ServerSettings(definitions);
    configured.forEach(settings::configure);
    return settings;
  }

  private void configure(String name, String value) {
    SettingDefinition old = find(name).orElseThrow(() -> unrecognized(name));
    definitions.put(old.key(), old.withDefault(old.checkConfigured(value)));
  }

  /// The same settings, with what an open database does in the place of what was configured for it.
  ServerSettings of(DatabaseOptions options) {
    Map<String, SettingDefinition> known = new TreeMap<>(definitions);
    known.computeIfPresent(
        PINNED_MEMORY,
        (_, setting) -> setting.withDefault(SettingValues.sizeOf(options.maxPinnedBytes())));
    known.computeIfPresent(
        MEMORY_LIMIT,
        (_, setting) -> setting.withDefault(SettingValues.sizeOf(options.memory().bytes())));
    return new ServerSettings(known);
  }

  /// Some options with what these settings say of a database.
  DatabaseOptions applyTo(DatabaseOptions options) {
    return options
        .withMaxPinnedBytes(SettingValues.kib(defaultOf(PINNED_MEMORY)) * BYTES_PER_KIB)
        .withMemory(
            new MemoryLimits(
                SettingValues.kib(defaultOf(MEMORY_LIMIT)) * BYTES_PER_KIB,
                options.memory().heapBytes()))
        .withIndexBuildThreads(1 + Integer.parseInt(defaultOf(MAINTENANCE_WORKERS)))
        .withUpkeep(upkeep(options.upkeep()));
  }

  private UpkeepOptions upkeep(UpkeepOptions before) {
    MergePolicy policy =
        new MergePolicy(
            Long.parseLong(defaultOf(VACUUM_THRESHOLD)),
            Double.parseDouble(defaultOf(VACUUM_SCALE)),
            before.policy().mostBytes(),
            before.policy().segments());
    return new UpkeepOptions(
        defaultOf(AUTOVACUUM).equals("on")
            ? UpkeepOptions.Automation.ON
            : UpkeepOptions.Automation.OFF,
        policy,
        Long.parseLong(defaultOf(ANALYZE_THRESHOLD)),
        Double.parseDouble(defaultOf(ANALYZE_SCALE)),
        Double.parseDouble(defaultOf(MAINTENANCE_SHARE)));
  }

  /// How old a snapshot may grow; zero for without end.
  Duration oldSnapshotLimit() {
    return Duration.ofMillis(SettingValues.millis(defaultOf(OLD_SNAPSHOTS)));
  }

  private String defaultOf(String name) {
    return find(name).orElseThrow(() -> unrecognized(name)).defaultValue();
  }

  private static void defineClient(Definitions all) {
    all.add(APPLICATION_NAME, "", REPORTED, SettingValues.text(), "The client's name for itself.");
    all.add(
        "client_encoding",
        "UTF8",
        REPORTED,
        SettingValues.utf8("client_encoding"),
        "The client's character set.");
    all.add(
        "DateStyle",
        "ISO, MDY",
        REPORTED,
        SettingValues.dateStyle(),
        "How dates and times are shown and read.");
    all.fixed("IntervalStyle", "postgres", REPORTED, "How intervals are shown.");
    all.add("TimeZone", "UTC", REPORTED, SettingValues.zone(), "The zone that times are shown in.");
    all.add(
        "client_min_messages",
        "notice",
        SILENT,
        SettingValues.oneOf(
            "client_min_messages",
            "debug5",
            "debug4",
            "debug3",
            "debug2",
            "debug1",
            "log",
            "notice",
            "warning",
            "error"),
        "The least severe messages that are sent to the client.");
    all.add(
        "extra_float_digits",
        "1",
        SILENT,
        SettingValues.integer("extra_float_digits", -15, 3),
        "Accepted; floats are always shown in their shortest exact form.");
    all.add(
        SEARCH_PATH,
        "\"$user\", public",
        SILENT,
        SettingValues.text(),
        "The schemas that names without a schema are looked up in.");
    all.fixed("bytea_output", "hex", SILENT, "How bytea is shown.");
    all.fixed("standard_conforming_strings", "on", REPORTED, "Backslashes in '...' are plain.");
    all.fixed("escape_string_warning", "on", SILENT, "Accepted.");
    all.fixed("xmloption", "content", SILENT, "Accepted.");
    all.fixed("row_security", "on", SILENT, "Accepted; there are no policies yet.");
    all.fixed("role", "none", SILENT, "The current role.");
  }

  private static void defineTransactions(Definitions all) {
    all.add(
        DEFAULT_ISOLATION,
        "read committed",
        SILENT,
        SettingValues.oneOf(DEFAULT_ISOLATION, ISOLATION_LEVELS),
        "The isolation level of each new transaction.");
    all.add(
        ISOLATION,
        "read committed",
        SILENT,
        SettingValues.oneOf(ISOLATION, ISOLATION_LEVELS),
        "The current transaction's isolation level.");
    all.add(
        DEFAULT_READ_ONLY,
        "off",
        REPORTED,
        SettingValues.bool(DEFAULT_READ_ONLY),
        "Whether each new transaction is read-only.");
    all.add(
        READ_ONLY,
        "off",
        SILENT,
        SettingValues.bool(READ_ONLY),
        "Whether the current transaction is read-only.");
    all.add(
        SYNCHRONOUS_COMMIT,
        "on",
        SILENT,
        written ->
            switch (written.toLowerCase(Locale.ROOT)) {
              case "local", "remote_write", "remote_apply" -> written.toLowerCase(Locale.ROOT);
              default -> SettingValues.bool(SYNCHRONOUS_COMMIT).apply(written);
            },
        "Whether a commit waits until it is on the disk.");
    for (String name : new String[] {STATEMENT_TIMEOUT, LOCK_TIMEOUT, IDLE_IN_TRANSACTION}) {
      all.add(name, "0", SILENT, SettingValues.duration(name), "The longest time allowed, or 0.");
    }
  }

  private static void defineResources(Definitions all) {
    all.add(
        WORK_MEM,
        "256MB",
        SILENT,
        SettingValues.size(WORK_MEM, MIN_WORK_MEM_KIB),
        "The most memory that a statement's sorts, hashes and buffers take together.");
    all.add(
        "maintenance_work_mem",
        "64MB",
        SILENT,
        SettingValues.size("maintenance_work_mem", MIN_WORK_MEM_KIB),
        "Accepted; index builds take what the index needs.");
    for (String name :
        new String[] {
          "enable_seqscan", "enable_indexscan", "enable_bitmapscan", "enable_sort", "jit"
        }) {
      all.add(name, "on", SILENT, SettingValues.bool(name), "Accepted without effect.");
    }
  }

  private static void defineDatabase(Definitions all, DatabaseOptions options) {
    all.add(
        MAINTENANCE_WORKERS,
        Integer.toString(options.indexBuildThreads() - 1),
        SILENT,
        SettingValues.integer(MAINTENANCE_WORKERS, 0, MAX_MAINTENANCE_WORKERS),
        "The threads that help the one that builds a vector index.");
    UpkeepOptions upkeep = options.upkeep();
    server(
        all,
        AUTOVACUUM,
        upkeep.automation() == UpkeepOptions.Automation.ON ? "on" : "off",
        SettingValues.bool(AUTOVACUUM),
        "Whether tables are merged and analysed by themselves.");
    server(
        all,
        VACUUM_THRESHOLD,
        Long.toString(upkeep.policy().deadAtLeast()),
        SettingValues.integer(VACUUM_THRESHOLD, 0, Integer.MAX_VALUE),
        "A segment is written anew when so many of its row versions are dead...");
    server(
        all,
        VACUUM_SCALE,
        SettingValues.number(upkeep.policy().deadShare()),
        SettingValues.real(VACUUM_SCALE, 0, MAX_SCALE),
        "... and this share of all of them besides.");
    server(
        all,
        ANALYZE_THRESHOLD,
        Long.toString(upkeep.analyzeThreshold()),
        SettingValues.integer(ANALYZE_THRESHOLD, 0, Integer.MAX_VALUE),
        "A table is analysed again when so many of its rows have changed...");
    server(
        all,
        ANALYZE_SCALE,
        SettingValues.number(upkeep.analyzeShare()),
        SettingValues.real(ANALYZE_SCALE, 0, MAX_SCALE),
        "... and this share of all of them besides.");
    server(
        all,
        MAINTENANCE_SHARE,
        SettingValues.number(upkeep.processorShare()),
        SettingValues.real(MAINTENANCE_SHARE, MIN_SHARE, 1),
        "The share of the processors that merges and index builds in the background may take.");
    all.put(
        new SettingDefinition(
            PINNED_MEMORY,
            SettingValues.sizeOf(options.maxPinnedBytes()),
            SERVER,
            SILENT,
            SettingValues.size(PINNED_MEMORY, 0),
            "The memory that vector indexes with memory = pinned may take together."));
    all.put(
        new SettingDefinition(
            OLD_SNAPSHOTS,
            "0",
            SERVER,
            SILENT,
            SettingValues.duration(OLD_SNAPSHOTS),
            "How old a snapshot may grow until dead versions go in spite of it, or 0."));
    all.put(
        new SettingDefinition(
            MEMORY_LIMIT,
            SettingValues.sizeOf(options.memory().bytes()),
            SERVER,
            SILENT,
            SettingValues.size(MEMORY_LIMIT, (int) (MemoryLimits.LEAST_BYTES / BYTES_PER_KIB)),
            "The memory that changes may take outside the heap until they are in files."));
  }

  private static void server(
      Definitions all,
      String name,
      String value,
      UnaryOperator<String> canonical,
      String description) {
    all.put(new SettingDefinition(name, value, SERVER, SILENT, canonical, description));
  }

  private static void defineSearch(Definitions all) {
    all.add(
        EXACT,
        "off",
        SILENT,
        SettingValues.bool(EXACT),
        "Whether nearest-neighbour searches compare with every row.");
    all.add(
        EF_SEARCH,
        "40",
        SILENT,
        SettingValues.integer(EF_SEARCH, 1, MAX_EF_SEARCH),
        "The candidates that a graph walk keeps.");
    all.add(
        QUANTIZATION_IGNORE,
        "off",
        SILENT,
        SettingValues.bool(QUANTIZATION_IGNORE),
        "Whether nearest-neighbour searches read vectors where there are codes.");
    all.add(
        QUANTIZATION_RESCORE,
        "auto",
        SILENT,
        SettingValues.oneOf(QUANTIZATION_RESCORE, "auto", "on", "off"),
        "Whether rows that codes put first are compared again by their vectors.");
    all.add(
        QUANTIZATION_OVERSAMPLING,
        "1",
        SILENT,
        SettingValues.real(QUANTIZATION_OVERSAMPLING, 1, SearchOptions.MAX_OVERSAMPLING),
        "How many times the LIMIT is taken by codes before that.");
    all.add(
        "hnsw.iterative_scan",
        "off",
        SILENT,
        SettingValues.oneOf("hnsw.iterative_scan", "off", "relaxed_order", "strict_order"),
        "Accepted; a search is always resumed until its LIMIT is full.");
    all.add(
        "hnsw.max_scan_tuples",
        "20000",
        SILENT,
        SettingValues.integer("hnsw.max_scan_tuples", 1, Integer.MAX_VALUE),
        "Accepted; a search is always resumed until its LIMIT is full.");
    all.add(
        "ivfflat.probes",
        "1",
        SILENT,
        SettingValues.integer("ivfflat.probes", 1, 32_768),
        "Accepted without effect.");
  }

  private static void defineFacts(Definitions all) {
    all.internal("server_version", SERVER_VERSION, REPORTED);
    all.internal("server_version_num", "150000", SILENT);
    all.internal("server_encoding", "UTF8", REPORTED);
    all.internal("integer_datetimes", "on", REPORTED);
    all.internal("is_superuser", "on", REPORTED);
    all.internal("session_authorization", "alidade", REPORTED);
    all.internal("in_hot_standby", "off", REPORTED);
    all.internal("max_identifier_length", "63", SILENT);
    all.internal("max_index_keys", "32", SILENT);
    all.internal("max_function_args", "100", SILENT);
    all.internal("block_size", "8192", SILENT);
    all.internal("lc_collate", "C.UTF-8", SILENT);
    all.internal("lc_ctype", "C.UTF-8", SILENT);
    all.internal("default_table_access_method", "alidade", SILENT);
    all.internal("wal_level", "replica", SILENT);
  }

  Optional<SettingDefinition> find(String name) {
    return Optional.ofNullable(definitions.get(name.toLowerCase(Locale.ROOT)));
  }

  /// All of them, ordered by name without regard to case.
  Collection<SettingDefinition> all() {
    return definitions.values();
  }

  static DatabaseException unrecognized(String name) {
    return new DatabaseException(
        SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
  }

  /// Where definitions are gathered.
  private interface Definitions {
    void put(SettingDefinition definition);

    default void add(
        String name,
        String value,
        Reporting reporting,
        UnaryOperator<String> canonical,
        String description) {
      put(new SettingDefinition(name, value, USER, reporting, canonical, description));
    }

    default void fixed(String name, String value, Reporting reporting, String description) {
      put(define(name, value, FIXED, reporting, description));
    }

    default void internal(String name, String value, Reporting reporting) {
      put(define(name, value, INTERNAL, reporting, "A fact about the server."));
    }

    private static SettingDefinition define(
        String name, String value, Access access, Reporting reporting, String description) {
      return new SettingDefinition(
          name, value, access, reporting, SettingValues.text(), description);
    }
  }
}
