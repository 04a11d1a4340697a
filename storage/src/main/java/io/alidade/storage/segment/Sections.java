package io.alidade.storage.segment;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.MemoryAdvice;
import io.alidade.engine.memory.RecordTable;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Tables of records as sections of a file.
final class Sections {
  private static final int RECORDS_AT_ONCE = 1024;

  private Sections() {}

  /// Writes the first records of a table.
  static void write(ChecksummedWriter out, RecordTable table, int count) throws IOException {
    write(out, table, 0, count);
  }

  /// Writes the records from one on up to another.
  static void write(ChecksummedWriter out, RecordTable table, int from, int end)
      throws IOException {
    int stride = table.stride();
    int at = from;
    while (at < end) {
      int run = 1; // Chunks lie apart: only neighbours in memory are written at once.
      while (run < RECORDS_AT_ONCE
          && at + run < end
          && table.address(at + run) == table.address(at) + (long) run * stride) {
        run++;
      }
      out.write(AddressSpace.slice(table.address(at), (long) run * stride));
      at += run;
    }
  }

  /// A section whose length is known.
  static MemorySegment of(ChecksummedFile file, String name, long bytes)
      throws CorruptFileException {
    MemorySegment section = file.section(name);
    if (section.byteSize() != bytes) {
      throw new CorruptFileException(
          file.path(),
          0,
          "section \"" + name + "\" has " + section.byteSize() + " bytes, expected " + bytes);
    }
    return section;
  }

  /// The same, its bytes not yet read and checked.
  static MemorySegment unverified(ChecksummedFile file, String name, long bytes)
      throws CorruptFileException {
    MemorySegment section = file.unverifiedSection(name);
    if (section.byteSize() != bytes) {
      throw new CorruptFileException(
          file.path(),
          0,
          "section \"" + name + "\" has " + section.byteSize() + " bytes, expected " + bytes);
    }
    return section;
  }

  /// Advises about a section, unless its file is so small that it was read: the system would split
  /// the memory that it lies in, and it allows a process only so many pieces.
  static void advise(MemorySegment section, MemoryAdvice.Advice advice) {
    if (section.byteSize() > MappedFile.MOST_READ) {
      MemoryAdvice.give(section.address(), section.byteSize(), advice);
    }
  }
}
