package io.alidade.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportTest {

  private static Measurements measured(PeerKind kind, double factor) {
    Measurements measured =
        new Measurements(kind, new BuildFigures(2_000_000_000L, 3_000_000_000L, 5_000_000));
    for (int round = 0; round < 3; round++) {
      double noise = 1 + round; // The median is 2.
      measured.add(new Measurements.Sample(round, 10, 0.90, 50 * factor * noise, 99, 700));
      measured.add(new Measurements.Sample(round, 40, 0.97, 100 * factor * noise, 99, -1));
    }
    return measured;
  }

  private static Report report() {
    return new Report(
        Dataset.WORDNET,
        new Workload(Path.of("base"), Path.of("queries"), 384, 1000, 10),
        "Here and now.",
        List.of(measured(PeerKind.ALIDADE_F32, 1), measured(PeerKind.HNSWLIB_F32, 3)),
        List.of("pgvector, SQL (no --postgresql)"));
  }

  @Test
  void theRatioIsThePeersTimeOverOurBest() {
    assertThat(report().markdown())
        .contains("| Alidade, f32 | <= 100 | 164 |")
        .contains("| hnswlib, f32 | <= 300 | 492 (3.00) |")
        .contains("not reached (0.970)")
        .contains("Absent: pgvector, SQL (no --postgresql).");
  }

  @Test
  void everyPassIsALineOfTheRawFigures() {
    assertThat(report().csv().lines())
        .hasSize(1 + 2 * 3 * 2)
        .contains(
            "alidade-f32,0,10,0.9000,50.00,99.00,700", "hnswlib-f32,2,40,0.9700,900.00,99.00,");
  }

  @Test
  void thePlotIsWellFormedAndNamesEveryPeer()
      throws ParserConfigurationException, IOException, SAXException {
    String svg = report().svg();
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg).contains("hnswlib, f32").contains("Alidade, f32");
  }
}
