package io.alidade.storage.catalog;

import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ColumnDefinition.Nullability;
import io.alidade.storage.catalog.IndexDefinition.Key;
import io.alidade.storage.catalog.IndexDefinition.Method;
import io.alidade.storage.catalog.IndexDefinition.Order;
import io.alidade.storage.catalog.IndexDefinition.Uniqueness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The bytes of definitions, for the log and the manifest, version 2.
///
/// Numbers are big-endian, a text is its length (u32) and UTF-8, a list its length (u32) and items,
/// an enum constant its name as a text, an optional item a byte 0 or 1 and the item.
public final class CatalogCodec {
  private static final byte VERSION = 2;
  private static final int LONGEST_TEXT = 16 << 20;
  private static final int LONGEST_LIST = 1 << 24;

  private CatalogCodec() {}

  /// Writes one value of a type.
  @FunctionalInterface
  interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /// Reads one value of a type.
  @FunctionalInterface
  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /// A change as bytes.
  public static byte[] bytes(CatalogChange change) {
    return bytes(CatalogCodec::writeChange, change);
  }

  /// A catalog as bytes.
  public static byte[] bytes(Catalog catalog) {
    return bytes(CatalogCodec::writeCatalog, catalog);
  }

  /// @throws IOException when the bytes are no change
  public static CatalogChange readChange(byte[] bytes) throws IOException {
    return read(CatalogCodec::readChange, bytes);
  }

  /// @throws IOException when the bytes are no catalog
  public static Catalog readCatalog(byte[] bytes) throws IOException {
    return read(CatalogCodec::readCatalog, bytes);
  }

  private static <T> byte[] bytes(Writer<T> writer, T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writer.write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  private static <T> T read(Reader<T> reader, byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte version = in.readByte();
      if (version != VERSION) {
        throw new IOException("definitions of version " + version + ", known is " + VERSION);
      }
      T value = reader.read(in);
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes after the definition");
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw new IOException("a definition is not what was written: " + e.getMessage(), e);
    }
  }

  private static void writeChange(DataOutputStream out, CatalogChange change) throws IOException {
    switch (change) {
      case CatalogChange.CreateSchema(var schema) -> {
        out.writeByte(1);
        writeSchema(out, schema);
      }
      case CatalogChange.DropSchema(var name) -> {
        out.writeByte(2);
        writeText(out, name);
      }
      case CatalogChange.CreateTable(var table) -> {
        out.writeByte(3);
        writeTable(out, table);
      }
      case CatalogChange.DropTable(var oid) -> {
        out.writeByte(4);
        out.writeInt(oid);
      }
      case CatalogChange.CreateIndex(var index) -> {
        out.writeByte(5);
        writeIndex(out, index);
      }
      case CatalogChange.DropIndex(var oid) -> {
        out.writeByte(6);
        out.writeInt(oid);
      }
      case CatalogChange.CreateExtension(var extension) -> {
        out.writeByte(7);
        writeExtension(out, extension);
      }
      case CatalogChange.DropExtension(var name) -> {
        out.writeByte(8);
        writeText(out, name);
      }
      case CatalogChange.Truncate(var oid, var generation) -> {
        out.writeByte(9);
        out.writeInt(oid);
        out.writeInt(generation);
      }
      case CatalogChange.SetIndexOptions(var oid, var options) -> {
        out.writeByte(10);
        out.writeInt(oid);
        writeOptions(out, options);
      }
      case CatalogChange.RenameIndex(var oid, var name) -> {
        out.writeByte(11);
        out.writeInt(oid);
        writeText(out, name);
      }
      case CatalogChange.AddConstraint(var table, var constraint) -> {
        out.writeByte(12);
        out.writeInt(table);
        ConstraintCodec.write(out, constraint);
      }
      case CatalogChange.DropConstraint(var table, var constraint) -> {
        out.writeByte(13);
        out.writeInt(table);
        out.writeInt(constraint);
      }
      case CatalogChange.ReplaceConstraint(var table, var constraint) -> {
        out.writeByte(14);
        out.writeInt(table);
        ConstraintCodec.write(out, constraint);
      }
    }
  }

