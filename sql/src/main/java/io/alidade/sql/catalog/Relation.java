package io.alidade.sql.catalog;

import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;

/// What a name in FROM can stand for: a stored table or a system relation.
public sealed interface Relation {
  int oid();

  String schema();

  String name();

  List<ColumnDefinition> columns();

  /// A table with rows of its own.
  record Stored(TableDefinition definition) implements Relation {
    @Override
    public int oid() {
      return definition.oid();
    }

    @Override
    public String schema() {
      return definition.schema();
    }

    @Override
    public String name() {
      return definition.name();
    }

    @Override
    public List<ColumnDefinition> columns() {
      return definition.columns();
    }
  }

  /// A relation computed from the catalog.
  record System(SystemRelation definition) implements Relation {
    @Override
    public int oid() {
      return definition.oid();
    }

    @Override
    public String schema() {
      return definition.schema();
    }

    @Override
    public String name() {
      return definition.name();
    }

    @Override
    public List<ColumnDefinition> columns() {
      return definition.columns();
    }
  }
}
