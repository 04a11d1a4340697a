package io.alidade.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DemoTest {
  @Test
  void theExampleIsAmongTheFirstRows() throws Exception {
    assertThat(WordNet.read().subList(0, Demo.MIN_ROWS))
        .anyMatch(synset -> synset.id() == Demo.EXAMPLE && synset.word().equals("organ"));
  }
}
