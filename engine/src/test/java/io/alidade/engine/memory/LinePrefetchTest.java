package io.alidade.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

class LinePrefetchTest {

  @Test
  @EnabledOnOs(value = LINUX, architectures = "amd64")
  void theProcessorIsToldWhereThatIsPossible() {
    assertThat(LinePrefetch.isNative()).isTrue();
  }

  @Test
  void memoryIsAsItWasAndMoreLinesThanFitAreLeftOut() {
    try (OffHeapArea area = new OffHeapArea()) {
      long bytes = 1 << 20;
      long address = area.allocate(bytes);
      for (long at = 0; at < bytes; at += Integer.BYTES) {
        AddressSpace.putInt(address + at, (int) at);
      }
      LinePrefetch lines = new LinePrefetch();
      for (int round = 0; round < 20_000; round++) {
        lines.add(address + round % 64 * 1024L, round % 2048);
        lines.start();
      }
      lines.add(address, (int) bytes);
      lines.start();
      lines.start(); // Of nothing.
      for (long at = 0; at < bytes; at += Integer.BYTES) {
        assertThat(AddressSpace.getInt(address + at)).isEqualTo((int) at);
      }
    }
  }

  @Test
  void anAddressThatCannotBeReadIsNoHarmToTheInstruction() {
    if (!LinePrefetch.isNative()) {
      return;
    }
    LinePrefetch lines = new LinePrefetch();
    lines.add(0);
    lines.add(-64);
    lines.start();
    assertThat(LinePrefetch.isNative()).isTrue();
  }
}
