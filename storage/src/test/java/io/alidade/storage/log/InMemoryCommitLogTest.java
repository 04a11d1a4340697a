package io.alidade.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class InMemoryCommitLogTest extends CommitLogContract {
  @Override
  CommitLog begin() {
    return CommitLog.inMemory(CommitLog.Retention.UNTIL_DROPPED);
  }

  @Test
  void withoutRetentionOnlyLsnsAreGivenOut() throws IOException {
    try (CommitLog forgetful = CommitLog.inMemory(CommitLog.Retention.NOTHING)) {
      assertThat(forgetful.append(1, bytes("a"))).isEqualTo(1);
      assertThat(forgetful.force()).isEqualTo(1);
      assertThatThrownBy(() -> forgetful.read(1)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
