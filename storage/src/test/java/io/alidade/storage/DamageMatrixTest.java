package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.DatabaseException;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.log.CommitLogOptions;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every file of a data directory damaged in every way: opening it and asking either gives the
/// answers of before or an error that names the file, and `alidade check` finds whatever keeps it
/// from opening. Never another answer.
///
/// One thing cannot be told from the end of a crash: damage to the log's last file of which no
/// later byte tells that it had been forced. Then the last commits may be missing, one after the
/// other.
///
/// `-Dtest.damages` says how many places of each file are damaged in each way (2), `-Dtest.seed`
/// repeats a run.
@Timeout(3600)
class DamageMatrixTest {
  private static final int PLACES = Integer.getInteger("test.damages", 2);
  private static final DatabaseOptions SMALL_LOG =
      new DatabaseOptions(
          new CommitLogOptions(1 << 20, 64 << 10),
          512L << 20,
          1,
          20_000,
          0,
          DatabaseOptions.DEFAULT.memory(),
          DatabaseOptions.DEFAULT.upkeep());
  private static final int ROWS = 600;
  private static final int PAGE = 4096;
  private static final int IN_LOG = 20;

  @TempDir static Path scratch;
  @TempDir Path directory;

  private static Path died;
  private static int table;

  /// The rows after each of the commits that are in the log only.
  private static final List<Map<Long, String>> STATES = new ArrayList<>();

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// Segments with tombstones, ordered indexes, a graph and codes; and commits in the log only.
  @BeforeAll
  static void buildAndDie() throws Exception {
    Path running = scratch.resolve("running");
    died = scratch.resolve("died");
    try (Database database = Database.open(running, SMALL_LOG)) {
      int filler = createTable(database, "filler");
      table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
        transaction.commit(Durability.FORCED);
      }
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(row(i, "word " + i, i % 7 == 0 ? null : i));
      }
      insert(database, table, rows.toArray(Object[][]::new));
      for (int i = 0; i < 30; i++) { // So that the log's beginning goes with the checkpoint.
        insert(database, filler, row(i, "x".repeat(100_000), i));
      }
      database.checkpoint();
      try (Transaction transaction = begin(database)) {
        delete(transaction, table, 5);
        update(transaction, table, row(6, "six", 6));
        transaction.commit(Durability.FORCED);
      }
      database.checkpoint();
      STATES.add(rows(database, table));
      for (int i = 0; i < IN_LOG; i++) {
        insert(database, table, row(10_000 + i, "in the log " + "y".repeat(2 * PAGE), i));
        STATES.add(rows(database, table));
      }
      insert(database, filler, row(1000, "at the very end", 1));
      copy(running, died);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (!file.toString().contains("/next-")) {
          Files.copy(file, copy);
        }
      }
    }
  }

  private enum Damage {
    FLIPPED_BIT,
    ZEROED_PAGE,
    CUT,
    SWAPPED_PAGES,
    MISSING
  }

  /// @return whether the file differs from what it was
  private boolean damage(Path file, Damage damage) throws IOException {
    byte[] before = Files.readAllBytes(file);
    byte[] bytes = before.clone();
    int place = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    int page = place / PAGE * PAGE;
    switch (damage) {
      case FLIPPED_BIT -> {
        if (bytes.length > 0) {
          bytes[place] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case ZEROED_PAGE -> Arrays.fill(bytes, page, Math.min(bytes.length, page + PAGE), (byte) 0);
      case CUT -> bytes = Arrays.copyOf(bytes, place);
      case SWAPPED_PAGES -> {
        int other = bytes.length < PAGE ? 0 : random.nextInt(bytes.length / PAGE) * PAGE;
        int length = Math.min(PAGE, bytes.length - Math.max(page, other));
        System.arraycopy(before, page, bytes, other, length);
        System.arraycopy(before, other, bytes, page, length);
      }
      case MISSING -> {
        Files.delete(file);
        return true;
      }
    }
    Files.write(file, bytes);
    return !Arrays.equals(before, bytes);
  }

  @Test
  void whateverIsDamagedNoAnswerIsEverWrong() throws Exception {
    System.out.println("DamageMatrixTest: -Dtest.seed=" + seed);
    Map<String, Integer> outcomes = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> walked = Files.walk(died)) {
      files = walked.filter(Files::isRegularFile).map(died::relativize).sorted().toList();
    }
    int number = 0;
    for (Path file : files) {
      for (Damage damage : Damage.values()) {
        for (int i = 0; i < (damage == Damage.MISSING ? 1 : PLACES); i++) {
          Path data = directory.resolve("data" + number++);
          copy(died, data);
          if (damage(data.resolve(file), damage)) {
            String where = "%s %s, seed %d".formatted(file, damage, seed);
            String outcome = openAndAsk(data, data.resolve(file), where);
            outcomes.merge(kind(file) + " " + damage + ": " + outcome, 1, Integer::sum);
          }
          deleteTree(data);
        }
      }
    }
    outcomes.forEach((what, count) -> System.out.println("  " + what + ", " + count));
    assertThat(outcomes.keySet()).anyMatch(it -> it.endsWith("refused"));
    assertThat(outcomes.keySet()).anyMatch(it -> it.endsWith("right"));
  }

  private static String kind(Path file) {
    String name = String.valueOf(file.getFileName());
    int end = name.lastIndexOf('.');
    return end < 0 ? name : name.substring(end);
  }

  private String openAndAsk(Path data, Path damaged, String where) throws Exception {
    Optional<CheckReport> report = check(data, damaged, where);
    String outcome;
    try (Database database = Database.open(data, SMALL_LOG)) {
      outcome = ask(database, damaged, where);
    } catch (CorruptFileException | DatabaseException refused) {
      assertThat(isNamed(String.valueOf(refused.getMessage()), damaged))
          .as("%s: %s", where, refused.getMessage())
          .isTrue();
      outcome = "refused";
    }
    boolean sound = report.isPresent() && report.get().isSound();
    assertThat(outcome.equals("refused") && sound).as("%s: %s", where, report).isFalse();
    if (outcome.equals("refused") && report.isPresent()) {
      assertThat(report.get().findings())
          .as(where)
          .anyMatch(it -> isNamed(it.file().toString(), damaged));
    }
    return sound || outcome.equals("refused") ? outcome : "right all the same";
  }

  /// @return empty if it could not be checked, because the directory is not known to be one
  private static Optional<CheckReport> check(Path data, Path damaged, String where)
      throws IOException {
    try {
      return Optional.of(DatabaseCheck.run(data, DatabaseCheck.Mode.VERIFY));
    } catch (DatabaseException refused) {
      assertThat(isNamed(refused.getMessage(), damaged)).as(where + ": " + refused).isTrue();
      return Optional.empty();
    }
  }

  /// Whether a text tells which file is meant: by its name; by its directory, if the file is one of
  /// the log; by what the file is there to say, the directory's format; or by what is missed first
  /// where there is no manifest, the log from the beginning.
  private static boolean isNamed(String text, Path file) {
    String name = String.valueOf(file.getFileName());
    return text.contains(name)
        || switch (name) {
          case DataDirectory.VERSION_FILE ->
              text.contains("format version") || text.contains("not an Alidade data directory");
          case Manifest.FILE -> text.contains("the checkpoint needs it from LSN 1");
          default -> name.endsWith(".cq4") && text.contains(String.valueOf(file.getParent()));
        };
  }

  private static String ask(Database database, Path damaged, String where) throws IOException {
    try {
      Map<Long, String> rows = rows(database, table);
      boolean whole = rows.equals(STATES.getLast());
      assertThat(whole || isLastOfLog(damaged) && STATES.contains(rows))
          .as("%s: %d rows", where, rows.size())
          .isTrue();
      database.awaitIndexes(Checkpoint.NONE);
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        for (long id : new long[] {0, 6, 100, ROWS - 1, whole ? 10_003 : 1}) {
          assertThat(Fixture.find(view, id)).as("%s: row %d", where, id).isPresent();
          assertThat(nearest(view, id)).as("%s: nearest to %d", where, id).isEqualTo(id);
        }
        assertThat(Fixture.find(view, 5)).as(where).isEmpty();
      }
      return whole ? "right" : "the log's end is gone";
    } catch (DatabaseException refused) {
      assertThat(isNamed(refused.getMessage(), damaged)).as(where + ": " + refused).isTrue();
      return "refused";
    }
  }

  private static boolean isLastOfLog(Path file) throws IOException {
    if (!file.toString().endsWith(".cq4")) {
      return false;
    }
    try (Stream<Path> directories = Files.list(died.resolve("log"))) {
      Path last = directories.max(Comparator.naturalOrder()).orElseThrow();
      return last.getFileName().equals(file.toAbsolutePath().getParent().getFileName());
    }
  }

  private static long nearest(TableView view, long id) {
    VectorQuery question =
        new VectorQuery(
            3,
            (float[]) row(id, "", 0)[3],
            Distance.L2,
            1,
            Filter.ALL,
            Optional.empty(),
            new SearchOptions(100, SearchOptions.Mode.APPROXIMATE));
    SearchResult found = new Searcher().search(view.segments(), question, Checkpoint.NONE);
    RowReference place = new RowReference(found.segment(0), found.ordinal(0));
    return (Long) view.row(place, new int[] {0})[0];
  }

  private static void deleteTree(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(root)) {
      files = walked.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
