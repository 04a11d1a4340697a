package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Relations about what there is none of here, such as policies, triggers and publications. psql's
/// `\d` asks them about every table.
final class EmptyRelations {
  private EmptyRelations() {}

  static List<SystemRelation> all() {
    return List.of(
        relation(3456, "pg_collation", "oid oid, collname name, collnamespace oid"),
        relation(
            2611,
            "pg_inherits",
            "inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool"),
        relation(
            3256,
            "pg_policy",
            "oid oid, polname name, polrelid oid, polcmd char, polpermissive bool,"
                + " polroles _oid, polqual text, polwithcheck text"),
        relation(
            3381,
            "pg_statistic_ext",
            "oid oid, stxrelid oid, stxname name, stxnamespace oid, stxstattarget int4,"
                + " stxkeys _int2, stxkind _char"),
        relation(6104, "pg_publication", "oid oid, pubname name, puballtables bool"),
        relation(
            6106,
            "pg_publication_rel",
            "oid oid, prpubid oid, prrelid oid, prqual text, prattrs _int2"),
        relation(6237, "pg_publication_namespace", "oid oid, pnpubid oid, pnnspid oid"),
        relation(
            2620,
            "pg_trigger",
            "oid oid, tgrelid oid, tgparentid oid, tgname name, tgenabled char,"
                + " tgisinternal bool"),
        relation(
            2618,
            "pg_rewrite",
            "oid oid, rulename name, ev_class oid, ev_type char, ev_enabled char"),
        relation(1261, "pg_auth_members", "roleid oid, member oid, grantor oid, admin_option bool"),
        relation(3118, "pg_foreign_table", "ftrelid oid, ftserver oid, ftoptions _text"),
        relation(1417, "pg_foreign_server", "oid oid, srvname name"));
  }

  /// @param columns each a name and a type, parted by commas
  private static SystemRelation relation(int oid, String name, String columns) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (String column : columns.split(",", -1)) {
      List<String> words = List.of(column.strip().split(" ", -1));
      ColumnType type =
          io.alidade.model.codec.TypeOids.byName(words.get(1))
              .orElseThrow(() -> new IllegalStateException(column));
      definitions.add(ColumnDefinition.nullable(words.getFirst(), type));
    }
    return new SystemRelation(oid, Catalog.PG_CATALOG, name, definitions, (_, _) -> Stream.empty());
  }
}
