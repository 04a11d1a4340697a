package io.alidade.engine.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Cache lines that will be read soon, asked for together; used by one thread at a time.
///
/// A walk through a graph waits for memory most of its time: each step reads a dozen records that
/// may lie anywhere. Reading them beforehand helps little, since a processor that waits for a load
/// goes only a few hundred instructions beyond it; a prefetch is done with as soon as it is asked
/// for. Java has no instruction for that, so there is [PrefetchCode]; where that cannot be, every
/// line is read once, and all misses begin together at least.
public final class LinePrefetch {
  /// What is fetched at a time.
  public static final int LINE_BYTES = 64;

  /// Lines that are asked for at once at most. The processor keeps far fewer under way; what does
  /// not fit is left out, for all this is advice.
  private static final int CAPACITY = 512;

  private static final @Nullable MethodHandle NATIVE = PrefetchCode.find().orElse(null);

  private final long[] lines = new long[CAPACITY];
  private final MemorySegment segment = MemorySegment.ofArray(lines);
  private int count;
  private int sink;

  /// Whether the processor is told; otherwise lines are read.
  public static boolean isNative() {
    return NATIVE != null;
  }

  /// Adds the line at an address, which can be read.
  public void add(long address) {
    if (count < CAPACITY) {
      lines[count++] = address;
    }
  }

  /// Adds the lines of a stretch.
  public void add(long address, int bytes) {
    for (int offset = 0; offset < bytes; offset += LINE_BYTES) {
      add(address + offset);
    }
  }

  /// Asks for the lines that were added since the last time.
  public void start() {
    if (NATIVE == null) {
      sink += read();
    } else {
      try {
        NATIVE.invokeExact(segment, count);
      } catch (Error | RuntimeException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("the prefetch failed", e);
      }
    }
    count = 0;
  }

  private int read() {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += AddressSpace.getInt(lines[i]);
    }
    return sum;
  }

  /// What reading has read, so that nothing optimises it away.
  int sink() {
    return sink;
  }
}
