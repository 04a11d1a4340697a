package io.alidade.sql.function;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Surroundings for functions that need none, which count how often they ask whether to end.
class PlainContext implements EvaluationContext {
  int checkpoints;

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
    return "none";
  }

  @Override
  public Optional<String> setting(String name) {
    return Optional.empty();
  }

  @Override
  public String changeSetting(String name, @Nullable String value, SettingScope scope) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SettingValue> settings() {
    return List.of();
  }

  @Override
  public ObjectNames objects() {
    throw new UnsupportedOperationException();
  }

  @Override
  public float[] embed(String text) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RandomGenerator random() {
    return RandomGenerator.getDefault();
  }

  @Override
  public void checkpoint() {
    checkpoints++;
  }

  @Override
  public void sleep(long micros) {}
}
