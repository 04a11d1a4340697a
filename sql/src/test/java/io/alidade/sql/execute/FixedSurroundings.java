package io.alidade.sql.execute;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.sql.function.ObjectNames;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Surroundings of a statement that never change.
final class FixedSurroundings implements EvaluationContext, ObjectNames {
  private final Random random = new Random(1);

  @Override
  public ZoneId timeZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public long statementTimestamp() {
    return 0;
  }

  @Override
  public long transactionTimestamp() {
    return 0;
  }

  @Override
  public long clockTimestamp() {
    return 0;
  }

  @Override
  public String currentDatabase() {
    return "alidade";
  }

  @Override
  public String currentUser() {
    return "alidade";
  }

  @Override
  public String sessionUser() {
    return "alidade";
  }

  @Override
  public List<String> searchPath() {
    return List.of("public");
  }

  @Override
  public int processId() {
    return 1;
  }

  @Override
  public long transactionId() {
    return 1;
  }

  @Override
  public String serverVersion() {
    return "test";
  }

  @Override
  public Optional<String> setting(String name) {
    return Optional.empty();
  }

  @Override
  public String changeSetting(String name, @Nullable String value, SettingScope scope) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public List<SettingValue> settings() {
    return List.of();
  }

  @Override
  public ObjectNames objects() {
    return this;
  }

  @Override
  public float[] embed(String text) {
    throw new UnsupportedOperationException(text);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void checkpoint() {}

  @Override
  public void sleep(long micros) {}

  @Override
  public OptionalLong relation(String name) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong function(String name) {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable String relationName(long oid) {
    return null;
  }

  @Override
  public @Nullable String functionName(long oid) {
    return null;
  }

  @Override
  public @Nullable ColumnType type(String name) {
    return null;
  }

  @Override
  public @Nullable String typeName(long oid, int modifier) {
    return null;
  }

  @Override
  public long typeOid(ColumnType type) {
    return 0;
  }

  @Override
  public boolean isVisible(long relation) {
    return true;
  }

  @Override
  public @Nullable String indexDefinition(long oid, int column) {
    return null;
  }

  @Override
  public @Nullable String constraintDefinition(long oid, Parentheses parentheses) {
    return null;
  }

  @Override
  public @Nullable String roleName(long oid) {
    return null;
  }
}
