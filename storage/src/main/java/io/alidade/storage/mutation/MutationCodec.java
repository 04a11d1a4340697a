package io.alidade.storage.mutation;

import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.CatalogCodec;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The bytes of mutations, as the package's documentation has them.
public final class MutationCodec {
  private static final int VERSION = 2;
  private static final int TIME_OFFSET = 1;
  private static final int HEADER_BYTES = TIME_OFFSET + Long.BYTES;
  private static final int CATALOG_CHANGE = 1;
  private static final int DELETE_ROWS = 2;
  private static final int INSERT_ROWS = 3;
  private static final int DISCARD_ROWS = 4;

  private MutationCodec() {}

  /// Begins a payload.
  public static void begin(GrowingBytes out) {
    out.clear();
    out.putByte(VERSION);
    out.putLong(0);
  }

  /// Writes into a payload when it was committed, in microseconds since 1970-01-01 UTC.
  public static void stamp(ByteBuffer payload, long micros) {
    payload
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(payload.position() + TIME_OFFSET, micros);
  }

  /// When a payload was committed, in microseconds since 1970-01-01 UTC; 0 if it is not a commit's.
  public static long time(ByteBuffer payload) throws MalformedBytesException {
    if (payload.remaining() < HEADER_BYTES) {
      throw new MalformedBytesException("mutations are cut short");
    }
    return payload
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong(payload.position() + TIME_OFFSET);
  }

  /// Whether nothing follows the beginning.
  public static boolean isEmpty(GrowingBytes out) {
    return out.size() <= HEADER_BYTES;
  }

  public static void putCatalogChange(GrowingBytes out, CatalogChange change) {
    byte[] bytes = CatalogCodec.bytes(change);
    out.putByte(CATALOG_CHANGE);
    out.putInt(bytes.length);
    out.putBytes(bytes);
  }

  /// Writes the deletion of some of the row ids, from one index up to another.
  public static void putDeleteRows(
      GrowingBytes out, int tableOid, long[] rowIds, int from, int to) {
    out.putByte(DELETE_ROWS);
    out.putInt(tableOid);
    out.putInt(to - from);
    for (int i = from; i < to; i++) {
      out.putLong(rowIds[i]);
    }
  }

  public static void putDiscardRows(
      GrowingBytes out, int tableOid, int generation, int[] numbers, int from, int to) {
    out.putByte(DISCARD_ROWS);
    out.putInt(tableOid);
    out.putInt(generation);
    out.putInt(to - from);
    for (int i = from; i < to; i++) {
      out.putInt(numbers[i]);
    }
  }

  /// Begins an insertion; the block follows, then [#endInsertRows].
  ///
  /// @return what to give to [#endInsertRows]
  public static int beginInsertRows(
      GrowingBytes out, int tableOid, int generation, int count, int columns) {
    out.putByte(INSERT_ROWS);
    out.putInt(tableOid);
    out.putInt(generation);
    out.putInt(count);
    out.putInt(columns);
    return out.skip(Integer.BYTES);
  }

  /// Ends an insertion.
  public static void endInsertRows(GrowingBytes out, int mark) {
    out.setInt(mark, out.size() - mark - Integer.BYTES);
  }

  /// Reads a payload.
  public static List<Mutation> read(ByteBuffer payload) throws MalformedBytesException {
    ByteBuffer in = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new MalformedBytesException(
            "mutations of version " + version + ", known is " + VERSION);
      }
      in.position(in.position() + Long.BYTES); // The time, which changes nothing.
      List<Mutation> mutations = new ArrayList<>();
      while (in.hasRemaining()) {
        mutations.add(readOne(in));
      }
      return mutations;
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | IOException e) {
      throw new MalformedBytesException("mutations are cut short", e);
    }
  }

  private static Mutation readOne(ByteBuffer in) throws MalformedBytesException, IOException {
    int type = in.get();
    return switch (type) {
      case CATALOG_CHANGE -> {
        byte[] bytes = new byte[count(in, 1)];
        in.get(bytes);
        yield new Mutation.ChangeCatalog(CatalogCodec.readChange(bytes));
      }
      case DELETE_ROWS -> {
        int table = in.getInt();
        long[] rowIds = new long[count(in, Long.BYTES)];
        in.slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(rowIds);
        in.position(in.position() + rowIds.length * Long.BYTES);
        yield new Mutation.DeleteRows(table, rowIds);
      }
      case INSERT_ROWS -> {
        int table = in.getInt();
        int generation = in.getInt();
        int rows = in.getInt();
        int columns = in.getInt();
        int length = count(in, 1);
        ByteBuffer block = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        yield new Mutation.InsertRows(
            table, generation, new Mutation.RowBlock(rows, columns, block));
      }
      case DISCARD_ROWS -> {
        int table = in.getInt();
        int generation = in.getInt();
        int[] numbers = new int[count(in, Integer.BYTES)];
        in.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(numbers);
        in.position(in.position() + numbers.length * Integer.BYTES);
        yield new Mutation.DiscardRows(table, generation, numbers);
      }
      default -> throw new MalformedBytesException("mutation of type " + type);
    };
  }

  /// A count that the rest of the bytes has room for, so that a wrong one asks for no memory.
  private static int count(ByteBuffer in, int bytesEach) throws MalformedBytesException {
    int count = in.getInt();
    if (count < 0 || (long) count * bytesEach > in.remaining()) {
      throw new MalformedBytesException(count + " items in " + in.remaining() + " bytes");
    }
    return count;
  }
}
