package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.sql.function.Conversion.Context;
import io.alidade.sql.function.Signature.ArgumentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Chooses among overloads by the types of the arguments, by the rules of chapter 10 of
/// PostgreSQL's manual (`func_select_candidate` in its source).
///
/// An argument of unknown type (a constant in quotes, a parameter, NULL) is an empty type.
public final class OverloadChoice {
  private OverloadChoice() {}

  /// What came of a choice.
  public sealed interface Outcome<T> {
    record Chosen<T>(T overload) implements Outcome<T> {}

    record None<T>() implements Outcome<T> {}

    record Ambiguous<T>() implements Outcome<T> {}
  }

  /// Chooses.
  public static <T extends Overload> Outcome<T> choose(
      List<T> overloads, List<Optional<ColumnType>> arguments) {
    List<T> candidates = new ArrayList<>();
    for (T overload : overloads) {
      if (accepts(overload.signature(), arguments)) {
        if (isExact(overload.signature(), arguments)) {
          return new Outcome.Chosen<>(overload);
        }
        candidates.add(overload);
      }
    }
    candidates = best(candidates, one -> matches(one.signature(), arguments, Match.EXACT));
    candidates = best(candidates, one -> matches(one.signature(), arguments, Match.PREFERRED));
    if (candidates.size() > 1 && arguments.stream().anyMatch(Optional::isEmpty)) {
      candidates = byUnknowns(candidates, arguments);
    }
    return switch (candidates.size()) {
      case 0 -> new Outcome.None<>();
      case 1 -> new Outcome.Chosen<>(candidates.getFirst());
      default -> new Outcome.Ambiguous<>();
    };
  }

  /// The type an overload wants at a place; null where it takes any.
  static @Nullable ColumnType wanted(Signature signature, int index) {
    List<ArgumentType> types = signature.arguments();
    ArgumentType type = types.get(Math.min(index, types.size() - 1));
    return type instanceof ArgumentType.Exact(var exact) ? exact : null;
  }

  private static boolean accepts(Signature signature, List<Optional<ColumnType>> arguments) {
    int declared = signature.arguments().size();
    boolean count =
        signature.variadic() ? arguments.size() >= declared : arguments.size() == declared;
    if (!count) {
      return false;
    }
    for (int i = 0; i < arguments.size(); i++) {
      Optional<ColumnType> actual = arguments.get(i);
      if (actual.isPresent() && !accepts(signature, i, actual.get())) {
        return false;
      }
    }
    return polymorphicTypesAgree(signature, arguments);
  }

  private static boolean accepts(Signature signature, int index, ColumnType actual) {
    int last = signature.arguments().size() - 1;
    return switch (signature.arguments().get(Math.min(index, last))) {
      case ArgumentType.Exact(var wanted) ->
          CastRegistry.converts(actual, wanted, Context.IMPLICIT);
      case ArgumentType.AnyArray _ -> actual.kind() == Kind.ARRAY;
      case ArgumentType.Any _, ArgumentType.AnyElement _ -> true;
    };
  }

  private static boolean polymorphicTypesAgree(
      Signature signature, List<Optional<ColumnType>> arguments) {
    ColumnType element = null;
    for (int i = 0; i < signature.arguments().size(); i++) {
      if (arguments.get(i).isEmpty()) {
        continue;
      }
      ColumnType actual = arguments.get(i).get();
      ColumnType found =
          switch (signature.arguments().get(i)) {
            case ArgumentType.AnyArray _ -> actual.elementType();
            case ArgumentType.AnyElement _ -> actual;
            case ArgumentType.Any _, ArgumentType.Exact _ -> null;
          };
      if (found != null && element != null && !oneConverts(element, found)) {
        return false;
      }
      element = found == null ? element : found;
    }
    return true;
  }

  private static boolean oneConverts(ColumnType left, ColumnType right) {
    return CastRegistry.converts(left, right, Context.IMPLICIT)
        || CastRegistry.converts(right, left, Context.IMPLICIT);
  }

  /// Whether an overload takes exactly these types.
  public static boolean isExactMatch(Overload overload, List<Optional<ColumnType>> arguments) {
    return accepts(overload.signature(), arguments) && isExact(overload.signature(), arguments);
  }

  private static boolean isExact(Signature signature, List<Optional<ColumnType>> arguments) {
    return matches(signature, arguments, Match.EXACT) == arguments.size();
  }

  private static int matches(
      Signature signature, List<Optional<ColumnType>> arguments, Match match) {
    int count = 0;
    for (int i = 0; i < arguments.size(); i++) {
      ColumnType wanted = wanted(signature, i);
      if (arguments.get(i).isPresent() && wanted != null) {
        ColumnType actual = arguments.get(i).get().withoutModifier();
        if (actual.equals(wanted)
            || match == Match.PREFERRED
                && TypeCategory.isPreferred(wanted)
                && TypeCategory.of(wanted) == TypeCategory.of(actual)) {
          count++;
        }
      }
    }
    return count;
  }

  private enum Match {
    EXACT,
    PREFERRED
  }

  private static <T> List<T> best(List<T> candidates, ToIntFunction<T> score) {
    int best = candidates.stream().mapToInt(score).max().orElse(0);
    return candidates.stream().filter(one -> score.applyAsInt(one) == best).toList();
  }

  private static <T extends Overload> List<T> byUnknowns(
      List<T> candidates, List<Optional<ColumnType>> arguments) {
    List<T> left = candidates;
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).isEmpty()) {
        left = byUnknown(left, i);
      }
    }
    if (left.size() == 1) {
      return left;
    }
    List<ColumnType> known =
        arguments.stream()
            .flatMap(Optional::stream)
            .map(ColumnType::withoutModifier)
            .distinct()
            .toList();
    if (known.size() != 1) {
      return left;
    }
    List<Optional<ColumnType>> assumed =
        arguments.stream().map(_ -> Optional.of(known.getFirst())).toList();
    List<T> fitting = candidates.stream().filter(one -> accepts(one.signature(), assumed)).toList();
    return fitting.size() == 1 ? fitting : left;
  }

  /// Keeps the candidates that take a string where the type is unknown, or else those of the one
  /// category that all take, its preferred type first.
  private static <T extends Overload> List<T> byUnknown(List<T> candidates, int index) {
    List<T> typed =
        candidates.stream().filter(one -> wanted(one.signature(), index) != null).toList();
    if (typed.isEmpty()) {
      return candidates;
    }
    List<TypeCategory> categories =
        typed.stream().map(one -> category(one, index)).distinct().toList();
    TypeCategory category =
        categories.contains(TypeCategory.STRING) ? TypeCategory.STRING : categories.getFirst();
    if (category != TypeCategory.STRING && categories.size() > 1) {
      return candidates;
    }
    List<T> ofCategory = typed.stream().filter(one -> category(one, index) == category).toList();
    List<T> preferred = ofCategory.stream().filter(one -> takesPreferred(one, index)).toList();
    return preferred.isEmpty() ? ofCategory : preferred;
  }

  private static TypeCategory category(Overload overload, int index) {
    ColumnType wanted = wanted(overload.signature(), index);
    return wanted == null ? TypeCategory.USER_DEFINED : TypeCategory.of(wanted);
  }

  private static boolean takesPreferred(Overload overload, int index) {
    ColumnType wanted = wanted(overload.signature(), index);
    return wanted != null && TypeCategory.isPreferred(wanted);
  }
}
