package io.alidade.storage.catalog;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An immutable sorted map whose changed copies share all but one path with it, so that a catalog
/// of thousands of tables changes in the time of a few comparisons.
///
/// An AVL tree: the heights of two siblings differ by one at most.
final class SharedTree<K extends Comparable<K>, V> {
  private final @Nullable Node<K, V> root;
  private final int size;

  private record Node<K, V>(
      K key, V value, int height, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    Node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
      this(key, value, 1 + Math.max(heightOf(left), heightOf(right)), left, right);
    }
  }

  private SharedTree(@Nullable Node<K, V> root, int size) {
    this.root = root;
    this.size = size;
  }

  static <K extends Comparable<K>, V> SharedTree<K, V> empty() {
    return new SharedTree<>(null, 0);
  }

  @Nullable V get(K key) {
    Node<K, V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /// The map with a value for a key, in the place of one that it had.
  SharedTree<K, V> with(K key, V value) {
    return new SharedTree<>(with(root, key, value), get(key) == null ? size + 1 : size);
  }

  /// The map without a key, the same if it is not there.
  SharedTree<K, V> without(K key) {
    return get(key) == null ? this : new SharedTree<>(without(root, key), size - 1);
  }

  /// The values in the order of their keys.
  Collection<V> values() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<V> iterator() {
        return new Values<>(root);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private static <K extends Comparable<K>, V> Node<K, V> with(
      @Nullable Node<K, V> node, K key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, with(node.left, key, value), node.right)
        : balanced(node, node.left, with(node.right, key, value));
  }

  private static <K extends Comparable<K>, V> @Nullable Node<K, V> without(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, without(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, without(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<K, V> next = first(node.right);
    return balanced(next, node.left, without(node.right, next.key));
  }

  private static <K, V> Node<K, V> first(Node<K, V> node) {
    Node<K, V> first = node;
    while (first.left != null) {
      first = first.left;
    }
    return first;
  }

  /// A node with other children, whose heights differ by two at most.
  private static <K, V> Node<K, V> balanced(
      Node<K, V> node, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    int difference = heightOf(left) - heightOf(right);
    if (left != null && difference > 1) {
      Node<K, V> inner = left.right;
      if (inner != null && inner.height > heightOf(left.left)) {
        return joined(new Node<>(left.key, left.value, left.left, inner.left), inner, node, right);
      }
      return new Node<>(
          left.key, left.value, left.left, new Node<>(node.key, node.value, inner, right));
    }
    if (right != null && difference < -1) {
      Node<K, V> inner = right.left;
      if (inner != null && inner.height > heightOf(right.right)) {
        Node<K, V> low = new Node<>(node.key, node.value, left, inner.left);
        return joined(low, inner, right, right.right);
      }
      return new Node<>(
          right.key, right.value, new Node<>(node.key, node.value, left, inner), right.right);
    }
    return new Node<>(node.key, node.value, left, right);
  }

  private static <K, V> Node<K, V> joined(
      Node<K, V> low, Node<K, V> middle, Node<K, V> high, @Nullable Node<K, V> highest) {
    return new Node<>(
        middle.key, middle.value, low, new Node<>(high.key, high.value, middle.right, highest));
  }

  private static int heightOf(@Nullable Node<?, ?> node) {
    return node == null ? 0 : node.height;
  }

  private static final class Values<K, V> implements Iterator<V> {
    /// The nodes that are still to come with all to the right of them, the next one last.
    private final Deque<Node<K, V>> path = new ArrayDeque<>();

    Values(@Nullable Node<K, V> root) {
      push(root);
    }

    private void push(@Nullable Node<K, V> node) {
      for (Node<K, V> at = node; at != null; at = at.left) {
        path.addLast(at);
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public V next() {
      if (path.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> node = path.removeLast();
      push(node.right);
      return node.value;
    }
  }
}
