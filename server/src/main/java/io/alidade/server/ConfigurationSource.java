package io.alidade.server;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Where settings are written: a file of `name = value` lines, `ALIDADE_*` in the environment, and
/// `-c name=value`. The later of these wins.
///
/// A file reads as PostgreSQL's `postgresql.conf` does: `#` begins a comment, `=` may be left out,
/// a value may be quoted with `'`, and a quote within it is doubled. Names are not case-sensitive.
final class ConfigurationSource {
  /// The environment's variables that configure something else than the server.
  private static final List<String> OTHER_VARIABLES = List.of("java_opts");

  private static final String VARIABLE_PREFIX = "ALIDADE_";
  private static final int MAX_FILE_BYTES = 1 << 20;

  private final Map<String, String> settings = new TreeMap<>();

  /// @throws StartupException naming the file and the line that cannot be read
  void addFile(Path file) throws StartupException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new StartupException(
            "configuration file " + file + " is larger than " + MAX_FILE_BYTES + " bytes");
      }
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        addLine(lines.get(i).strip(), file + ":" + (i + 1));
      }
    } catch (NoSuchFileException e) {
      throw new StartupException("configuration file " + file + " does not exist", e);
    } catch (MalformedInputException e) {
      throw new StartupException("configuration file " + file + " is not UTF-8", e);
    } catch (IOException e) {
      throw new StartupException("cannot read configuration file " + file + ": " + e, e);
    }
  }

  void addEnvironment(Map<String, String> environment) {
    environment.forEach((variable, value) -> {
      String name = variable.toLowerCase(Locale.ROOT);
      if (variable.startsWith(VARIABLE_PREFIX)) {
        name = name.substring(VARIABLE_PREFIX.length());
        if (!OTHER_VARIABLES.contains(name)) {
          settings.put(name, value);
        }
      }
    });
  }

  /// Adds a `name=value` of the command line.
  void addOption(String option) throws StartupException {
    int equals = option.indexOf('=');
    if (equals < 1) {
      throw new StartupException("-c wants name=value, not \"" + option + "\"");
    }
    put(option.substring(0, equals), option.substring(equals + 1));
  }

  /// All settings, by name in lower case.
  Map<String, String> settings() {
    return settings;
  }

  private void addLine(String line, String place) throws StartupException {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int end = 0;
    while (end < line.length()
        && (Character.isLetterOrDigit(line.charAt(end)) || isJoint(line, end))) {
      end++;
    }
    String rest = line.substring(end).strip();
    if (rest.startsWith("=")) {
      rest = rest.substring(1).strip();
    }
    if (end == 0 || rest.isEmpty()) {
      throw new StartupException(place + ": not a line of the form name = value");
    }
    put(line.substring(0, end), value(rest, place));
  }

  private static boolean isJoint(String line, int at) {
    return line.charAt(at) == '_' || line.charAt(at) == '.';
  }

  private static String value(String text, String place) throws StartupException {
    if (!text.startsWith("'")) {
      int comment = text.indexOf('#');
      return (comment < 0 ? text : text.substring(0, comment)).strip();
    }
    StringBuilder value = new StringBuilder();
    int i = 1;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean quote = c == '\'';
      if (quote && (i + 1 >= text.length() || text.charAt(i + 1) != '\'')) {
        String rest = text.substring(i + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
          throw new StartupException(place + ": there is more after the quoted value");
        }
        return value.toString();
      }
      value.append(c);
      i += quote ? 2 : 1;
    }
    throw new StartupException(place + ": the quoted value has no end");
  }

  private void put(String name, String value) {
    settings.put(name.strip().toLowerCase(Locale.ROOT), value.strip());
  }
}