  private static CatalogChange readChange(DataInputStream in) throws IOException {
    int type = in.readByte();
    return switch (type) {
      case 1 -> new CatalogChange.CreateSchema(readSchema(in));
      case 2 -> new CatalogChange.DropSchema(readText(in));
      case 3 -> new CatalogChange.CreateTable(readTable(in));
      case 4 -> new CatalogChange.DropTable(in.readInt());
      case 5 -> new CatalogChange.CreateIndex(readIndex(in));
      case 6 -> new CatalogChange.DropIndex(in.readInt());
      case 7 -> new CatalogChange.CreateExtension(readExtension(in));
      case 8 -> new CatalogChange.DropExtension(readText(in));
      case 9 -> new CatalogChange.Truncate(in.readInt(), in.readInt());
      case 10 -> new CatalogChange.SetIndexOptions(in.readInt(), readOptions(in));
      case 11 -> new CatalogChange.RenameIndex(in.readInt(), readText(in));
      case 12 -> new CatalogChange.AddConstraint(in.readInt(), ConstraintCodec.read(in));
      case 13 -> new CatalogChange.DropConstraint(in.readInt(), in.readInt());
      case 14 -> new CatalogChange.ReplaceConstraint(in.readInt(), ConstraintCodec.read(in));
      default -> throw new IOException("change of a definition of type " + type);
    };
  }

  private static void writeCatalog(DataOutputStream out, Catalog catalog) throws IOException {
    out.writeLong(catalog.version());
    out.writeInt(catalog.nextOid());
    writeList(out, CatalogCodec::writeSchema, List.copyOf(catalog.schemas()));
    writeList(out, CatalogCodec::writeTable, List.copyOf(catalog.tables()));
    writeList(out, CatalogCodec::writeExtension, List.copyOf(catalog.extensions()));
  }

  private static Catalog readCatalog(DataInputStream in) throws IOException {
    long version = in.readLong();
    int nextOid = in.readInt();
    Map<String, SchemaDefinition> schemas = new TreeMap<>();
    readList(in, CatalogCodec::readSchema).forEach(schema -> schemas.put(schema.name(), schema));
    Relations tables = Relations.of(readList(in, CatalogCodec::readTable));
    Map<String, ExtensionDefinition> extensions = new TreeMap<>();
    readList(in, CatalogCodec::readExtension).forEach(it -> extensions.put(it.name(), it));
    return new Catalog(version, nextOid, schemas, tables, extensions);
  }

  private static void writeSchema(DataOutputStream out, SchemaDefinition schema)
      throws IOException {
    out.writeInt(schema.oid());
    writeText(out, schema.name());
  }

  private static SchemaDefinition readSchema(DataInputStream in) throws IOException {
    return new SchemaDefinition(in.readInt(), readText(in));
  }

  private static void writeExtension(DataOutputStream out, ExtensionDefinition extension)
      throws IOException {
    out.writeInt(extension.oid());
    writeText(out, extension.name());
    writeText(out, extension.schema());
    writeText(out, extension.version());
  }

  private static ExtensionDefinition readExtension(DataInputStream in) throws IOException {
    return new ExtensionDefinition(in.readInt(), readText(in), readText(in), readText(in));
  }

  private static void writeTable(DataOutputStream out, TableDefinition table) throws IOException {
    out.writeInt(table.oid());
    writeText(out, table.schema());
    writeText(out, table.name());
    out.writeInt(table.generation());
    writeList(out, CatalogCodec::writeColumn, table.columns());
    writeList(out, CatalogCodec::writeIndex, table.indexes());
    writeList(out, ConstraintCodec::write, table.constraints());
  }

