package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.sql.SessionListener;
import java.util.ArrayList;
import java.util.List;

/// Keeps what a session tells its client.
final class RecordingListener implements SessionListener {
  private final List<String> notices = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();

  @Override
  public void notice(Severity severity, DatabaseException message) {
    notices.add(severity + " " + message.state().code() + " " + message.message());
  }

  @Override
  public void parameterChanged(String name, String value) {
    parameters.add(name + "=" + value);
  }

  List<String> notices() {
    return notices;
  }

  List<String> parameters() {
    return parameters;
  }
}
