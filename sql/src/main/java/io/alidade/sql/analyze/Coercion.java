package io.alidade.sql.analyze;

import static io.alidade.sql.function.Conversion.Context.ASSIGNMENT;
import static io.alidade.sql.function.Conversion.Context.EXPLICIT;
import static io.alidade.sql.function.Conversion.Context.IMPLICIT;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.SqlState;
import io.alidade.model.codec.Modifiers;
import io.alidade.sql.function.CastRegistry;
import io.alidade.sql.function.Conversion;
import io.alidade.sql.function.Conversion.Context;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.function.TypeCategory;
import io.alidade.sql.type.AlgebraBuilder;
import io.alidade.sql.type.SqlType;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Brings expressions to the types that their places ask for.
final class Coercion {
  private final AlgebraBuilder builder;
  private final SlotCollector slots;

  Coercion(AlgebraBuilder builder, SlotCollector slots) {
    this.builder = builder;
    this.slots = slots;
  }

  /// The expression as a value of its own type, `text` where that is open.
  Operand.Value settle(Operand operand) {
    ColumnType type = operand.type().orElse(ColumnType.TEXT);
    return new Operand.Value(rex(operand, type, IMPLICIT), type, operand.position());
  }

  /// The expression as a value of a type to which it converts unasked.
  RexNode implicit(Operand operand, ColumnType type) {
    return rex(operand, type, IMPLICIT);
  }

  /// A value for a column.
  ///
  /// @throws io.alidade.model.DatabaseException 42804 when it does not convert
  RexNode assign(Operand operand, String column, ColumnType type) {
    Optional<ColumnType> from = operand.type();
    if (from.isPresent() && !CastRegistry.converts(from.get(), type, ASSIGNMENT)) {
      throw Errors.mismatch(
              "column \""
                  + column
                  + "\" is of type "
                  + type.withoutModifier()
                  + " but expression is of type "
                  + operand.typeName(),
              operand.position())
          .withHint("You will need to rewrite or cast the expression.");
    }
    return fitted(operand, type, ASSIGNMENT);
  }

  /// What `CAST` does.
  ///
  /// @throws io.alidade.model.DatabaseException 42846 when there is no such cast
  Operand cast(Operand operand, ColumnType type, int position) {
    Optional<ColumnType> from = operand.type();
    if (from.isPresent() && !CastRegistry.converts(from.get(), type, EXPLICIT)) {
      throw Errors.of(
          SqlState.CANNOT_COERCE,
          "cannot cast type " + operand.typeName() + " to " + type.withoutModifier(),
          position);
    }
    return new Operand.Value(fitted(operand, type, EXPLICIT), type, operand.position());
  }

  private RexNode fitted(Operand operand, ColumnType type, Context context) {
    boolean explicit = context == EXPLICIT;
    Modifiers.Coercion coercion =
        explicit ? Modifiers.Coercion.CAST : Modifiers.Coercion.ASSIGNMENT;
    ColumnType plain = plain(type);
    boolean constant = operand instanceof Operand.Quoted || operand instanceof Operand.Number;
    if (constant && !(explicit && isCut(type.kind())) && type.kind() != Kind.ARRAY) {
      return rex(operand, type, context);
    }
    Operand.Value value =
        operand instanceof Operand.Value known && known.known().equals(type)
            ? known
            : new Operand.Value(rex(operand, plain, context), plain, operand.position());
    ColumnType from = keepsModifier(operand, type) ? type : plain;
    return CastRegistry.fitting(from, type, coercion)
        .map(operator -> builder.makeCall(operator, value.rex()))
        .orElse(value.rex());
  }

  /// Whether a cast makes values fit that an assignment would refuse.
  private static boolean isCut(Kind kind) {
    return kind == Kind.VARCHAR || kind == Kind.BIT || kind == Kind.VARBIT;
  }

  private static ColumnType plain(ColumnType type) {
    return type.kind() == Kind.ARRAY
        ? ColumnType.arrayOf(type.elementType().withoutModifier())
        : type.withoutModifier();
  }

