package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.pgwire.message.FrontendMessage.Opening.Startup;
import io.alidade.sql.SessionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a client's startup message asks for.
///
/// @param minor the minor version to speak
/// @param requestedMinor the minor version that was asked for
/// @param session what the session is opened with
/// @param unknownOptions the protocol options that are not known here
record StartupRequest(
    int minor, int requestedMinor, SessionRequest session, List<String> unknownOptions) {

  static final int MAJOR = 3;
  static final int NEWEST_MINOR = 2;

  private static final String PROTOCOL_OPTION = "_pq_.";

  /// @throws DatabaseException 0A000, 28000 or 42601
  static StartupRequest of(Startup startup) {
    if (startup.major() != MAJOR) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "unsupported frontend protocol "
              + startup.major()
              + "."
              + startup.minor()
              + ": server supports 3.0 to 3."
              + NEWEST_MINOR);
    }
    String user = startup.parameters().getOrDefault("user", "");
    if (user.isEmpty()) {
      throw new DatabaseException(
          SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
          "no PostgreSQL user name specified in startup packet");
    }
    String database = startup.parameters().getOrDefault("database", "");
    List<String> unknown = new ArrayList<>();
    Map<String, String> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : startup.parameters().entrySet()) {
      String name = parameter.getKey();
      if (name.startsWith(PROTOCOL_OPTION)) {
        unknown.add(name);
        continue;
      }
      switch (name) {
        case "user", "database" -> {}
        case "options" -> settings.putAll(options(parameter.getValue()));
        case "replication" -> refuseReplication(parameter.getValue());
        default -> settings.put(name, parameter.getValue());
      }
    }
    return new StartupRequest(
        Math.min(startup.minor(), NEWEST_MINOR),
        startup.minor(),
        new SessionRequest(user, database.isEmpty() ? user : database, settings),
        unknown);
  }

  /// Whether the client must be told that it does not get all it asked for.
  boolean needsNegotiation() {
    return minor != requestedMinor || !unknownOptions.isEmpty();
  }

  private static void refuseReplication(String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "false", "off", "no", "0" -> {}
      default ->
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, "replication connections are not supported");
    }
  }

  /// The settings in a string of command-line options: `-c name=value` and `--name=value`,
  /// separated by spaces, where a backslash takes the meaning from what follows.
  private static Map<String, String> options(String text) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> words = words(text);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String setting;
      if (word.equals("-c") && i + 1 < words.size()) {
        setting = words.get(++i);
      } else if (word.startsWith("-c") && word.length() > 2) {
        setting = word.substring(2);
      } else if (word.startsWith("--")) {
        setting = word.substring(2);
      } else {
        throw new DatabaseException(
            SqlState.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
      }
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw new DatabaseException(SqlState.SYNTAX_ERROR, "-c " + setting + " requires a value");
      }
      settings.put(setting.substring(0, equals).replace('-', '_'), setting.substring(equals + 1));
    }
    return settings;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
        within = true;
      } else if (Character.isWhitespace(c)) {
        if (within) {
          words.add(word.toString());
          word.setLength(0);
          within = false;
        }
      } else {
        word.append(c);
        within = true;
      }
    }
    if (within) {
      words.add(word.toString());
    }
    return words;
  }
}