  private static TableDefinition readTable(DataInputStream in) throws IOException {
    return new TableDefinition(
        in.readInt(),
        readText(in),
        readText(in),
        in.readInt(),
        readList(in, CatalogCodec::readColumn),
        readList(in, CatalogCodec::readIndex),
        readList(in, ConstraintCodec::read));
  }

  private static void writeColumn(DataOutputStream out, ColumnDefinition column)
      throws IOException {
    writeText(out, column.name());
    writeType(out, column.type());
    writeText(out, column.nullability().name());
    writeOptional(out, CatalogCodec::writeText, column.defaultExpression());
  }

  private static ColumnDefinition readColumn(DataInputStream in) throws IOException {
    return new ColumnDefinition(
        readText(in),
        readType(in),
        Nullability.valueOf(readText(in)),
        readOptional(in, CatalogCodec::readText));
  }

  private static void writeType(DataOutputStream out, ColumnType type) throws IOException {
    writeText(out, type.kind().name());
    out.writeInt(type.modifier());
    writeOptional(out, CatalogCodec::writeType, type.element());
  }

  private static ColumnType readType(DataInputStream in) throws IOException {
    return new ColumnType(
        ColumnType.Kind.valueOf(readText(in)),
        in.readInt(),
        readOptional(in, CatalogCodec::readType));
  }

  private static void writeIndex(DataOutputStream out, IndexDefinition index) throws IOException {
    out.writeInt(index.oid());
    writeText(out, index.name());
    out.writeInt(index.tableOid());
    writeText(out, index.method().name());
    writeList(out, CatalogCodec::writeKey, index.keys());
    writeText(out, index.uniqueness().name());
    writeOptional(out, (to, distance) -> writeText(to, distance.name()), index.distance());
    writeOptions(out, index.options());
  }

  private static IndexDefinition readIndex(DataInputStream in) throws IOException {
    int oid = in.readInt();
    String name = readText(in);
    int table = in.readInt();
    Method method = Method.valueOf(readText(in));
    List<Key> keys = readList(in, CatalogCodec::readKey);
    Uniqueness uniqueness = Uniqueness.valueOf(readText(in));
    Optional<Distance> distance = readOptional(in, from -> Distance.valueOf(readText(from)));
    return new IndexDefinition(
        oid, name, table, method, keys, uniqueness, distance, readOptions(in));
  }

  private static void writeKey(DataOutputStream out, Key key) throws IOException {
    out.writeInt(key.column());
    writeText(out, key.order().name());
  }

  private static Key readKey(DataInputStream in) throws IOException {
    return new Key(in.readInt(), Order.valueOf(readText(in)));
  }

  private static void writeOptions(DataOutputStream out, Map<String, String> options)
      throws IOException {
    writeList(out, CatalogCodec::writeOption, List.copyOf(options.entrySet()));
  }

  private static Map<String, String> readOptions(DataInputStream in) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    readList(in, CatalogCodec::readOption)
        .forEach(option -> options.put(option.getKey(), option.getValue()));
    return options;
  }

  private static void writeOption(DataOutputStream out, Map.Entry<String, String> option)
      throws IOException {
    writeText(out, option.getKey());
    writeText(out, option.getValue());
  }

  private static Map.Entry<String, String> readOption(DataInputStream in) throws IOException {
    return Map.entry(readText(in), readText(in));
  }

  private static <T> void writeOptional(DataOutputStream out, Writer<T> writer, Optional<T> value)
      throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      writer.write(out, value.get());
    }
  }

  private static <T> Optional<T> readOptional(DataInputStream in, Reader<T> reader)
      throws IOException {
    return in.readBoolean() ? Optional.of(reader.read(in)) : Optional.empty();
  }

  static <T> void writeList(DataOutputStream out, Writer<T> writer, List<T> values)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > LONGEST_LIST) {
      throw new IOException("a list of " + size);
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT || length > in.available()) {
      throw new IOException("a text of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
