package io.alidade.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyTest {

  private static final byte[] COPY_DONE = RawClient.message('c', body -> {});

  private final FakeEngine engine = new FakeEngine();
  private PgServer server;

  @BeforeEach
  void start() throws IOException {
    server = PgServer.builder(engine).port(0).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void dataGoesInAndTheScriptGoesOn() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("copy in; rows 0"));
      assertThat(client.next()).isEqualTo("G 0 1");
      client.send(RawClient.copyData("a\n"), RawClient.copyData("b\n"), COPY_DONE);
      assertThat(client.untilReady()).contains("C COPY 4", "C SELECT 0", "ZI");
      assertThat(engine.last().copied.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\n");
    }
  }

  @Test
  void dataGoesInByTheExtendedProtocolWithSyncSentBefore() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(
          RawClient.parse("", "copy in"),
          RawClient.bind("", "", new int[0]),
          RawClient.execute("", 0),
          RawClient.sync());
      assertThat(client.next()).isEqualTo("1");
      assertThat(client.next()).isEqualTo("2");
      assertThat(client.next()).isEqualTo("G 0 1");
      client.send(RawClient.copyData("abc"), RawClient.flush(), COPY_DONE, RawClient.sync());
      assertThat(client.untilReady()).containsExactly("C COPY 3", "ZI");
    }
  }

  @Test
  void aCopyThatTheClientGivesUpIsAnError() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(
          RawClient.query("copy in"),
          RawClient.copyData("a\n"),
          RawClient.message('f', body -> body.putUtf8("changed my mind").putByte(0)));
      assertThat(client.untilReady())
          .containsExactly(
              "G 0 1", "E S=ERROR V=ERROR C=57014 M=COPY from stdin failed: changed my mind", "ZI");
      assertThat(engine.last().calls).contains("failed");
    }
  }

  @Test
  void whatIsStillSentAfterAFailedCopyIsDropped() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(
          RawClient.query("copy in"),
          RawClient.copyData("bad\n"),
          RawClient.copyData("more\n"),
          COPY_DONE,
          RawClient.query("rows 0"));
      assertThat(client.untilReady())
          .containsExactly("G 0 1", "E S=ERROR V=ERROR C=22P04 M=bad line", "ZI");
      assertThat(client.untilReady()).contains("C SELECT 0", "ZI");
    }
  }

  @Test
  void anErrorInAnExtendedCopySkipsToSync() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(
          RawClient.parse("", "copy in"),
          RawClient.bind("", "", new int[0]),
          RawClient.execute("", 0),
          RawClient.copyData("bad\n"),
          RawClient.copyData("more\n"),
          COPY_DONE,
          RawClient.sync());
      assertThat(client.untilReady())
          .containsExactly("1", "2", "G 0 1", "E S=ERROR V=ERROR C=22P04 M=bad line", "ZI");
      assertThat(client.run("rows 0")).contains("ZI");
    }
  }

  @Test
  void anotherMessageEndsTheCopy() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("copy in"), RawClient.query("rows 1"));
      List<String> answers = client.untilReady();
      assertThat(answers.get(1)).contains("C=08P01", "during COPY from stdin");
      assertThat(client.run("rows 0")).contains("ZI");
    }
  }

  @Test
  void dataComesOutInBothProtocols() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("copy out 2"))
          .containsExactly("H 0 2", "d 1\tx", "d 2\tx", "c", "C COPY 2", "ZI");
      client.send(
          RawClient.parse("", "copy out 1"),
          RawClient.bind("", "", new int[0]),
          RawClient.describe('P', ""),
          RawClient.execute("", 0),
          RawClient.sync());
      assertThat(client.untilReady())
          .containsExactly("1", "2", "n", "H 0 2", "d 1\tx", "c", "C COPY 1", "ZI");
    }
  }

  @Test
  void aClientThatVanishesInACopyLeavesNothingOpen() throws Exception {
    RawClient client = RawClient.open(server);
    client.send(RawClient.query("copy in"));
    assertThat(client.next()).isEqualTo("G 0 1");
    client.send(RawClient.copyData("a\n"));
    client.close();
    assertThat(engine.last().closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(engine.last().calls).doesNotContain("sync");
  }

  @Test
  void moreDataThanTheInboxHoldsIsTakenAsTheSessionTakesIt() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("copy in"));
      String piece = "x".repeat(100_000);
      for (int i = 0; i < 200; i++) {
        client.send(RawClient.copyData(piece));
      }
      client.send(COPY_DONE);
      assertThat(client.untilReady()).containsExactly("G 0 1", "C COPY 20000000", "ZI");
    }
  }
}
