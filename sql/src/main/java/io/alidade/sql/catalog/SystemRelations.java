package io.alidade.sql.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All system relations by schema and name.
public final class SystemRelations {
  /// The name of SQL's standard schema of views.
  public static final String INFORMATION_SCHEMA = "information_schema";

  private static final Map<String, SystemRelation> BY_NAME =
      index(
          Stream.of(
                  TypeRelations.all(),
                  ClassRelations.all(),
                  IndexRelations.all(),
                  ConstraintRelations.all(),
                  ConstraintViews.all(),
                  ServerRelations.all(),
                  InformationSchema.all(),
                  FunctionRelations.all(),
                  VectorIndexRelations.all(),
                  StatisticsRelations.all(),
                  MemoryRelations.all(),
                  ActivityRelations.all(),
                  EmptyRelations.all())
              .flatMap(List::stream)
              .toList());

  private SystemRelations() {}

  private static Map<String, SystemRelation> index(List<SystemRelation> relations) {
    Map<String, SystemRelation> index = new LinkedHashMap<>();
    for (SystemRelation relation : relations) {
      if (index.put(relation.schema() + "." + relation.name(), relation) != null) {
        throw new IllegalStateException("two relations " + relation.name());
      }
    }
    return index;
  }

  static Optional<SystemRelation> find(String schema, String name) {
    return Optional.ofNullable(BY_NAME.get(schema + "." + name));
  }

  /// All of them.
  public static Collection<SystemRelation> all() {
    return BY_NAME.values();
  }
}
