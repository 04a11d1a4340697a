package io.alidade.storage.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/// Reserves a file's blocks without writing them: `posix_fallocate`.
///
/// Writing to the file through a mapping can then no longer find the disk full.
public final class SpaceReservation {
  private static final int OPEN_FOR_WRITING = 1; // O_WRONLY, the same on every Unix.
  private static final int NO_SPACE = 28; // ENOSPC
  private static final Optional<Calls> CALLS = Calls.find();

  private SpaceReservation() {}

  /// Reserves the first bytes of a file that is there.
  ///
  /// @return false if this system or file system cannot, and the bytes have to be written
  /// @throws IOException "No space left on device"
  public static boolean reserve(Path file, long bytes) throws IOException {
    if (CALLS.isEmpty()) {
      return false;
    }
    int result = CALLS.get().reserve(file, bytes);
    if (result == NO_SPACE) {
      throw new IOException(file + ": No space left on device");
    }
    return result == 0;
  }

  private record Calls(MethodHandle open, MethodHandle posixFallocate, MethodHandle close) {
    static Optional<Calls> find() {
      Linker linker = Linker.nativeLinker();
      var lookup = linker.defaultLookup();
      var open = lookup.find("open");
      var fallocate = lookup.find("posix_fallocate");
      var close = lookup.find("close");
      if (open.isEmpty() || fallocate.isEmpty() || close.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Calls(
              linker.downcallHandle(
                  open.get(),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                  Linker.Option.firstVariadicArg(2)),
              linker.downcallHandle(
                  fallocate.get(),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG)),
              linker.downcallHandle(
                  close.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))));
    }

    /// What `posix_fallocate` returned: 0 or an error number.
    int reserve(Path file, long bytes) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom(file.toString());
        int descriptor = (int) open.invokeExact(name, OPEN_FOR_WRITING);
        if (descriptor < 0) {
          throw new IOException(file + " could not be opened to reserve its space");
        }
        int result = (int) posixFallocate.invokeExact(descriptor, 0L, bytes);
        int closed = (int) close.invokeExact(descriptor);
        if (closed != 0) {
          throw new IOException(file + " could not be closed after its space was reserved");
        }
        return result;
      } catch (IOException | RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) { // invokeExact declares it; these calls throw nothing else.
        throw new IllegalStateException(impossible);
      }
    }
  }
}
