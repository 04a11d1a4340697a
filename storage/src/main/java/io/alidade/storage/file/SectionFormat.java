package io.alidade.storage.file;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The bytes around the sections of a checksummed file, version 1; little-endian.
///
/// ```
/// header   64 bytes   magic u64, container version u32, caller's format version u32, zeros,
///                     CRC32C u32
/// sections            each begins at a multiple of 64; zeros between
/// footer              CRC32C u32 of each 64 KB of everything before the footer,
///                     then per section: name length u16, name in UTF-8, offset u64, length u64
/// trailer  32 bytes   footer's offset u64, number of checksums u32, number of sections u32,
///                     CRC32C u32 of the footer, caller's format version u32, CRC32C u32 of the
///                     trailer so far, magic u32
/// ```
final class SectionFormat {
  static final long MAGIC = 0x3143455344494C41L; // "ALIDSEC1"
  static final int TRAILER_MAGIC = 0x444E4541; // "AEND"
  static final int CONTAINER_VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int HEADER_CRC_OFFSET = 60;
  static final int TRAILER_BYTES = 32;
  static final int TRAILER_CRC_OFFSET = 24;
  static final int ALIGNMENT = 64;
  static final int LONGEST_NAME = 1024;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SectionFormat() {}
}
