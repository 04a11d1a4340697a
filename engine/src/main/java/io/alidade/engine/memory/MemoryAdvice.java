package io.alidade.engine.memory;

import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What the operating system (Linux) is told about how mapped memory will be read. Without effect
/// elsewhere, and where the system does not know the advice.
public final class MemoryAdvice {
  private static final long PAGE = 4096;
  private static final Optional<MethodHandle> MADVISE = SystemCall.madvise();

  /// The advice.
  public enum Advice {
    /// Pages here and there: nothing is read ahead.
    RANDOM(1),
    /// Soon all of it: reading begins at once.
    WILL_NEED(3),
    /// Not soon: its pages may go, and come back when they are read.
    PAGE_OUT(21);

    private final int number;

    Advice(int number) {
      this.number = number;
    }
  }

  private MemoryAdvice() {}

  /// Advises about the whole pages from an address on.
  public static void give(long address, long bytes, Advice advice) {
    long from = (address + PAGE - 1) & -PAGE;
    long end = (address + bytes) & -PAGE;
    if (MADVISE.isEmpty() || end <= from) {
      return;
    }
    try {
      // Only advice: refused, everything works as well, if not as fast.
      int ignored = (int) MADVISE.get().invokeExact(from, end - from, advice.number);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the system failed", e);
    }
  }
}
