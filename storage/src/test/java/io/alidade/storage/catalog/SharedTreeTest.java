package io.alidade.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SharedTreeTest {
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @Test
  void itIsWhatASortedMapIsAndEarlierOnesStayAsTheyWere() {
    System.out.println("SharedTreeTest -Dtest.seed=" + SEED);
    Random random = new Random(SEED);
    SharedTree<Integer, String> tree = SharedTree.empty();
    Map<Integer, String> map = new TreeMap<>();
    List<SharedTree<Integer, String>> trees = new ArrayList<>();
    List<List<String>> contents = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      int key = random.nextInt(600);
      if (random.nextInt(5) < 2) {
        tree = tree.without(key);
        map.remove(key);
      } else {
        tree = tree.with(key, key + "/" + i);
        map.put(key, key + "/" + i);
      }
      assertThat(tree.get(key)).isEqualTo(map.get(key));
      if (i % 97 == 0) {
        trees.add(tree);
        contents.add(List.copyOf(map.values()));
      }
    }
    for (int i = 0; i < trees.size(); i++) {
      assertThat(trees.get(i).values()).containsExactlyElementsOf(contents.get(i));
      assertThat(trees.get(i).values()).hasSize(contents.get(i).size());
    }
  }

  @Test
  void keysThatComeInOrderDoNotMakeItDeep() {
    SharedTree<Integer, Integer> tree = SharedTree.empty();
    for (int i = 0; i < 1 << 17; i++) {
      tree = tree.with(i, i); // A tree that is not balanced overflows the stack.
    }
    assertThat(tree.get(77)).isEqualTo(77);
    assertThat(tree.values()).hasSize(1 << 17);
  }
}
