package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TypeOids;
import io.alidade.sql.function.ArrayConstruction;
import io.alidade.sql.function.Overload;
import io.alidade.sql.function.OverloadChoice;
import io.alidade.sql.function.OverloadChoice.Outcome;
import io.alidade.sql.function.PolymorphicFunctions;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.function.Signature;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.TableFunction;
import io.alidade.sql.parse.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Resolves function calls.
final class CallAnalyzer {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final ExpressionAnalyzer expressions;
  private final Coercion coercion;

  CallAnalyzer(Analysis analysis, ExpressionPlace place, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.place = place;
    this.expressions = expressions;
    this.coercion = analysis.coercion;
  }

  Operand call(Expression.FunctionCall call) {
    if (call.over() != null) {
      throw Errors.unsupported("window functions are", call.position());
    }
    requireKnownSchema(call);
    String name = call.name().name();
    if (name.equals("count") || !analysis.functions.aggregates(name).isEmpty()) {
      return new AggregateAnalyzer(analysis, place, expressions, this).aggregate(call);
    }
    requirePlain(call);
    List<Operand> arguments = arguments(call);
    if (!analysis.functions.tableFunctions(name).isEmpty()) {
      return rowFunction(call, arguments, null);
    }
    return call(name, arguments, call.position());
  }

  private void requireKnownSchema(Expression.FunctionCall call) {
    String schema = call.name().schema();
    if (schema != null && !analysis.context.catalog().hasSchema(schema)) {
      throw Errors.of(
          SqlState.INVALID_SCHEMA_NAME,
          "schema \"" + schema + "\" does not exist",
          call.position());
    }
  }

  private static void requirePlain(Expression.FunctionCall call) {
    String name = call.name().name();
    if (call.quantifier() == Expression.SetQuantifier.DISTINCT) {
      throw notAggregate("DISTINCT specified, but " + name + " is not an aggregate function", call);
    }
    if (call.filter() != null) {
      throw notAggregate("FILTER specified, but " + name + " is not an aggregate function", call);
    }
    if (!call.orderBy().isEmpty()) {
      throw notAggregate("ORDER BY specified, but " + name + " is not an aggregate function", call);
    }
    if (!call.withinGroup().isEmpty()) {
      throw notAggregate(
          "WITHIN GROUP specified, but " + name + " is not an aggregate function", call);
    }
    if (call.form() == Expression.ArgumentForm.STAR) {
      throw notAggregate(
          name + "(*) specified, but " + name + " is not an aggregate function", call);
    }
  }

  private static DatabaseException notAggregate(String message, Expression.FunctionCall call) {
    return Errors.of(SqlState.WRONG_OBJECT_TYPE, message, call.position());
  }

  List<Operand> arguments(Expression.FunctionCall call) {
    if (call.form() == Expression.ArgumentForm.VARIADIC) {
      throw Errors.unsupported("VARIADIC is", call.position());
    }
    List<Operand> operands = new ArrayList<>();
    for (Expression.Argument argument : call.arguments()) {
      if (argument.name() != null) {
        throw Errors.unsupported("named arguments are", call.position());
      }
      operands.add(expressions.analyze(argument.value()));
    }
    return operands;
  }

  /// A scalar function by name.
  Operand call(String name, List<Operand> arguments, int position) {
    List<Optional<ColumnType>> types = arguments.stream().map(Operand::type).toList();
    ScalarOperator made =
        PolymorphicFunctions.of(
            name, types.stream().map(type -> type.orElse(ColumnType.TEXT)).toList());
    if (made != null) {
      return bind(made, arguments, position);
    }
    return switch (OverloadChoice.choose(analysis.functions.scalars(name), types)) {
      case Outcome.Chosen<ScalarOperator>(var chosen) -> bind(chosen, arguments, position);
      case Outcome.None<ScalarOperator> _ -> castCall(name, arguments, position);
      case Outcome.Ambiguous<ScalarOperator> _ -> throw ambiguous(name, arguments, position);
    };
  }

  /// `text(x)` and the like, which is a cast where no function fits.
  private Operand castCall(String name, List<Operand> arguments, int position) {
    Optional<ColumnType> type =
        arguments.size() == 1 ? TypeOids.byName(name) : Optional.<ColumnType>empty();
    if (type.isEmpty() || !type.get().kind().typeName().equals(name)) {
      throw missing(name, arguments, position);
    }
    try {
      return coercion.cast(arguments.getFirst(), type.get(), position);
    } catch (DatabaseException e) {
      throw e.state() == SqlState.CANNOT_COERCE ? missing(name, arguments, position) : e;
    }
  }

  static DatabaseException missing(String name, List<? extends Operand> arguments, int position) {
    return Errors.of(
            SqlState.UNDEFINED_FUNCTION,
            "function " + shown(name, arguments) + " does not exist",
            position)
        .withHint(
            "No function matches the given name and argument types. "
                + "You might need to add explicit type casts.");
  }

  static DatabaseException ambiguous(String name, List<? extends Operand> arguments, int position) {
    return Errors.of(
            SqlState.AMBIGUOUS_FUNCTION,
            "function " + shown(name, arguments) + " is not unique",
            position)
        .withHint(
            "Could not choose a best candidate function. You might need to add explicit type"
                + " casts.");
  }

  private static String shown(String name, List<? extends Operand> arguments) {
    return name + "(" + String.join(", ", arguments.stream().map(Operand::typeName).toList()) + ")";
  }

