package io.alidade.engine.memory;

import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Anonymous memory mapped by the operating system (Linux), with huge pages asked for.
///
/// @param start what was mapped, from before the aligned address on
/// @param length the mapped bytes
/// @param address the first usable byte, at a huge page's boundary if the piece is that large
record AnonymousMapping(long start, long length, long address) {
  private static final long HUGE_PAGE = 2 << 20;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  private static final int MADV_HUGEPAGE = 14;
  private static final Optional<Calls> CALLS = Calls.find();

  /// The three calls of the operating system.
  private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
    static Optional<Calls> find() {
      Optional<MethodHandle> mmap = SystemCall.mmap();
      Optional<MethodHandle> munmap = SystemCall.munmap();
      Optional<MethodHandle> madvise = SystemCall.madvise();
      return mmap.isPresent() && munmap.isPresent() && madvise.isPresent()
          ? Optional.of(new Calls(mmap.get(), munmap.get(), madvise.get()))
          : Optional.empty(); // Then there is the garbage collector's memory.
    }
  }

  static boolean isAvailable() {
    return CALLS.isPresent();
  }

  static AnonymousMapping map(long bytes) {
    Calls calls = CALLS.orElseThrow();
    long length = bytes >= HUGE_PAGE ? bytes + HUGE_PAGE : bytes;
    try {
      long start =
          (long)
              calls.mmap.invokeExact(
                  0L, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
      if (start == -1) {
        throw new OutOfMemoryError("the system refused " + bytes + " bytes of memory");
      }
      if (bytes < HUGE_PAGE) {
        return new AnonymousMapping(start, length, start);
      }
      long address = (start + HUGE_PAGE - 1) & -HUGE_PAGE;
      // Only advice: refused, the memory works with small pages.
      int ignored = (int) calls.madvise.invokeExact(address, bytes, MADV_HUGEPAGE);
      return new AnonymousMapping(start, length, address);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the system failed", e);
    }
  }

  void unmap() {
    try {
      int status = (int) CALLS.orElseThrow().munmap.invokeExact(start, length);
      if (status != 0) {
        throw new IllegalStateException(length + " bytes at " + start + " could not be unmapped");
      }
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the system failed", e);
    }
  }
}
