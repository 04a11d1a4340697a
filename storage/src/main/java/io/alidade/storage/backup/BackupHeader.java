package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a backup says of itself.
///
/// @param history whose backup it is
/// @param scope whether everything is in it
/// @param lsn the last commit that is in it
/// @param logFrom where the log has to be read from to go on from it
/// @param epoch the opening of the log at that time; no later one has a lower number
/// @param micros when it was taken, in microseconds since 1970-01-01 UTC: every commit in it is
///   older
/// @param tables the tables in it, each as schema, dot, name
/// @param files how many files it holds
/// @param bytes how many bytes these have together
public record BackupHeader(
    History history,
    Scope scope,
    long lsn,
    long logFrom,
    long epoch,
    long micros,
    List<String> tables,
    int files,
    long bytes) {

  private static final int MAX_TABLES = 10_000_000;

  public BackupHeader {
    tables = List.copyOf(tables);
  }

  /// Of what a backup is.
  public enum Scope {
    DATABASE,
    /// One table.
    TABLE
  }

  /// The same of so many files.
  BackupHeader of(int newFiles, long newBytes) {
    return new BackupHeader(
        history, scope, lsn, logFrom, epoch, micros, tables, newFiles, newBytes);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeText(out, history.text());
      out.writeByte(scope == Scope.DATABASE ? 1 : 2);
      out.writeLong(lsn);
      out.writeLong(logFrom);
      out.writeLong(epoch);
      out.writeLong(micros);
      out.writeInt(files);
      out.writeLong(this.bytes);
      out.writeInt(tables.size());
      for (String table : tables) {
        writeText(out, table);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e); // Memory does not fail so.
    }
    return bytes.toByteArray();
  }

  static BackupHeader decode(Path source, byte[] bytes) throws CorruptFileException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      History history = History.parse(source, readText(in));
      Scope scope =
          switch (in.readByte()) {
            case 1 -> Scope.DATABASE;
            case 2 -> Scope.TABLE;
            default -> throw new CorruptFileException(source, 0, "a backup of unknown scope");
          };
      long lsn = in.readLong();
      long logFrom = in.readLong();
      long epoch = in.readLong();
      long micros = in.readLong();
      int files = in.readInt();
      long size = in.readLong();
      int count = in.readInt();
      if (count < 0 || count > MAX_TABLES) {
        throw new CorruptFileException(source, 0, count + " tables in the header");
      }
      List<String> tables = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tables.add(readText(in));
      }
      return new BackupHeader(history, scope, lsn, logFrom, epoch, micros, tables, files, size);
    } catch (IOException e) {
      throw new CorruptFileException(source, 0, "the header is cut short");
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("text of " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
