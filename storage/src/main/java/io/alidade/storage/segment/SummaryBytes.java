package io.alidade.storage.segment;

import io.alidade.engine.payload.ValueBounds.Extremes;
import io.alidade.model.ColumnType;
import io.alidade.storage.statistics.ColumnSummary;
import io.alidade.storage.statistics.ColumnSummary.Common;
import io.alidade.storage.statistics.ColumnSummary.Distribution;
import io.alidade.storage.statistics.DistinctSketch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bytes of a column's summary, little-endian, as the section `column.<i>.summary` holds them.
///
/// ```
/// u64 rows, u64 NULLs, u64 bytes, u32 0 or 2, so many values: the least and the greatest
/// u64 rows of the sample, u64 values that are not common
/// u32 common values, each u64 count and value; u32 bounds, each a value
/// the sketch of the distinct values ([DistinctSketch#toBytes])
/// value: u32 length, bytes as [ValueBytes] has them
/// ```
final class SummaryBytes {
  private SummaryBytes() {}

  static byte[] of(ColumnType type, ColumnSummary summary) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    putLong(out, summary.rows());
    putLong(out, summary.nulls());
    putLong(out, summary.bytes());
    putInt(out, summary.extremes().isPresent() ? 2 : 0);
    summary
        .extremes()
        .ifPresent(extremes -> {
          putValue(out, type, extremes.least());
          putValue(out, type, extremes.greatest());
        });
    Distribution distribution = summary.distribution();
    putLong(out, distribution.sampled());
    putLong(out, distribution.rest());
    putInt(out, distribution.common().size());
    for (Common common : distribution.common()) {
      putLong(out, common.count());
      putValue(out, type, common.value());
    }
    putInt(out, distribution.bounds().size());
    distribution.bounds().forEach(bound -> putValue(out, type, bound));
    out.writeBytes(summary.distinct().toBytes());
    return out.toByteArray();
  }

  private static void putLong(ByteArrayOutputStream out, long value) {
    out.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static void putInt(ByteArrayOutputStream out, int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void putValue(ByteArrayOutputStream out, ColumnType type, Object value) {
    byte[] bytes = ValueBytes.of(type, value);
    putInt(out, bytes.length);
    out.writeBytes(bytes);
  }

  /// Reads what [#of] gave.
  ///
  /// @throws RuntimeException for other bytes
  static ColumnSummary read(ColumnType type, ByteBuffer bytes) {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    long rows = in.getLong();
    long nulls = in.getLong();
    long width = in.getLong();
    Optional<Extremes> extremes =
        in.getInt() == 0
            ? Optional.empty()
            : Optional.of(new Extremes(value(type, in), value(type, in)));
    long sampled = in.getLong();
    long rest = in.getLong();
    List<Common> common = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      long count = in.getLong();
      common.add(new Common(value(type, in), count));
    }
    List<Object> bounds = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      bounds.add(value(type, in));
    }
    return new ColumnSummary(
        rows,
        nulls,
        width,
        extremes,
        DistinctSketch.read(in),
        new Distribution(sampled, common, bounds, rest));
  }

  private static Object value(ColumnType type, ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return ValueBytes.read(type, bytes);
  }
}