  private static boolean keepsModifier(Operand operand, ColumnType type) {
    return operand instanceof Operand.Value value && value.known().equals(type)
        || operand instanceof Operand.Null;
  }

  private RexNode rex(Operand operand, ColumnType type, Context context) {
    return switch (operand) {
      case Operand.Quoted quoted -> slots.quoted(quoted, type);
      case Operand.Open open -> slots.resolve(open, type).rex();
      case Operand.Null _ -> builder.nullOf(type);
      case Operand.Number number -> number(number, type, context);
      case Operand.Value value -> convert(value, type, context);
    };
  }

  private RexNode number(Operand.Number number, ColumnType type, Context context) {
    if (TypeCategory.of(type) == TypeCategory.NUMERIC) {
      return slots.number(number, type);
    }
    RexNode own = slots.number(number, number.known());
    return convert(new Operand.Value(own, number.known(), number.position()), type, context);
  }

  private RexNode convert(Operand.Value value, ColumnType type, Context context) {
    Conversion conversion =
        CastRegistry.find(value.known(), type)
            .filter(found -> context.allows(found.context()))
            .orElseThrow(() ->
                Errors.of(
                    SqlState.CANNOT_COERCE,
                    "cannot cast type " + value.typeName() + " to " + type,
                    value.position()));
    if (conversion.operator().isEmpty()) {
      return value.rex();
    }
    return call(conversion.operator().get(), value.rex());
  }

  RexNode call(ScalarOperator operator, RexNode... arguments) {
    return builder.makeCall(operator, arguments);
  }

  /// A value whose type in the algebra is exactly its own, as rows of it need.
  RexNode exact(Operand.Value value) {
    return exact(value.rex(), value.known());
  }

  RexNode exact(RexNode rex, ColumnType type) {
    if (SqlType.columnTypeOf(rex.getType()).equals(type)) {
      return rex;
    }
    return builder.makeCall(
        builder
            .types()
            .createTypeWithNullability(builder.types().nullable(type), rex.getType().isNullable()),
        SqlStdOperatorTable.CAST,
        List.of(rex));
  }

  /// A condition.
  ///
  /// @param place as in `argument of WHERE`
  RexNode condition(Operand operand, String place) {
    Optional<ColumnType> type = operand.type();
    if (type.isPresent() && type.get().kind() != Kind.BOOL) {
      throw Errors.mismatch(
          "argument of " + place + " must be type boolean, not type " + operand.typeName(),
          operand.position());
    }
    return rex(operand, ColumnType.BOOL, IMPLICIT);
  }

  /// The type in which several expressions meet, as in UNION, CASE or ARRAY (`select_common_type`
  /// in PostgreSQL's source).
  ///
  /// @param place how an error calls the construct
  ColumnType commonType(List<? extends Operand> operands, String place) {
    ColumnType common = null;
    for (Operand operand : operands) {
      if (operand.type().isEmpty()) {
        continue;
      }
      ColumnType next = operand.type().get();
      if (common == null) {
        common = next;
      } else if (!common.equals(next)) {
        common = commonType(common, next, place, operand.position());
      }
    }
    return common == null ? ColumnType.TEXT : common;
  }

  static ColumnType commonType(ColumnType common, ColumnType next, String place, int position) {
    ColumnType left = common.withoutModifier();
    ColumnType right = next.withoutModifier();
    if (left.equals(right)) {
      return left;
    }
    if (TypeCategory.of(left) != TypeCategory.of(right)) {
      throw cannotMatch(left, right, place, position);
    }
    boolean forth = CastRegistry.converts(left, right, IMPLICIT);
    boolean back = CastRegistry.converts(right, left, IMPLICIT);
    if (!forth && !back) {
      throw cannotMatch(left, right, place, position);
    }
    return !TypeCategory.isPreferred(left) && forth && !back ? right : left;
  }

  private static io.alidade.model.DatabaseException cannotMatch(
      ColumnType left, ColumnType right, String place, int position) {
    return Errors.mismatch(
        place + " types " + left + " and " + right + " cannot be matched", position);
  }
}
