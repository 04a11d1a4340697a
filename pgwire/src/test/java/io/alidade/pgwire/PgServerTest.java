package io.alidade.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgServerTest {

  private final FakeEngine engine = new FakeEngine();
  private PgServer server;

  private PgServer start(PgServer.Builder builder) throws IOException {
    server = builder.port(0).start();
    return server;
  }

  private PgServer start() throws IOException {
    return start(PgServer.builder(engine));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aSessionOpensWithItsParametersAndKey() throws IOException {
    start();
    try (RawClient client = RawClient.connect(server)) {
      client.startup(
          3, 0, "user", "u", "database", "d", "TimeZone", "UTC", "options", "-c a=b\\ c --x-y=z");
      assertThat(client.untilReady())
          .containsExactly(
              "R0",
              "S server_version=15.0",
              "S client_encoding=UTF8",
              "S TimeZone=UTC",
              "K4",
              "ZI");
      assertThat(client.processId).isEqualTo(engine.last().processId());
      assertThat(engine.last().request.user()).isEqualTo("u");
      assertThat(engine.last().request.database()).isEqualTo("d");
      assertThat(engine.last().request.settings())
          .containsEntry("TimeZone", "UTC")
          .containsEntry("a", "b c")
          .containsEntry("x_y", "z");
    }
  }

  @Test
  void encryptionIsDeclinedAndTheSessionGoesOnInTheClear() throws IOException {
    start();
    try (RawClient client = RawClient.connect(server)) {
      client.raw(new byte[] {0, 0, 0, 8, 4, (byte) 210, 22, 48}); // GSSENCRequest
      assertThat(client.in.readByte()).isEqualTo((byte) 'N');
      client.raw(new byte[] {0, 0, 0, 8, 4, (byte) 210, 22, 47}); // SSLRequest
      assertThat(client.in.readByte()).isEqualTo((byte) 'N');
      client.startup(3, 0, "user", "u");
      assertThat(client.untilReady()).contains("R0", "ZI");
      assertThat(engine.last().request.database()).isEqualTo("u");
    }
  }

  @Test
  void newerMinorVersionsAreNegotiatedDown() throws IOException {
    start();
    try (RawClient client = RawClient.connect(server)) {
      client.startup(3, 2, "user", "u");
      assertThat(client.untilReady()).contains("R0", "K32").noneMatch(s -> s.startsWith("v"));
    }
    try (RawClient client = RawClient.connect(server)) {
      client.startup(3, 9999, "user", "u", "_pq_.test", "1");
      assertThat(client.untilReady()).startsWith("v 2 _pq_.test", "R0");
    }
  }

  @Test
  void whatCannotBeOpenedIsToldWhy() throws IOException {
    start();
    assertThat(opening(2, 0, "user", "u"))
        .contains(
            "S=FATAL", "C=0A000 M=unsupported frontend protocol 2.0: server supports 3.0 to 3.2");
    assertThat(opening(3, 0, "database", "d"))
        .contains("C=28000 M=no PostgreSQL user name specified in startup packet");
    assertThat(opening(3, 0, "user", "u", "replication", "database")).contains("C=0A000");
    assertThat(opening(3, 0, "user", "u", "options", "-z")).contains("C=42601");
  }

  private String opening(int major, int minor, String... parameters) throws IOException {
    try (RawClient client = RawClient.connect(server)) {
      client.startup(major, minor, parameters);
      String answer = client.next();
      assertThat(client.next()).isEqualTo("EOF");
      return answer;
    }
  }

  @Test
  void sessionsAreLimitedAndFreedWhenTheyEnd() throws Exception {
    start(PgServer.builder(engine).maxSessions(2));
    RawClient first = RawClient.open(server);
    RawClient second = RawClient.open(server);
    assertThat(opening(3, 0, "user", "u"))
        .contains("S=FATAL", "C=53300 M=sorry, too many clients already");
    first.send(RawClient.message('X', body -> {}));
    assertThat(first.next()).isEqualTo("EOF");
    second.close();
    await(() -> server.connections() == 0);
    RawClient.open(server).close();
    RawClient.open(server).close();
  }

  @Test
  void aConnectionThatDoesNotOpenASessionIsClosed() throws IOException {
    start(PgServer.builder(engine).authenticationTimeout(Duration.ofMillis(100)));
    try (RawClient client = RawClient.connect(server)) {
      assertThat(client.next()).isEqualTo("EOF");
    }
    try (RawClient client = RawClient.open(server)) {
      LockSupportSleep.millis(200);
      assertThat(client.run("rows 0")).contains("ZI");
    }
  }

  @Test
  void garbageEndsTheConnectionOnly() throws IOException {
    start();
    try (RawClient client = RawClient.connect(server)) {
      client.raw("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(client.next()).contains("S=FATAL", "C=08P01 M=invalid length of startup packet");
      assertThat(client.next()).isEqualTo("EOF");
    }
    try (RawClient client = RawClient.open(server)) {
      client.raw(new byte[] {'!', 0, 0, 0, 4, 1, 2, 3});
      assertThat(client.next()).contains("S=FATAL", "C=08P01 M=invalid frontend message type 33");
      assertThat(client.next()).isEqualTo("EOF");
    }
    try (RawClient client = RawClient.open(server)) {
      client.raw(new byte[] {'Q', 0x7F, 0, 0, 0, 1, 2, 3});
      assertThat(client.next()).contains("S=FATAL", "C=08P01 M=invalid message length");
    }
    RawClient.open(server).close();
  }

  @Test
  void aMessageOverTheLimitIsAnErrorAndTheSessionGoesOn() throws IOException {
    start(PgServer.builder(engine).maxMessageBytes(1000));
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("x".repeat(100_000)), RawClient.query("rows 0"));
      assertThat(client.untilReady())
          .containsExactly(
              "E S=ERROR V=ERROR C=54000 M=message of 100001 bytes is over the limit of 1000 bytes"
                  + " (message_max)",
              "ZI");
      assertThat(client.untilReady()).contains("C SELECT 0", "ZI");
      client.send(
          RawClient.parse("", "x".repeat(2000)), RawClient.execute("", 0), RawClient.sync());
      assertThat(client.untilReady()).hasSize(2).first().asString().contains("C=54000");
      client.send(RawClient.query("copy in"), RawClient.copyData("x".repeat(2000)));
      List<String> answers = client.untilReady();
      assertThat(answers.get(1)).contains("C=54000");
      assertThat(client.run("rows 0")).contains("ZI");
    }
  }

  @Test
  void aRunningStatementIsCancelledByItsKeyOnly() throws Exception {
    start();
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("sleep"));
      assertThat(engine.last().sleeping.await(10, TimeUnit.SECONDS)).isTrue();
      byte[] wrong = client.cancelKey.clone();
      wrong[0]++;
      cancel(client.processId, wrong);
      cancel(client.processId, client.cancelKey);
      assertThat(client.untilReady())
          .containsExactly(
              "E S=ERROR V=ERROR C=57014 M=canceling statement due to user request", "ZI");
    }
  }

  private void cancel(int processId, byte[] key) throws IOException {
    try (RawClient canceller = RawClient.connect(server)) {
      io.alidade.model.codec.ByteSink sink = new io.alidade.model.codec.ByteSink();
      sink.putInt(12 + key.length).putShort(1234).putShort(5678).putInt(processId).putBytes(key);
      sink.setInt(0, sink.size());
      canceller.raw(sink.toByteArray());
      assertThat(canceller.next()).isEqualTo("EOF");
    }
  }

  @Test
  void aClientThatVanishesWhileItsStatementRunsFreesTheSession() throws Exception {
    start();
    RawClient client = RawClient.open(server);
    client.send(RawClient.query("sleep"));
    assertThat(engine.last().sleeping.await(10, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThat(engine.last().closed.await(10, TimeUnit.SECONDS)).isTrue();
    await(() -> server.connections() == 0);
  }

  @Test
  void aClientThatDoesNotReadHoldsBackItsQueryAndNoThread() throws Exception {
    start(PgServer.builder(engine).workers(1));
    RawClient slow = RawClient.open(server);
    FakeSession session = engine.last();
    slow.send(RawClient.query("wide 100000 10000")); // A gigabyte.
    await(() -> session.fetchedRows.get() > 100);
    try (RawClient other = RawClient.open(server)) { // There is but one worker.
      for (int i = 0; i < 100; i++) {
        assertThat(other.run("rows 1")).contains("ZI");
      }
    }
    assertThat(session.fetchedRows.get()).isLessThan(10_000);
    slow.close();
    assertThat(session.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClientThatReadsLateGetsEverything() throws Exception {
    start(PgServer.builder(engine).workers(1));
    try (RawClient slow = RawClient.open(server)) {
      FakeSession session = engine.last();
      slow.send(RawClient.query("wide 5000 10000"));
      await(() -> session.fetchedRows.get() > 100);
      LockSupportSleep.millis(100);
      assertThat(slow.untilReady()).hasSize(5003).contains("C SELECT 5000", "ZI");
    }
  }

  @Test
  void noWorkerWaitsForTheOutcomeOfACommit() throws Exception {
    start(PgServer.builder(engine).workers(1));
    try (RawClient committing = RawClient.open(server);
        RawClient other = RawClient.open(server)) {
      FakeSession session = engine.sessions.getFirst();
      committing.send(RawClient.query("later"));
      await(() -> session.calls.contains("beginSync"));
      assertThat(other.run("rows 1")).contains("ZI"); // There is but one worker.
      assertThat(committing.untilReady()).containsExactly("C UPDATE 1", "ZI");
    }
  }

  @Test
  void longStatementsDoNotHoldBackOthers() throws Exception {
    int many = 2 * Runtime.getRuntime().availableProcessors() + 1;
    start(PgServer.builder(engine).workers(2 * many));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      RawClient sleeping = RawClient.open(server);
      clients.add(sleeping);
      sleeping.send(RawClient.query("sleep"));
    }
    await(() -> engine.sessions.stream().allMatch(s -> s.sleeping.getCount() == 0));
    try (RawClient other = RawClient.open(server)) {
      assertThat(other.run("rows 1")).contains("ZI");
    }
    for (RawClient sleeping : clients) {
      sleeping.close();
    }
    await(() -> server.connections() == 0);
  }

  @Test
  void aTransactionGoesOnThoughAllWorkersWait() throws Exception {
    start(PgServer.builder(engine).workers(2));
    List<RawClient> clients = new ArrayList<>();
    try (RawClient holder = RawClient.open(server)) {
      holder.run("begin");
      for (int i = 0; i < 4; i++) {
        RawClient waiting = RawClient.open(server);
        clients.add(waiting);
      }
      for (RawClient waiting : clients) {
        waiting.send(RawClient.query("sleep"));
      }
      await(() -> engine.sessions.stream().filter(s -> s.sleeping.getCount() == 0).count() >= 2);
      assertThat(holder.run("commit")).containsExactly("C COMMIT", "ZI");
    }
    for (RawClient waiting : clients) {
      waiting.close();
    }
    await(() -> server.connections() == 0);
  }

  @Test
  void closingTellsIdleSessionsAndWaitsForRunningOnes() throws Exception {
    start(PgServer.builder(engine).drainTimeout(Duration.ofMillis(300)));
    RawClient idle = RawClient.open(server);
    RawClient running = RawClient.open(server);
    running.send(RawClient.query("sleep"));
    assertThat(engine.last().sleeping.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(server::close);
    closing.start();
    assertThat(idle.next())
        .isEqualTo(
            "E S=FATAL V=FATAL C=57P01 M=terminating connection due to administrator command");
    assertThat(idle.next()).isEqualTo("EOF");
    assertThat(running.untilReady().getFirst()).contains("C=57014"); // After the drain timeout.
    assertThat(running.next()).contains("C=57P01");
    closing.join(10_000);
    assertThat(closing.isAlive()).isFalse();
    assertThatThrownBy(() -> RawClient.connect(server)).isInstanceOf(IOException.class);
    idle.close();
    running.close();
  }

  @Test
  void aPortThatIsTakenIsAnIoException() throws IOException {
    start();
    assertThatThrownBy(() -> PgServer.builder(engine).port(server.port()).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
  }

  @Test
  void randomBytesHurtNobodyElse() throws Exception {
    start(PgServer.builder(engine).maxMessageBytes(100_000));
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] session =
        RawClient.join(
            RawClient.query("begin; rows 3; commit"),
            RawClient.parse("s", "echo", 23, 25),
            RawClient.bind("", "s", new int[] {0, 1}, "1", "x"),
            RawClient.describe('P', ""),
            RawClient.execute("", 1),
            RawClient.sync(),
            RawClient.query("copy in"),
            RawClient.copyData("abc"),
            RawClient.message('c', body -> {}),
            RawClient.close('S', "s"),
            RawClient.sync());
    try (RawClient witness = RawClient.open(server)) {
      for (int round = 0; round < 300; round++) {
        RawClient client =
            random.nextInt(4) == 0 ? RawClient.connect(server) : RawClient.open(server);
        byte[] bytes = session.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int from = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : 0;
        int to = random.nextInt(3) == 0 ? from + random.nextInt(bytes.length - from) : bytes.length;
        try {
          client.raw(Arrays.copyOfRange(bytes, from, to));
        } catch (IOException e) {
          // The server may have closed it already.
        }
        client.close();
        if (round % 50 == 0) {
          assertThat(witness.run("rows 1")).contains("C SELECT 1", "ZI");
        }
      }
      await(() -> server.connections() == 1);
    }
    await(() -> engine.sessions.stream().allMatch(s -> s.closed.getCount() == 0));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      LockSupportSleep.millis(5);
    }
  }

  /// Waits without being interrupted.
  private static final class LockSupportSleep {
    static void millis(long millis) {
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }
}
