package io.alidade.engine.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// The calls of the operating system (Linux) about memory, as method handles; none of them
/// elsewhere, or in a JVM without native access.
final class SystemCall {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INTEGER = ValueLayout.JAVA_INT;

  private SystemCall() {}

  /// `void *mmap(void *start, size_t bytes, int protection, int flags, int file, off_t offset)`.
  static Optional<MethodHandle> mmap() {
    return find("mmap", FunctionDescriptor.of(WORD, WORD, WORD, INTEGER, INTEGER, INTEGER, WORD));
  }

  /// `int munmap(void *start, size_t bytes)`.
  static Optional<MethodHandle> munmap() {
    return find("munmap", FunctionDescriptor.of(INTEGER, WORD, WORD));
  }

  /// `int mprotect(void *start, size_t bytes, int protection)`.
  static Optional<MethodHandle> mprotect() {
    return find("mprotect", FunctionDescriptor.of(INTEGER, WORD, WORD, INTEGER));
  }

  /// `int madvise(void *start, size_t bytes, int advice)`.
  static Optional<MethodHandle> madvise() {
    return find("madvise", FunctionDescriptor.of(INTEGER, WORD, WORD, INTEGER));
  }

  private static Optional<MethodHandle> find(String name, FunctionDescriptor signature) {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return Optional.empty(); // The numbers that are passed are Linux's.
    }
    try {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find(name)
          .map(function -> linker.downcallHandle(function, signature));
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }
}
