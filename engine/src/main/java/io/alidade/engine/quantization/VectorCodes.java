package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.LinePrefetch;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.ReaderCount;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.vector.RowFloats;
import io.alidade.engine.vector.Scorer;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// The codes of one vector column of one segment: a record for each ordinal, beside the vectors.
///
/// A record is written before its ordinal becomes known to readers, through something that orders
/// memory. Codes that an index may replace are read between [#hold] and [#release] and freed once
/// they are retired and no reader holds them. Thread-safety: any number of readers and of threads
/// that [#encode] different ordinals.
public final class VectorCodes implements AutoCloseable {
  /// Scorers kept for the next query; more at once are made as needed and then dropped.
  private static final int POOLED_SCORERS = 2 * Runtime.getRuntime().availableProcessors();

  private static final int ROWS_BETWEEN_CHECKPOINTS = 1024;

  private final BlockingQueue<EstimatingScorer> scorers = new ArrayBlockingQueue<>(POOLED_SCORERS);
  private final Codec codec;
  private final VectorStore vectors;
  private final RecordTable records;
  private final Optional<OffHeapArea> area;
  private final ReaderCount readers = new ReaderCount(this::close);
  private volatile int reserved;

  private VectorCodes(
      Codec codec, VectorStore vectors, RecordTable records, Optional<OffHeapArea> area) {
    this.codec = codec;
    this.vectors = vectors;
    this.records = records;
    this.area = area;
  }

  /// No codes yet, to be filled.
  public static VectorCodes create(Codec codec, VectorStore vectors) {
    OffHeapArea area = new OffHeapArea();
    RecordTable records = RecordTable.growing(area, codec.recordBytes());
    return new VectorCodes(codec, vectors, records, Optional.of(area));
  }

  /// Saved codes, used where they lie.
  ///
  /// @throws CorruptCodesException when they are not codes of these vectors
  public static VectorCodes open(VectorStore vectors, long address, long bytes)
      throws CorruptCodesException {
    CodesFile.Opened opened = CodesFile.open(vectors, address, bytes);
    VectorCodes codes =
        new VectorCodes(opened.codec(), vectors, opened.records(), Optional.empty());
    codes.reserved = opened.count();
    return codes;
  }

  public Codec codec() {
    return codec;
  }

  /// Makes room for the ordinals 0 to `count - 1`.
  public void reserve(int count) {
    records.reserve(count);
    reserved = Math.max(reserved, count);
  }

  /// The ordinals below this have a place; only those may be asked for.
  public int reserved() {
    return reserved;
  }

  /// Writes the codes of some ordinals, for which there is room. Rows without a vector are left
  /// out.
  public void encode(Codec.Encoder encoder, int from, int end) {
    RowFloats rows = new RowFloats(vectors);
    for (int ordinal = from; ordinal < end; ordinal++) {
      if (vectors.isPresent(ordinal)) {
        encoder.encode(
            rows.address(ordinal), vectors.inverseNorm(ordinal), records.address(ordinal));
      }
    }
    Reference.reachabilityFence(rows);
  }

  /// The same, passing a checkpoint now and then.
  ///
  /// @param checkpoint what it throws ends the work
  public void encode(Codec.Encoder encoder, int from, int end, Runnable checkpoint) {
    for (int first = from; first < end; first += ROWS_BETWEEN_CHECKPOINTS) {
      checkpoint.run();
      encode(encoder, first, Math.min(end, first + ROWS_BETWEEN_CHECKPOINTS));
    }
    checkpoint.run();
  }

  /// The bytes that [#writeTo] writes for so many ordinals.
  public long savedBytes(int count) {
    return CodesFile.bytes(codec, count);
  }

  /// Writes the codes of the first `count` ordinals in the form that [#open] takes.
  public void writeTo(WritableByteChannel channel, int count) throws IOException {
    CodesFile.write(codec, records, count, channel);
  }

  /// The address of the record of an ordinal below [#reserved], of [Codec#recordBytes] bytes: to be
  /// copied to where it is compared.
  public long recordAddress(int ordinal) {
    return records.address(ordinal);
  }

