package io.alidade.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.TypeOids;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtendedQueryTest {

  private static final int[] TEXT = {};

  private final FakeEngine engine = new FakeEngine();
  private PgServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    server = PgServer.builder(engine).port(0).start();
    client = RawClient.open(server);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void aStatementIsPreparedDescribedBoundAndRun() throws IOException {
    client.send(
        RawClient.parse("s", "echo", 23, 25, TypeOids.VECTOR),
        RawClient.describe('S', "s"),
        RawClient.bind("", "s", TEXT, "7", null, "[1,2]"),
        RawClient.describe('P', ""),
        RawClient.execute("", 0),
        RawClient.sync());
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "t 23 25 16385",
            "T p1:23:-1:0 p2:25:-1:0 p3:16385:-1:0",
            "2",
            "T p1:23:-1:0 p2:25:-1:0 p3:16385:-1:0",
            "D 7 NULL [1,2]",
            "C SELECT 1",
            "ZI");
  }

  @Test
  void parametersAndColumnsHaveFormatsOfTheirOwn() throws IOException {
    byte[] vector =
        new ByteSink().putShort(2).putShort(0).putFloats(new float[] {1, 2}).toByteArray();
    byte[] seven = {0, 0, 0, 7};
    client.send(
        RawClient.parse("", "echo", 23, 23, TypeOids.VECTOR),
        RawClient.bind("", "", new int[] {1, 0, 1}, seven, "8", vector),
        RawClient.describe('P', ""),
        RawClient.execute("", 0),
        RawClient.bind("", "", new int[] {1}, seven, seven, "[1,2]"),
        RawClient.execute("", 0),
        RawClient.sync());
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "2",
            "T p1:23:-1:1 p2:23:-1:0 p3:16385:-1:1",
            "D 0x00000007 8 0x000200003f80000040000000",
            "C SELECT 1",
            "2",
            "D 0x00000007 0x00000007 0x000200003f80000040000000",
            "C SELECT 1",
            "ZI");
  }

  @Test
  void whatDoesNotFitTheStatementIsRefused() throws IOException {
    client.send(RawClient.parse("s", "echo", 23, 23), RawClient.sync());
    client.untilReady();
    assertThat(bound(RawClient.bind("", "s", TEXT, "1")))
        .contains(
            "C=08P01 M=bind message supplies 1 parameters, but prepared statement \"s\" requires"
                + " 2");
    assertThat(bound(RawClient.bind("", "s", new int[] {0, 0, 0}, "1", "2")))
        .contains("C=08P01 M=bind message has 3 result formats but query has 2 columns");
    assertThat(bound(RawClient.bind("", "s", new int[] {2}, "1", "2")))
        .contains("C=22023 M=unsupported format code: 2");
    assertThat(bound(RawClient.bind("", "s", TEXT, "1", "x")))
        .contains("C=22P02 M=invalid input syntax for type integer: \"x\"");
    assertThat(bound(RawClient.bind("", "s", TEXT, "1", new byte[] {0, 0, 0, 0, 1})))
        .contains("C=22P03 M=incorrect binary data format in bind parameter 2");
    assertThat(bound(RawClient.bind("", "none", TEXT)))
        .contains("C=26000 M=prepared statement \"none\" does not exist");
    assertThat(bound(RawClient.parse("s", "echo"))).contains("C=42P05");
    assertThat(bound(RawClient.parse("", "echo", 99999)))
        .contains("C=42704 M=type with OID 99999 does not exist");
    assertThat(bound(RawClient.execute("none", 0)))
        .contains("C=34000 M=portal \"none\" does not exist");
    assertThat(bound(RawClient.describe('X', ""))).contains("C=08P01");
    assertThat(bound(RawClient.message('B', body -> body.putByte(0).putByte(0).putShort(9))))
        .contains("C=08P01 M=insufficient data left in message");
  }

  private String bound(byte[] message) throws IOException {
    client.send(message, RawClient.execute("", 0), RawClient.sync());
    List<String> answers = client.untilReady();
    assertThat(answers).hasSize(2);
    return answers.getFirst();
  }

  @Test
  void afterAnErrorEverythingToSyncIsSkipped() throws IOException {
    client.send(
        RawClient.parse("", "bad"),
        RawClient.bind("", "", TEXT),
        RawClient.execute("", 0),
        RawClient.query("rows 1"),
        RawClient.flush(),
        RawClient.sync(),
        RawClient.parse("", "rows 1"),
        RawClient.bind("", "", TEXT),
        RawClient.execute("", 0),
        RawClient.sync());
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR V=ERROR C=42601 M=syntax error at or near \"bad\" P=1", "ZI");
    assertThat(client.untilReady()).containsExactly("1", "2", "D 1 t1", "C SELECT 1", "ZI");
    assertThat(engine.last().calls).containsOnlyOnce("failed");
  }

  @Test
  void aPortalGivesItsRowsInPiecesAndOutlivesSyncInATransaction() throws IOException {
    client.run("begin");
    client.send(
        RawClient.parse("", "rows 5"),
        RawClient.bind("c", "", TEXT),
        RawClient.execute("c", 2),
        RawClient.sync());
    assertThat(client.untilReady()).containsExactly("1", "2", "D 1 t1", "D 2 NULL", "s", "ZT");
    client.send(RawClient.execute("c", 2), RawClient.sync());
    assertThat(client.untilReady()).containsExactly("D 3 t3", "D 4 NULL", "s", "ZT");
    client.send(RawClient.execute("c", 2), RawClient.close('P', "c"), RawClient.sync());
    assertThat(client.untilReady()).containsExactly("D 5 t5", "C SELECT 5", "3", "ZT");
  }

  @Test
  void aLimitThatIsJustReachedSuspends() throws IOException {
    client.send(
        RawClient.parse("", "rows 1"),
        RawClient.bind("", "", TEXT),
        RawClient.execute("", 1),
        RawClient.sync());
    assertThat(client.untilReady()).containsExactly("1", "2", "D 1 t1", "s", "ZI");
    client.send(
        RawClient.parse("", "begin"),
        RawClient.bind("", "", TEXT),
        RawClient.execute("", 1),
        RawClient.sync());
    assertThat(client.untilReady()).containsExactly("1", "2", "C BEGIN", "ZT");
  }

  @Test
  void flushBringsAnswersBeforeSync() throws IOException {
    client.send(RawClient.parse("", "begin"), RawClient.describe('S', ""), RawClient.flush());
    assertThat(client.next()).isEqualTo("1");
    assertThat(client.next()).isEqualTo("t");
    assertThat(client.next()).isEqualTo("n");
    client.send(RawClient.sync());
    assertThat(client.untilReady()).containsExactly("ZI");
  }

  @Test
  void anEmptyStatementIsAnsweredAsSuch() throws IOException {
    client.send(
        RawClient.parse("", ""),
        RawClient.bind("", "", TEXT),
        RawClient.describe('P', ""),
        RawClient.execute("", 0),
        RawClient.sync());
    assertThat(client.untilReady()).containsExactly("1", "2", "n", "I", "ZI");
  }

  @Test
  void asManyParametersAsTheProtocolAllowsAreTaken() throws IOException {
    int count = 65_535;
    int[] oids = new int[count];
    Object[] values = new Object[count];
    java.util.Arrays.fill(oids, 23);
    java.util.Arrays.fill(values, "1");
    client.send(
        RawClient.parse("", "echo", oids), RawClient.bind("", "", TEXT, values), RawClient.sync());
    assertThat(client.untilReady()).containsExactly("1", "2", "ZI");
  }

  @Test
  void aThousandStatementsInOneBatchAreAnsweredOnce() throws IOException {
    ByteSink batch = new ByteSink();
    batch.putBytes(RawClient.parse("s", "echo", 23));
    for (int i = 0; i < 1000; i++) {
      batch
          .putBytes(RawClient.bind("", "s", TEXT, Integer.toString(i)))
          .putBytes(RawClient.execute("", 0));
    }
    batch.putBytes(RawClient.sync());
    client.raw(batch.toByteArray());
    List<String> answers = client.untilReady();
    assertThat(answers).hasSize(3002).contains("D 999", "ZI");
    assertThat(engine.last().calls).contains("sync");
  }
}
