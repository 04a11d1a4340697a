package io.alidade.engine.payload;

import io.alidade.engine.TestSegment;
import java.util.List;

final class MutableOrderedIndexTest extends OrderedIndexContract {
  @Override
  void index(TestSegment rows, List<Integer> columns) {
    rows.indexMutably(columns);
  }
}
