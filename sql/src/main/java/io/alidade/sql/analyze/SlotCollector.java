package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.SlotDefinition.Source;
import io.alidade.sql.function.CastRegistry;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.type.AlgebraBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/// Gives the constants and parameters of one statement their slots, and finds the parameters'
/// types.
final class SlotCollector {
  private static final int MAX_PARAMETERS = 65_535;

  private final AlgebraBuilder builder;
  private final AnalysisContext context;
  private final List<Optional<ColumnType>> parameterTypes;
  private final Map<SlotDefinition, Integer> slots = new LinkedHashMap<>();
  private boolean storedText;

  SlotCollector(AlgebraBuilder builder, AnalysisContext context) {
    this.builder = builder;
    this.context = context;
    this.parameterTypes = new ArrayList<>(context.declaredParameters());
  }

  /// From here to [#leaveStoredText] the syntax is not the statement's own but a default's or the
  /// like, whose literals are none of the statement's key.
  void enterStoredText() {
    storedText = true;
  }

  void leaveStoredText() {
    storedText = false;
  }

  Operand parameter(Expression.Parameter parameter) {
    int number = parameter.number();
    if (number < 1 || number > MAX_PARAMETERS) {
      throw Errors.of(
          SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number, parameter.position());
    }
    while (parameterTypes.size() < number) {
      parameterTypes.add(Optional.empty());
    }
    Optional<ColumnType> type = parameterTypes.get(number - 1);
    return type.isPresent()
        ? value(type.get(), number - 1, parameter.position())
        : new Operand.Open(number - 1, parameter.position());
  }

  /// A parameter in the place of a type; the first such place decides.
  Operand.Value resolve(Operand.Open open, ColumnType wanted) {
    ColumnType type = wanted.withoutModifier();
    Optional<ColumnType> before = parameterTypes.get(open.index());
    if (before.isPresent() && !before.get().equals(type)) {
      throw Errors.of(
              SqlState.AMBIGUOUS_PARAMETER,
              "inconsistent types deduced for parameter $" + (open.index() + 1),
              open.position())
          .withDetail(before.get() + " versus " + type);
    }
    parameterTypes.set(open.index(), Optional.of(type));
    return value(type, open.index(), open.position());
  }

  private Operand.Value value(ColumnType type, int index, int position) {
    return new Operand.Value(slot(type, new Source.Parameter(index)), type, position);
  }

  /// A number in the place of a type that it converts to.
  RexNode number(Operand.Number number, ColumnType type) {
    return literal(
        new Source.Literal(literal(number.slot()), number.text(), number.known(), number.sign()),
        type,
        number.position());
  }

  /// A constant in quotes in the place of a type.
  RexNode quoted(Operand.Quoted quoted, ColumnType type) {
    return literal(
        new Source.Literal(literal(quoted.slot()), quoted.text(), ColumnType.TEXT, 1),
        type,
        quoted.position());
  }

  private int literal(int slot) {
    return storedText ? Expression.NO_SLOT : slot;
  }

  private RexNode literal(Source.Literal source, ColumnType type, int position) {
    if (source.written().equals(ColumnType.TEXT)) {
      readAt(position, source, type.withoutModifier());
    }
    // A value that is too long or too large is a value all the same: PostgreSQL points nowhere.
    read(source, type);
    return slot(type, source);
  }

  /// Reads a constant once now, so that an error points at it.
  private void readAt(int position, Source.Literal source, ColumnType type) {
    try {
      read(source, type);
    } catch (DatabaseException e) {
      throw e.position() == DatabaseException.NO_POSITION ? e.at(position) : e;
    }
  }

  private void read(Source.Literal source, ColumnType type) {
    CastRegistry.literal(
        source.text(), source.written(), source.sign(), type, context.evaluation());
  }

  private RexNode slot(ColumnType type, Source source) {
    int index = slots.computeIfAbsent(new SlotDefinition(type, source), _ -> slots.size());
    return builder.makeDynamicParam(
        source instanceof Source.Literal
            ? builder.types().notNull(type)
            : builder.types().nullable(type),
        index);
  }

  /// All of them, at the end.
  ///
  /// @throws DatabaseException 42P18 when a parameter has found no type
  Slots finish() {
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < parameterTypes.size(); i++) {
      int number = i + 1;
      types.add(
          parameterTypes
              .get(i)
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.INDETERMINATE_DATATYPE,
                      "could not determine data type of parameter $" + number)));
    }
    return new Slots(List.copyOf(slots.keySet()), types);
  }
}
