package io.alidade.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RecordTableTest {
  private static final int RECORDS = 200_000;
  private static final int STRIDE = 64;

  @Test
  void recordsKeepTheirAddressesAndContentsWhileTheTableGrows() {
    try (OffHeapArea area = new OffHeapArea()) {
      RecordTable table = RecordTable.growing(area, STRIDE);
      long[] addresses = new long[RECORDS];
      for (int i = 0; i < RECORDS; i++) {
        table.reserve(i + 1);
        addresses[i] = table.address(i);
        assertThat(AddressSpace.getInt(addresses[i])).isZero();
        assertThat(addresses[i] % STRIDE).isZero();
        AddressSpace.putInt(addresses[i], i);
        AddressSpace.putInt(addresses[i] + STRIDE - Integer.BYTES, i);
      }
      for (int i = 0; i < RECORDS; i++) {
        assertThat(table.address(i)).isEqualTo(addresses[i]);
        assertThat(AddressSpace.getInt(addresses[i])).isEqualTo(i);
        assertThat(AddressSpace.getInt(addresses[i] + STRIDE - Integer.BYTES)).isEqualTo(i);
      }
    }
  }

  @Test
  void aMappedTableIsOnePiece() {
    try (OffHeapArea area = new OffHeapArea()) {
      long address = area.allocate(1000 * 12);
      RecordTable table = RecordTable.mapped(address, 12, 1000);
      assertThat(table.address(0)).isEqualTo(address);
      assertThat(table.address(999)).isEqualTo(address + 999 * 12);
      assertThatThrownBy(() -> table.reserve(1001)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void freedMemoryGivesNoMore() {
    OffHeapArea area = new OffHeapArea();
    area.allocate(1 << 22);
    area.close();
    area.close();
    assertThatThrownBy(() -> area.allocate(8)).isInstanceOf(IllegalStateException.class);
  }
}
