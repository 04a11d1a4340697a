package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value expression as written, before any name or type is resolved.
///
/// Parentheses leave no trace; implicit precedence is explicit in the nesting.
public sealed interface Expression {

  /// The slot of a literal that stays in the statement's key and is no parameter of its plan.
  int NO_SLOT = -1;

  /// Where it starts, or for operators where the operator stands: what an error points at.
  int position();

  /// A string constant of any quoting; its type is still unknown.
  ///
  /// @param slot its index in the literals of {@link StatementKey}, or {@link #NO_SLOT}
  record StringLiteral(String value, int slot, int position) implements Expression {}

  /// A numeric constant, sign not included.
  ///
  /// @param text decimal digits with optional point and exponent, as {@code BigDecimal} reads it
  /// @param slot its index in the literals of {@link StatementKey}, or {@link #NO_SLOT}
  record NumberLiteral(String text, int slot, int position) implements Expression {
    /// Whether it has neither point nor exponent, so that it is int4, int8 or numeric by size.
    public boolean isInteger() {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) < '0' || text.charAt(i) > '9') {
          return false;
        }
      }
      return true;
    }
  }

  /// A bit string constant, `B'01'` or `X'1f'`.
  ///
  /// @param bits the binary digits, whichever way it was written
  record BitLiteral(String bits, int position) implements Expression {}

  /// `TRUE` or `FALSE`.
  record BooleanLiteral(boolean value, int position) implements Expression {}

  /// `NULL`.
  record NullLiteral(int position) implements Expression {}

  /// A constant with its type in front: `date '2024-01-31'`, `interval '1' day`.
  record TypedLiteral(TypeName type, String value, int position) implements Expression {}

  /// `$n`.
  ///
  /// @param number counted from 1
  record Parameter(int number, int position) implements Expression {}

  /// `DEFAULT` in the place of a value, in `INSERT` and `UPDATE` only.
  record Default(int position) implements Expression {}

  /// A name that may be a column, or a table's whole row: `a`, `t.a`, `s.t.a`.
  record ColumnReference(List<String> path, int position) implements Expression {
    /// The last part.
    public String name() {
      return path.getLast();
    }

    /// The parts before the last.
    public List<String> qualifier() {
      return path.subList(0, path.size() - 1);
    }
  }

  /// `*` or `t.*`: every column in a select list, the whole row elsewhere.
  ///
  /// @param qualifier empty for a bare `*`
  record Star(List<String> qualifier, int position) implements Expression {}

  /// `(expression).*`.
  record AllFields(Expression base, int position) implements Expression {}

  /// `TABLE name` as an argument of a table function.
  record TableArgument(QualifiedName table, int position) implements Expression {}

  /// A function call, aggregate or window function; the special forms too (`extract(year from x)`
  /// is `extract('year', x)`, `x AT TIME ZONE z` is `timezone(z, x)`, both in `pg_catalog`).
  ///
  /// @param orderBy inside the parentheses
  /// @param withinGroup of `WITHIN GROUP (ORDER BY ...)`
  record FunctionCall(
      QualifiedName name,
      ArgumentForm form,
      SetQuantifier quantifier,
      List<Argument> arguments,
      List<SortItem> orderBy,
      List<SortItem> withinGroup,
      @Nullable Expression filter,
      @Nullable Window over,
      int position)
      implements Expression {

    /// A plain call.
    static FunctionCall plain(QualifiedName name, List<Expression> arguments, int position) {
      return new FunctionCall(
          name,
          ArgumentForm.LIST,
          SetQuantifier.ALL,
          arguments.stream().map(value -> new Argument(null, value)).toList(),
          List.of(),
          List.of(),
          null,
          null,
          position);
    }
  }

  /// How the arguments were written.
  enum ArgumentForm {
    /// Each by itself, perhaps none.
    LIST,
    /// `f(*)`.
    STAR,
    /// `f(a, VARIADIC array)`: the last one is an array of the rest.
    VARIADIC
  }

  /// `ALL` (also when nothing is written) or `DISTINCT`.
  enum SetQuantifier {
    ALL,
    DISTINCT
  }

  /// One argument of a call, perhaps by name: `f(1, name => 2)`.
  record Argument(@Nullable String name, Expression value) {}

  /// An operator between two operands, comparisons included.
  ///
  /// @param position of the operator
  record BinaryOperation(OperatorName operator, Expression left, Expression right, int position)
      implements Expression {}

  /// An operator before its operand: `-x`, `@ x`.
  record UnaryOperation(OperatorName operator, Expression operand, int position)
      implements Expression {}

  /// `x::type` and `CAST(x AS type)`.
  ///
  /// @param position of the `::` or the `CAST`
  record Cast(Expression operand, TypeName type, int position) implements Expression {}

  /// `x COLLATE name`.
  record Collate(Expression operand, QualifiedName collation, int position) implements Expression {}

  /// `a AND b AND ...`, flattened.
  record And(List<Expression> operands, int position) implements Expression {}

  /// `a OR b OR ...`, flattened.
  record Or(List<Expression> operands, int position) implements Expression {}

  /// `NOT x`.
  record Not(Expression operand, int position) implements Expression {}

  /// `x IS [NOT] NULL`, `TRUE`, `FALSE`, `UNKNOWN`.
  record Is(Expression operand, TruthTest test, boolean negated, int position)
      implements Expression {}

  /// What {@link Is} asks.
  enum TruthTest {
    NULL,
    TRUE,
    FALSE,
    UNKNOWN
  }

  /// `a IS [NOT] DISTINCT FROM b`.
  record IsDistinct(Expression left, Expression right, boolean negated, int position)
      implements Expression {}

  /// `x [NOT] IN (a, b, ...)`.
  record InList(Expression operand, List<Expression> items, boolean negated, int position)
      implements Expression {}

  /// `x [NOT] IN (SELECT ...)`.
  record InQuery(Expression operand, Query query, boolean negated, int position)
      implements Expression {}

  /// `x [NOT] BETWEEN [SYMMETRIC] low AND high`.
  record Between(
      Expression operand,
      Expression low,
      Expression high,
      BoundOrder order,
      boolean negated,
      int position)
      implements Expression {}

  /// Whether {@link Between}'s bounds may be swapped.
  enum BoundOrder {
    ASYMMETRIC,
    SYMMETRIC
  }

  /// `x [NOT] LIKE pattern [ESCAPE e]` and its relatives.
  record PatternMatch(
      Expression operand,
      PatternKind kind,
      Expression pattern,
      @Nullable Expression escape,
      boolean negated,
      int position)
      implements Expression {}

  /// The pattern language of {@link PatternMatch}.
  enum PatternKind {
    LIKE,
    ILIKE,
    SIMILAR_TO
  }

  /// `EXISTS (SELECT ...)`.
  record Exists(Query query, int position) implements Expression {}

  /// `(SELECT ...)` where a value is wanted.
  record ScalarQuery(Query query, int position) implements Expression {}

  /// `x op ANY (array)`, `x op ALL (array)`.
  record QuantifiedArray(
      Expression left, OperatorName operator, Quantifier quantifier, Expression array, int position)
      implements Expression {}

  /// `x op ANY (SELECT ...)`, `x op ALL (SELECT ...)`.
  record QuantifiedQuery(
      Expression left, OperatorName operator, Quantifier quantifier, Query query, int position)
      implements Expression {}

  /// `ANY` (also written `SOME`) or `ALL`.
  enum Quantifier {
    ANY,
    ALL
  }

  /// `CASE [operand] WHEN ... THEN ... [ELSE ...] END`.
  record Case(
      @Nullable Expression operand,
      List<When> branches,
      @Nullable Expression otherwise,
      int position)
      implements Expression {}

  /// One branch of a {@link Case}.
  record When(Expression condition, Expression result) {}

  /// `COALESCE(a, ...)`.
  record Coalesce(List<Expression> arguments, int position) implements Expression {}

  /// `NULLIF(a, b)`.
  record NullIf(Expression left, Expression right, int position) implements Expression {}

  /// `GREATEST(a, ...)` or `LEAST(a, ...)`.
  record Extremum(ExtremumKind kind, List<Expression> arguments, int position)
      implements Expression {}

  /// Which end {@link Extremum} takes.
  enum ExtremumKind {
    GREATEST,
    LEAST
  }

  /// `current_date`, `current_user` and the like: no parentheses, a value of the session.
  ///
  /// @param precision of the times, -1 if not given
  record SessionValue(SessionValueKind kind, int precision, int position) implements Expression {}

  /// The names of {@link SessionValue}.
  enum SessionValueKind {
    CURRENT_DATE,
    CURRENT_TIME,
    CURRENT_TIMESTAMP,
    LOCALTIME,
    LOCALTIMESTAMP,
    CURRENT_ROLE,
    CURRENT_USER,
    USER,
    SESSION_USER,
    CURRENT_CATALOG,
    CURRENT_SCHEMA
  }

  /// `GROUPING(a, ...)`.
  record Grouping(List<Expression> arguments, int position) implements Expression {}

  /// `ARRAY[a, ...]`; rows of a multi-dimensional one are nested `Array`s.
  record Array(List<Expression> elements, int position) implements Expression {}

  /// `ARRAY(SELECT ...)`.
  record ArrayQuery(Query query, int position) implements Expression {}

  /// `ROW(a, ...)` or `(a, b, ...)`.
  record Row(List<Expression> fields, int position) implements Expression {}

  /// `base[1][2:3]...`.
  record Subscripted(Expression base, List<Subscript> subscripts, int position)
      implements Expression {}

  /// One pair of brackets of {@link Subscripted}.
  sealed interface Subscript {
    /// `[index]`.
    record Index(Expression index) implements Subscript {}

    /// `[lower:upper]`, either of which may be left out.
    record Slice(@Nullable Expression lower, @Nullable Expression upper) implements Subscript {}
  }

  /// `(base).field`.
  record FieldSelection(Expression base, String field, int position) implements Expression {}

  /// One key of an `ORDER BY`.
  ///
  /// @param using the operator of `USING`, else null
  record SortItem(
      Expression key,
      Direction direction,
      Nulls nulls,
      @Nullable OperatorName using,
      int position) {}

  /// The direction of a {@link SortItem}.
  enum Direction {
    /// Also when nothing is written.
    ASC,
    DESC,
    /// `USING operator`.
    USING
  }

  /// Where NULLs sort.
  enum Nulls {
    /// Nothing written: last when ascending, first when descending.
    DEFAULT,
    FIRST,
    LAST
  }

  /// What stands after `OVER`, or a definition in a `WINDOW` clause.
  ///
  /// @param base the window it names or refines
  /// @param refinement whether `base` stood inside parentheses
  record Window(
      @Nullable String base,
      boolean refinement,
      List<Expression> partitionBy,
      List<SortItem> orderBy,
      @Nullable Frame frame,
      int position) {}

  /// `ROWS | RANGE | GROUPS BETWEEN start AND end [EXCLUDE ...]`.
  record Frame(FrameUnit unit, FrameBound start, FrameBound end, FrameExclusion exclusion) {}

  /// What {@link Frame} counts.
  enum FrameUnit {
    ROWS,
    RANGE,
    GROUPS
  }

  /// What {@link Frame} leaves out.
  enum FrameExclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /// One end of a {@link Frame}.
  sealed interface FrameBound {
    record UnboundedPreceding() implements FrameBound {}

    record Preceding(Expression offset) implements FrameBound {}

    record CurrentRow() implements FrameBound {}

    record Following(Expression offset) implements FrameBound {}

    record UnboundedFollowing() implements FrameBound {}
  }
}
