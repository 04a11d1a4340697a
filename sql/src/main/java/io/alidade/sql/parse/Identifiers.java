package io.alidade.sql.parse;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names as PostgreSQL writes them: bare where that is possible, otherwise in quotes.
public final class Identifiers {
  private static final Pattern BARE = Pattern.compile("[a-z_][a-z0-9_$]*");

  private Identifiers() {}

  /// A name as it can stand wherever a name can, in quotes if it must.
  public static String quoted(String name) {
    return isBare(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /// Whether a word can stand without quotes wherever a name can.
  public static boolean isBare(String word) {
    Keywords.@Nullable Keyword keyword = Keywords.find(word);
    return BARE.matcher(word).matches()
        && (keyword == null || keyword.category() == Keywords.Category.UNRESERVED);
  }
}
