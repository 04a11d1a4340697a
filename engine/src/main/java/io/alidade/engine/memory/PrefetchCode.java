package io.alidade.engine.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// A function of seven instructions, written into a page of memory, that prefetches the cache lines
/// at a list of addresses: `void (const long *addresses, int count)`.
///
/// For x86-64 on Linux. The page can be written or executed, never both at once. A system that
/// refuses such a page, or the property `alidade.prefetch=off`, leaves the walk without it, which
/// then takes half as long again.
final class PrefetchCode {
  /// `off` does without the function.
  static final String PROPERTY = "alidade.prefetch";

  private static final long PAGE = 4096;
  private static final int PROT_READ_WRITE = 3;
  private static final int PROT_READ_EXECUTE = 5;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  /// The calling convention of System V passes the addresses in `rdi`, the count in `esi`.
  private static final int[] X86_64 = {
    0x85, 0xF6, //             test esi, esi
    0x7E, 0x0E, //             jle  end
    0x48, 0x8B, 0x07, // next: mov  rax, [rdi]
    0x0F, 0x18, 0x08, //       prefetcht0 [rax]
    0x48, 0x83, 0xC7, 0x08, // add  rdi, 8
    0xFF, 0xCE, //             dec  esi
    0x75, 0xF2, //             jnz  next
    0xC3, //              end: ret
  };

  private PrefetchCode() {}

  /// The function, to be called with a segment of longs and their number; nothing where it cannot
  /// be.
  static Optional<MethodHandle> find() {
    Optional<MethodHandle> mmap = SystemCall.mmap();
    Optional<MethodHandle> mprotect = SystemCall.mprotect();
    if (mmap.isEmpty()
        || mprotect.isEmpty()
        || !System.getProperty("os.arch", "").equals("amd64")
        || System.getProperty(PROPERTY, "").equals("off")) {
      return Optional.empty();
    }
    try {
      return place(mmap.get(), mprotect.get());
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the system failed", e);
    }
  }

  private static Optional<MethodHandle> place(MethodHandle mmap, MethodHandle mprotect)
      throws Throwable {
    long page = (long) mmap.invokeExact(0L, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
    if (page == -1) {
      return Optional.empty();
    }
    MemorySegment code = AddressSpace.slice(page, PAGE);
    for (int i = 0; i < X86_64.length; i++) {
      code.set(ValueLayout.JAVA_BYTE, i, (byte) X86_64[i]);
    }
    if ((int) mprotect.invokeExact(page, PAGE, PROT_READ_EXECUTE) != 0) {
      return Optional.empty();
    }
    // So short a function needs no change of the thread's state, and may read the heap.
    return Optional.of(
        Linker.nativeLinker()
            .downcallHandle(
                MemorySegment.ofAddress(page),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.critical(true)));
  }
}
