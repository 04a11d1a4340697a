package io.alidade.sql.session;

import io.alidade.sql.analyze.AnalyzedChange;
import io.alidade.sql.plan.PhysicalPlan;
import io.alidade.sql.plan.Planner;
import io.alidade.sql.rule.Estimates;

/// How an INSERT, UPDATE or DELETE finds its rows.
///
/// @param source gives the rows that [AnalyzedChange#source] describes
/// @param verb as the command tag begins
record ChangePlan(PhysicalPlan source, String verb) {

  static Compiled.Change compile(AnalyzedChange change, Estimates estimates) {
    String verb =
        switch (change) {
          case AnalyzedChange.Insert _ -> "INSERT";
          case AnalyzedChange.Update _ -> "UPDATE";
          case AnalyzedChange.Delete _ -> "DELETE";
        };
    return new Compiled.Change(
        change, new ChangePlan(Planner.plan(change.source(), change.slots(), estimates), verb));
  }

  /// The command tag.
  String tag(long rows) {
    return verb.equals("INSERT") ? "INSERT 0 " + rows : verb + " " + rows;
  }
}