  /// A call of a certain overload.
  Operand.Value bind(ScalarOperator operator, List<Operand> arguments, int position) {
    Bound bound = bindArguments(operator, arguments, position);
    ColumnType result = operator.signature().resultFor(bound.types());
    return new Operand.Value(
        analysis.builder.makeCall(analysis.types.nullable(result), operator, bound.values()),
        result,
        position);
  }

  /// Arguments brought to the types of an overload.
  record Bound(List<RexNode> values, List<ColumnType> types) {}

  Bound bindArguments(Overload overload, List<Operand> arguments, int position) {
    Signature signature = overload.signature();
    @Nullable ColumnType element = elementType(signature, arguments, position);
    List<RexNode> values = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Operand argument = arguments.get(i);
      int declared = Math.min(i, signature.arguments().size() - 1);
      ColumnType type =
          switch (signature.arguments().get(declared)) {
            case ArgumentType.Exact(var exact) -> exact;
            case ArgumentType.Any _ -> argument.type().orElse(ColumnType.TEXT);
            case ArgumentType.AnyArray _ -> ColumnType.arrayOf(known(element));
            case ArgumentType.AnyElement _ -> known(element);
          };
      values.add(coercion.implicit(argument, type));
      types.add(type);
    }
    return new Bound(values, types);
  }

  private static ColumnType known(@Nullable ColumnType element) {
    return element == null ? ColumnType.TEXT : element;
  }

  private static @Nullable ColumnType elementType(
      Signature signature, List<Operand> arguments, int position) {
    ColumnType element = null;
    boolean polymorphic = false;
    for (int i = 0; i < Math.min(arguments.size(), signature.arguments().size()); i++) {
      Optional<ColumnType> actual = arguments.get(i).type();
      ArgumentType declared = signature.arguments().get(i);
      boolean array = declared instanceof ArgumentType.AnyArray;
      if (!array && !(declared instanceof ArgumentType.AnyElement)) {
        continue;
      }
      polymorphic = true;
      if (actual.isPresent()) {
        ColumnType found = (array ? actual.get().elementType() : actual.get()).withoutModifier();
        element =
            element == null
                ? found
                : Coercion.commonType(element, found, signature.name(), position);
      }
    }
    if (polymorphic && element == null) {
      throw Errors.mismatch(
          "could not determine polymorphic type because input has type unknown", position);
    }
    return element != null && element.kind() == Kind.ARRAY ? element.elementType() : element;
  }

  /// `ARRAY[...]`.
  Operand.Value constructArray(List<RexNode> values, ColumnType element, int position) {
    ColumnType type = ColumnType.arrayOf(element.withoutModifier());
    return new Operand.Value(
        analysis.builder.makeCall(
            analysis.types.nullable(type), ArrayConstruction.of(element.withoutModifier()), values),
        type,
        position);
  }

  /// `(call).field`, of a function that returns rows.
  Operand field(Expression.FieldSelection selection) {
    if (selection.base() instanceof Expression.FunctionCall call
        && !analysis.functions.tableFunctions(call.name().name()).isEmpty()) {
      return rowFunction(call, arguments(call), selection.field());
    }
    throw Errors.unsupported("fields of composite values are", selection.position());
  }

  private Operand rowFunction(
      Expression.FunctionCall call, List<Operand> arguments, @Nullable String field) {
    int position = call.position();
    RowFunctionUses uses =
        place
            .rowFunctions()
            .orElseThrow(() ->
                Errors.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "set-returning functions are not allowed in " + place.name(),
                    position));
    TableCall bound = tableCall(call.name().name(), arguments, position);
    int column = 0;
    if (field != null) {
      column =
          bound.function().columns().stream()
              .map(TableFunction.Column::name)
              .toList()
              .indexOf(field);
      if (column < 0) {
        throw Errors.of(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + field + "\" not found in data type record",
            position);
      }
    } else if (bound.types().size() > 1) {
      throw Errors.unsupported("composite values are", position);
    }
    List<RelDataType> types = bound.types().stream().map(analysis.types::nullable).toList();
    RexNode reference =
        uses.reference(new RowFunctionUses.Use(bound.function(), bound.arguments(), types), column);
    return new Operand.Value(reference, bound.types().get(column), position);
  }

  /// A call of a set-returning function.
  ///
  /// @param types of its columns
  record TableCall(TableFunction function, List<RexNode> arguments, List<ColumnType> types) {}

  TableCall tableCall(String name, List<Operand> arguments, int position) {
    List<Optional<ColumnType>> types = arguments.stream().map(Operand::type).toList();
    TableFunction function =
        switch (OverloadChoice.choose(analysis.functions.tableFunctions(name), types)) {
          case Outcome.Chosen<TableFunction>(var chosen) -> chosen;
          case Outcome.None<TableFunction> _ -> throw missing(name, arguments, position);
          case Outcome.Ambiguous<TableFunction> _ -> throw ambiguous(name, arguments, position);
        };
    Bound bound = bindArguments(function, arguments, position);
    List<ColumnType> columns = new ArrayList<>();
    for (TableFunction.Column column : function.columns()) {
      ColumnType fixed = column.type();
      columns.add(fixed != null ? fixed : function.signature().resultFor(bound.types()));
    }
    return new TableCall(function, bound.values(), columns);
  }
}
