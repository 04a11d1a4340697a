package io.alidade.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimpleQueryTest {

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
  void rowsComeWithTheirDescriptionAndTag() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("rows 2"))
          .containsExactly("T n:23:-1:0 t:1043:24:0", "D 1 t1", "D 2 NULL", "C SELECT 2", "ZI");
    }
  }

  @Test
  void statementsOfAScriptRunInOrderAndAnErrorEndsIt() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("begin; rows 1; commit;"))
          .containsExactly(
              "C BEGIN", "T n:23:-1:0 t:1043:24:0", "D 1 t1", "C SELECT 1", "C COMMIT", "ZI");
      assertThat(client.run("begin; fail; rows 1")).hasSize(3).contains("C BEGIN", "ZE");
      assertThat(client.run("rollback")).containsExactly("C ROLLBACK", "ZI");
    }
  }

  @Test
  void anErrorCarriesItsFieldsAndAPositionInTheWholeScript() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("begin; fail"))
          .containsExactly(
              "C BEGIN",
              "E S=ERROR V=ERROR C=22012 M=division by zero P=10 D=a detail H=a hint t=t",
              "ZE");
      assertThat(client.run("rollback; \uD83D\uDE00 syntax error").getFirst())
          .as("characters are counted, not Java's chars")
          .contains("C=42601 ", " P=13");
    }
  }

  @Test
  void anEmptyTextIsAnsweredAsSuch() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("")).containsExactly("I", "ZI");
      assertThat(client.run(" ; ")).containsExactly("I", "ZI");
    }
  }

  @Test
  void aRefusedCommitIsToldInsteadOfSuccess() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("fail at commit"))
          .containsExactly("E S=ERROR V=ERROR C=40001 M=commit refused", "ZI");
    }
  }

  @Test
  void successIsToldWhenTheOutcomeOfTheCommitIsKnownAndWhatWasSentMeanwhileFollows()
      throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("later"));
      client.send(RawClient.query("rows 0"));
      assertThat(client.untilReady()).containsExactly("C UPDATE 1", "ZI");
      assertThat(client.untilReady()).contains("C SELECT 0", "ZI");
    }
  }

  @Test
  void aCommitThatIsRefusedLaterIsToldInsteadOfSuccess() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("fail later"))
          .containsExactly("E S=ERROR V=ERROR C=40001 M=commit refused", "ZI");
      assertThat(client.run("rows 0")).contains("C SELECT 0", "ZI");
    }
  }

  @Test
  void errorsOfTheServerAreToldAndTheSessionGoesOn() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("bug").getFirst()).contains("C=XX000", "a bug");
      assertThat(client.run("deep").getFirst()).contains("C=54001");
      assertThat(client.run("rows 0")).contains("C SELECT 0", "ZI");
    }
  }

  @Test
  void noticesComeAtOnceAndChangedParametersBeforeReady() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("notice; zone Europe/Berlin; rows 0"))
          .containsExactly(
              "N S=NOTICE V=NOTICE C=00000 M=by the way",
              "C DO",
              "C SET",
              "T n:23:-1:0 t:1043:24:0",
              "C SELECT 0",
              "S TimeZone=Europe/Berlin",
              "ZI");
    }
  }

  @Test
  void manyRowsOfAnySizeArrive() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      assertThat(client.run("rows 5000")).hasSize(5003);
      List<String> wide = client.run("wide 20 300000");
      assertThat(wide).hasSize(23);
      assertThat(wide.get(20)).hasSize(300_002);
    }
  }

  @Test
  void textThatIsNotUtf8IsAnErrorOfItsOwn() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.message('Q', body -> body.putByte(0xFF).putByte(0)));
      assertThat(client.untilReady())
          .containsExactly(
              "E S=ERROR V=ERROR C=22021 M=invalid byte sequence for encoding \"UTF8\": 0xff",
              "ZI");
      client.send(RawClient.message('Q', body -> body.putUtf8("no end")));
      assertThat(client.untilReady())
          .containsExactly("E S=ERROR V=ERROR C=08P01 M=invalid string in message", "ZI");
    }
  }

  @Test
  void manyQueriesInOnePacketAreAnsweredInOrder() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.query("begin"), RawClient.query("rows 1"), RawClient.query("commit"));
      assertThat(client.untilReady()).containsExactly("C BEGIN", "ZT");
      assertThat(client.untilReady()).contains("C SELECT 1", "ZT");
      assertThat(client.untilReady()).containsExactly("C COMMIT", "ZI");
    }
  }

  @Test
  void messagesMayArriveByteByByte() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      for (byte b : RawClient.query("rows 1")) {
        client.raw(new byte[] {b});
      }
      assertThat(client.untilReady()).contains("D 1 t1", "C SELECT 1");
    }
  }

  @Test
  void oldFunctionCallsAreRefused() throws IOException {
    try (RawClient client = RawClient.open(server)) {
      client.send(RawClient.message('F', body -> body.putInt(1)));
      assertThat(client.untilReady().getFirst()).contains("C=0A000");
    }
  }
}
