package io.alidade.storage.segment;

import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;

/// A column's vectors of merged rows where they are, to be read in the order of the new ordinals;
/// an earlier one than the last is found by beginning anew. Used by one thread.
final class MergedVectors implements VectorStore {
  private final MergedRows rows;
  private final int column;
  private final VectorStore any;
  private MergedRows.Runs runs;
  private VectorStore current;

  /// The new ordinals of the current stretch, and what is to be added for the old ones.
  private int first;

  private int end;
  private int shift;

  /// @param rows at least one
  MergedVectors(MergedRows rows, int column) {
    this.rows = rows;
    this.column = column;
    this.any = rows.inputs().getFirst().vectors(column);
    this.current = any;
    this.runs = rows.runs();
  }

  /// Goes to the stretch with an ordinal.
  ///
  /// @return the old ordinal
  private int find(int ordinal) {
    if (ordinal < first) {
      runs = rows.runs();
      end = 0;
    }
    while (ordinal >= end) {
      if (!runs.next()) {
        throw new IllegalArgumentException("row " + ordinal + " of " + rows.size());
      }
      first = end;
      end += runs.end() - runs.first();
      shift = runs.first() - first;
      current = runs.segment().vectors(column);
    }
    return ordinal + shift;
  }

  @Override
  public int dimensions() {
    return any.dimensions();
  }

  @Override
  public VectorElement element() {
    return any.element();
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public long address(int ordinal) {
    int old = find(ordinal);
    return current.address(old);
  }

  @Override
  public float inverseNorm(int ordinal) {
    int old = find(ordinal);
    return current.inverseNorm(old);
  }

  @Override
  public float factor(int ordinal) {
    int old = find(ordinal);
    return current.factor(old);
  }
}
