package io.alidade.storage.catalog;

import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Inheritance;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/// The bytes of constraints within definitions: a byte that says which kind, then its parts in
/// their order, in the forms of [CatalogCodec].
final class ConstraintCodec {
  private static final int CHECK = 1;
  private static final int KEY = 2;
  private static final int FOREIGN_KEY = 3;

  private ConstraintCodec() {}

  static void write(DataOutputStream out, ConstraintDefinition constraint) throws IOException {
    switch (constraint) {
      case ConstraintDefinition.Check check -> {
        writeHead(out, CHECK, check);
        CatalogCodec.writeText(out, check.condition());
        CatalogCodec.writeText(out, check.shown());
        CatalogCodec.writeText(out, check.pretty());
        writeColumns(out, check.columns());
        CatalogCodec.writeText(out, check.validity().name());
        CatalogCodec.writeText(out, check.inheritance().name());
      }
      case ConstraintDefinition.Key key -> {
        writeHead(out, KEY, key);
        out.writeInt(key.indexOid());
        CatalogCodec.writeText(out, key.deferral().name());
      }
      case ConstraintDefinition.ForeignKey key -> {
        writeHead(out, FOREIGN_KEY, key);
        writeColumns(out, key.columns());
        out.writeInt(key.referencedTable());
        out.writeInt(key.referencedIndex());
        writeColumns(out, key.referencedColumns());
        CatalogCodec.writeText(out, key.match().name());
        CatalogCodec.writeText(out, key.onDelete().name());
        writeColumns(out, key.resetOnDelete());
        CatalogCodec.writeText(out, key.onUpdate().name());
        CatalogCodec.writeText(out, key.deferral().name());
        CatalogCodec.writeText(out, key.validity().name());
      }
    }
  }

  private static void writeHead(DataOutputStream out, int kind, ConstraintDefinition constraint)
      throws IOException {
    out.writeByte(kind);
    out.writeInt(constraint.oid());
    CatalogCodec.writeText(out, constraint.name());
  }

  static ConstraintDefinition read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    int oid = in.readInt();
    String name = CatalogCodec.readText(in);
    return switch (kind) {
      case CHECK ->
          new ConstraintDefinition.Check(
              oid,
              name,
              CatalogCodec.readText(in),
              CatalogCodec.readText(in),
              CatalogCodec.readText(in),
              readColumns(in),
              Validity.valueOf(CatalogCodec.readText(in)),
              Inheritance.valueOf(CatalogCodec.readText(in)));
      case KEY ->
          new ConstraintDefinition.Key(
              oid, name, in.readInt(), Deferral.valueOf(CatalogCodec.readText(in)));
      case FOREIGN_KEY ->
          new ConstraintDefinition.ForeignKey(
              oid,
              name,
              readColumns(in),
              in.readInt(),
              in.readInt(),
              readColumns(in),
              Match.valueOf(CatalogCodec.readText(in)),
              Action.valueOf(CatalogCodec.readText(in)),
              readColumns(in),
              Action.valueOf(CatalogCodec.readText(in)),
              Deferral.valueOf(CatalogCodec.readText(in)),
              Validity.valueOf(CatalogCodec.readText(in)));
      default -> throw new IOException("constraint of kind " + kind);
    };
  }

  private static void writeColumns(DataOutputStream out, List<Integer> columns) throws IOException {
    CatalogCodec.writeList(out, DataOutputStream::writeInt, columns);
  }

  private static List<Integer> readColumns(DataInputStream in) throws IOException {
    return CatalogCodec.readList(in, DataInputStream::readInt);
  }
}
