package io.alidade.sql.session;

import io.alidade.engine.TextEmbedder;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.catalog.CatalogNames;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.constraint.DeferredChecks;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.sql.function.ObjectNames;
import io.alidade.storage.Database;
import io.alidade.storage.MemoryUse;
import io.alidade.storage.Snapshots;
import io.alidade.storage.TableStatistics;
import io.alidade.storage.VectorIndexStatistics;
import io.alidade.storage.backup.LogArchiver;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableActivity;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What functions and operators may ask of a session while a statement runs.
final class SessionContext implements EvaluationContext {

  private static final String VERSION =
      "PostgreSQL " + ServerSettings.SERVER_VERSION + " (Alidade 0.1.0) on the JVM";
  private static final Pattern PATH_PART = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^,\\s]+)");

  private final SessionRequest request;
  private final int processId;
  private final SessionSettings settings;
  private final TransactionControl transactions;
  private final Interruption interruption;
  private final Supplier<Catalog> catalog;
  private final Database database;
  private final Optional<TextEmbedder> embedder;
  private final RandomGenerator random;

  private long statementMicros = Clock.micros();
  private String zoneText = "";
  private ZoneId zone = ZoneId.of("UTC");
  private String pathText = "";
  private List<String> path = List.of();

  SessionContext(
      SessionRequest request,
      int processId,
      SessionSettings settings,
      TransactionControl transactions,
      Interruption interruption,
      Supplier<Catalog> catalog,
      Database database,
      Optional<TextEmbedder> embedder,
      RandomGenerator random) {
    this.request = request;
    this.processId = processId;
    this.settings = settings;
    this.transactions = transactions;
    this.interruption = interruption;
    this.catalog = catalog;
    this.database = database;
    this.embedder = embedder;
    this.random = random;
  }

  /// What the transaction has put off to its end.
  DeferredChecks deferred() {
    return transactions.deferred();
  }

  /// A client's message has arrived.
  void beginStatement() {
    statementMicros = Clock.micros();
  }

  /// The names that the session's search path finds in a catalog.
  CatalogReader reader(Catalog of) {
    return new CatalogReader(of, pathSetting());
  }

  /// The value of `search_path`, split, with the user's own schema in its place.
  List<String> pathSetting() {
    String text = settings.get(ServerSettings.SEARCH_PATH);
    if (!text.equals(pathText)) {
      List<String> names = new ArrayList<>();
      for (Matcher parts = PATH_PART.matcher(text); parts.find(); ) {
        String quoted = parts.group(1);
        String name = quoted != null ? quoted.replace("\"\"", "\"") : parts.group(2);
        names.add(name.equals("$user") ? request.user() : name);
      }
      path = List.copyOf(names);
      pathText = text;
    }
    return path;
  }

  @Override
  public ZoneId timeZone() {
    String text = settings.get(ServerSettings.TIME_ZONE);
    if (!text.equals(zoneText)) {
      zone = SettingValues.zoneOf(text);
      zoneText = text;
    }
    return zone;
  }

  @Override
  public long statementTimestamp() {
    return statementMicros;
  }

  @Override
  public long transactionTimestamp() {
    return transactions.beganMicros();
  }

  @Override
  public long clockTimestamp() {
    return Clock.micros();
  }

  @Override
  public String currentDatabase() {
    return request.database();
  }

  @Override
  public String currentUser() {
    return request.user();
  }

  @Override
  public String sessionUser() {
    return request.user();
  }

  @Override
  public List<String> searchPath() {
    return reader(catalog.get()).searchPath();
  }

  @Override
  public int processId() {
    return processId;
  }

  @Override
  public long transactionId() {
    return transactions.number();
  }

  @Override
  public String serverVersion() {
    return VERSION;
  }

  @Override
  public Optional<String> setting(String name) {
    return settings.find(name);
  }

  @Override
  public String changeSetting(String name, @Nullable String value, SettingScope scope) {
    if (value == null) {
      settings.reset(name);
      return settings.get(name);
    }
    return switch (scope) {
      case SESSION -> settings.set(name, value);
      case TRANSACTION -> settings.setLocal(name, value);
    };
  }

  @Override
  public List<SettingValue> settings() {
    return settings.server().all().stream()
        .map(definition ->
            new SettingValue(
                definition.name(), settings.get(definition.name()), definition.description()))
        .toList();
  }

  @Override
  public ObjectNames objects() {
    return new CatalogNames(reader(catalog.get()));
  }

  @Override
  public Optional<VectorIndexStatistics> vectorIndexStatistics(int oid) {
    return database.vectorIndexStatistics(oid);
  }

  @Override
  public Optional<TableActivity.Counts> activity(int tableOid) {
    return database.activity(tableOid);
  }

  @Override
  public Optional<TableStatistics> tableStatistics(int tableOid) {
    return database.tableStatistics(tableOid);
  }

  @Override
  public List<UpkeepProgress.Snapshot> upkeepProgress() {
    return database.upkeepProgress();
  }

  @Override
  public Optional<TableProfile> profile(int tableOid) {
    return database.profile(tableOid);
  }

  @Override
  public OptionalLong relationBytes(long oid, SizeOf what) {
    if (database.catalog().index((int) oid).isPresent()) {
      return database
          .indexStatistics((int) oid)
          .map(index -> OptionalLong.of(what == SizeOf.INDEXES ? 0 : index.bytes()))
          .orElse(OptionalLong.empty());
    }
    return database
        .tableStatistics((int) oid)
        .map(table ->
            OptionalLong.of(
                switch (what) {
                  case ROWS -> table.rowBytes();
                  case INDEXES -> table.indexBytes();
                  case EVERYTHING -> table.rowBytes() + table.indexBytes();
                }))
        .orElse(OptionalLong.empty());
  }

  @Override
  public Optional<MemoryUse> memoryUse() {
    return Optional.of(database.memoryUse());
  }

  @Override
  public List<IndexBuilder.Progress> indexBuilds() {
    return database.indexBuilds();
  }

  @Override
  public Snapshots snapshots() {
    return database.snapshots();
  }

  @Override
  public Lsn lastCommitted() {
    return database.lastCommitted();
  }

  @Override
  public Optional<LogArchiver.Status> logArchive() {
    return database.logArchive();
  }

  @Override
  public float[] embed(String text) {
    return embedder
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "embed() needs an embedding model, and this server has none"))
        .embed(text);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void checkpoint() {
    interruption.pass();
  }

  @Override
  public void sleep(long micros) {
    interruption.sleep(micros);
  }
}
