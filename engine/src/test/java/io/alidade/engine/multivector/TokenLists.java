package io.alidade.engine.multivector;

import io.alidade.engine.TestSegment;
import io.alidade.engine.TestVectors;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Rows that are lists of vectors as tokens of texts are: around the centres of a few topics each.
///
/// The segment beside them has the row's number modulo 100 as its first column, its first topic as
/// the second, and its number as the third.
final class TokenLists implements MultiVectors, AutoCloseable {
  static final int MODULO = 0;
  static final int TOPIC = 1;
  static final int NUMBER = 2;

  private static final int TOPICS = 350;
  private static final int TOPICS_OF_ROW = 3;
  private static final float SPREAD = 0.5f;

  private final RandomGenerator random;
  private final float[][] centres = new float[TOPICS][];
  private final NativeVectors store;
  private final TestSegment segment =
      new TestSegment(List.of(ColumnType.INT4, ColumnType.INT4, ColumnType.INT4), 1);
  private final List<Integer> firsts = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();

  TokenLists(RandomGenerator random, int dimensions) {
    this.random = random;
    this.store = new NativeVectors(dimensions);
    for (int i = 0; i < TOPICS; i++) {
      centres[i] = TestVectors.gaussian(random, dimensions);
    }
  }

  /// Adds rows of 2 to 9 vectors each, but none for one row in fifty.
  TokenLists fill(int rows) {
    for (int i = 0; i < rows; i++) {
      int[] topics = random.ints(TOPICS_OF_ROW, 0, TOPICS).toArray();
      int count = segment.size() % 50 == 13 ? 0 : 2 + random.nextInt(8);
      float[][] list = new float[count][];
      for (int j = 0; j < count; j++) {
        list[j] = near(centres[topics[random.nextInt(TOPICS_OF_ROW)]], SPREAD);
      }
      add(topics[0], list);
    }
    return this;
  }

  void add(int topic, float[]... list) {
    int row = segment.size();
    firsts.add(store.size());
    counts.add(list.length);
    for (float[] vector : list) {
      int _ = store.append(vector);
    }
    int _ = segment.add(new Object[] {row % 100, topic, row}, new float[] {0});
  }

  /// A vector somewhere near.
  float[] near(float[] vector, float spread) {
    float[] moved = TestVectors.gaussian(random, vector.length);
    for (int i = 0; i < moved.length; i++) {
      moved[i] = vector[i] + spread * moved[i];
    }
    return moved;
  }

  /// Some of a row's vectors, a little moved.
  float[][] queryLike(int row, int count) {
    float[][] query = new float[count][];
    for (int i = 0; i < count; i++) {
      query[i] = near(store.toArray(first(row) + random.nextInt(count(row))), 0.2f);
    }
    return query;
  }

  /// A row that has vectors.
  int anyRow() {
    int row = random.nextInt(segment.size());
    return count(row) > 0 ? row : anyRow();
  }

  /// A query's vectors, each a little moved.
  float[][] movedLike(float[][] query) {
    return Arrays.stream(query).map(vector -> near(vector, 0.1f)).toArray(float[][]::new);
  }

  float[][] query(int count) {
    return queryLike(anyRow(), count);
  }

  /// The topic of a row's second column.
  int topic(int row) {
    return (int) segment.column(TOPIC).getLong(row);
  }

  TestSegment segment() {
    return segment;
  }

  @Override
  public VectorStore vectors() {
    return store;
  }

  @Override
  public int first(int ordinal) {
    return firsts.get(ordinal);
  }

  @Override
  public int count(int ordinal) {
    return counts.get(ordinal);
  }

  @Override
  public void close() {
    segment.close();
    store.close();
  }
}