  /// Begins to read them, unless they are out of use; [#release] must follow if they are not.
  public boolean hold() {
    return area.isEmpty() || readers.enter(); // What is mapped is freed by who has mapped it.
  }

  /// Ends what [#hold] began.
  public void release() {
    if (area.isPresent()) {
      readers.leave();
    }
  }

  /// Takes them out of use: nobody can hold them from now on, and their memory is freed when the
  /// last who does has released them.
  public void retire() {
    readers.retire();
  }

  /// Whether they were retired and have been freed.
  public boolean isFreed() {
    return readers.isFreed();
  }

  /// The codes' own memory, touched or not; none if they are mapped or freed.
  public long allocatedBytes() {
    return isFreed() ? 0 : area.map(OffHeapArea::allocatedBytes).orElse(0L);
  }

  /// A scorer by codes, for one thread.
  public EstimatingScorer newScorer() {
    return new RecordScorer();
  }

  /// A scorer that was given back, or a new one: making one for each query would be dear.
  public Scorer takeScorer() {
    EstimatingScorer pooled = scorers.poll();
    return pooled != null ? pooled : newScorer();
  }

  /// Keeps a scorer that [#takeScorer] gave for the next query.
  public void giveBack(Scorer scorer) {
    if (scorer instanceof EstimatingScorer own) {
      scorers.offer(own); // One too many is left to the garbage collector.
    }
  }

  /// Frees the codes' own memory. No reader may be in it.
  @Override
  public void close() {
    area.ifPresent(OffHeapArea::close);
  }

  private final class RecordScorer implements EstimatingScorer {
    private static final int INITIAL_BATCH = 64;
    private static final int LINE = 64;

    private final CodeScorer scorer = codec.newScorer();

    /// Of records longer than two lines the first is enough: the processor fetches the next.
    private final int touchedBytes = codec.recordBytes() <= 2 * LINE ? codec.recordBytes() : LINE;

    private long[] addresses = new long[INITIAL_BATCH];
    private final float[] one = new float[1];
    private int sink;

    @Override
    public void setQuery(float[] vector) {
      scorer.setQuery(vector);
    }

    @Override
    public boolean isUndefined() {
      return scorer.isUndefined();
    }

    @Override
    public void keys(int[] ordinals, int from, int count, float[] keys) {
      if (addresses.length < count) {
        addresses = new long[Math.max(count, 2 * addresses.length)];
      }
      long[] batch = addresses;
      int touched = 0;
      for (int i = 0; i < count; i++) {
        long record = records.address(ordinals[from + i]);
        batch[i] = record;
        // Java has no prefetch: all misses start here.
        for (int line = 0; line < touchedBytes; line += LINE) {
          touched += AddressSpace.getInt(record + line);
        }
      }
      sink += touched;
      scorer.keys(batch, count, keys);
    }

    @Override
    public void keys(int first, int count, float[] keys) {
      if (records.following(first, count) == count) {
        scorer.keys(records.address(first), count, keys);
        return;
      }
      for (int i = 0; i < count; i++) { // Across the pieces of a growing table, which are few.
        keys[i] = key(first + i);
      }
    }

    @Override
    public float key(int ordinal) {
      addresses[0] = records.address(ordinal);
      scorer.keys(addresses, 1, one);
      return one[0];
    }

    @Override
    public void prefetch(int[] ordinals, int count, LinePrefetch lines) {
      for (int i = 0; i < count; i++) {
        lines.add(records.address(ordinals[i]), touchedBytes);
      }
    }

    @Override
    public void keysOfCopies(long[] copies, int count, float[] keys) {
      scorer.keys(copies, count, keys);
    }

    @Override
    public void keysOfCopies(long first, int count, float[] keys) {
      scorer.keys(first, count, keys);
    }

    @Override
    public void prefetchCopies(long[] copies, int count, LinePrefetch lines) {
      for (int i = 0; i < count; i++) {
        lines.add(copies[i], touchedBytes);
      }
    }

    @Override
    public float errorOf(int ordinal) {
      return scorer.errorOf(records.address(ordinal));
    }

    @Override
    public String toString() {
      return codec.method() + " " + (sink & 1); // Nothing may optimise the sink away.
    }
  }
}
