package io.alidade.sql.execute.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import org.junit.jupiter.api.Test;

final class StatementMemoryTest {
  private static final long MEGA = 1 << 20;

  @Test
  void statementsThatAreSmallEnoughEachAreRefusedTogether() {
    StatementMemory all = new StatementMemory(10 * MEGA);
    MemoryBudget first = new MemoryBudget(8 * MEGA, all);
    MemoryBudget second = new MemoryBudget(8 * MEGA, all);
    first.reserve(7 * MEGA);
    second.reserve(2 * MEGA);
    assertThatThrownBy(() -> second.reserve(4 * MEGA))
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.state()).isEqualTo(SqlState.OUT_OF_MEMORY));
    first.close();
    second.reserve(4 * MEGA);
    second.close();
    assertThat(all.taken()).isZero();
  }
}
