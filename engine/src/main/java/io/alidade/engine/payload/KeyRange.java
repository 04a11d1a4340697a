package io.alidade.engine.payload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A range of keys of an [OrderedIndex].
///
/// @param lower where it begins; empty for the first key
/// @param upper where it ends; empty for the last key (NULLs are at the end)
public record KeyRange(Optional<Bound> lower, Optional<Bound> upper) {
  /// Every key.
  public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

  /// One end of a range: the values of the index's first columns, or of all of them. Keys are
  /// compared with it on those columns only; a null value means SQL NULL, which is greater than any
  /// other.
  public record Bound(List<@Nullable Object> values, Inclusion inclusion) {
    public Bound {
      values = Collections.unmodifiableList(new ArrayList<>(values));
      if (values.isEmpty()) {
        throw new IllegalArgumentException("a bound needs at least one value");
      }
    }
  }

  /// Whether keys equal to the bound belong to the range.
  public enum Inclusion {
    INCLUSIVE,
    EXCLUSIVE
  }

  /// The keys that begin with these values.
  public static KeyRange equalTo(List<@Nullable Object> values) {
    Optional<Bound> bound = Optional.of(new Bound(values, Inclusion.INCLUSIVE));
    return new KeyRange(bound, bound);
  }
}
