package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Rows of four bits a number: vectors rotated at random, each number rounded to one of sixteen
/// evenly spaced ones, and a factor for each row. Immutable; thread-safe.
///
/// A row stands for `factor * (code - 7.5)`, rotated back, without the places behind the vector's
/// dimensions, to which a rotation fills them up. After a rotation numbers follow a normal
/// distribution nearly, for which the best even spacing leaves 0.0115 of the variance (J. Max,
/// 1960), so that a row's direction is off by about 0.1 radians; the spacing is chosen for each row
/// among several, and the factor such that the row keeps its length exactly.
///
/// The layout: a line of 64 bytes is 16 little-endian words and holds 128 numbers; number `16 k +
/// w` of a line is in the bits `4 k` to `4 k + 3` of word `w`, so that a register of any length
/// gets numbers that follow each other. Places behind the rotated numbers are 0.
final class NibbleRows {
  /// What is taken off every code: the codes lie around zero then.
  static final float MIDDLE = 7.5f;

  private static final int MOST = 15;
  private static final int NIBBLE_BITS = 4;
  private static final int WORDS_OF_LINE = VectorStore.ROW_ALIGNMENT / Integer.BYTES;
  private static final int NUMBERS_OF_LINE = VectorStore.ROW_ALIGNMENT * 2;

  /// The same for all rows ever, which can be copied from store to store then.
  private static final long SEED = 0x4E49_4242_4C45L;

  /// Spacings tried, in standard deviations.
  private static final float[] SPACINGS = {0.28f, 0.31f, 0.335f, 0.36f, 0.39f};

  /// Forms are kept for vectors of up to so many dimensions, each of at most half a megabyte.
  private static final int KEPT_DIMENSIONS = 16_384;

  private static final AtomicReferenceArray<NibbleRows> KEPT =
      new AtomicReferenceArray<>(KEPT_DIMENSIONS / Rotation.MULTIPLE + 1);

  private final Rotation rotation;

  /// The numbers of a row with all that fills it up.
  private final int padded;

  private NibbleRows(int dimensions) {
    rotation = new Rotation(dimensions, SEED);
    padded = 2 * VectorElement.NIBBLE.rowStride(dimensions);
  }

  /// The bytes of a row: a line that is not full uses all words of it.
  static int bytes(int dimensions) {
    return (dimensions + NUMBERS_OF_LINE - 1) / NUMBERS_OF_LINE * VectorStore.ROW_ALIGNMENT;
  }

  /// The form of rows of so many dimensions.
  static NibbleRows of(int dimensions) {
    int place = Rotation.padded(dimensions) / Rotation.MULTIPLE;
    if (place >= KEPT.length()) {
      return new NibbleRows(dimensions);
    }
    NibbleRows kept = KEPT.get(place);
    if (kept == null) {
      kept = new NibbleRows(dimensions);
      KEPT.set(place, kept);
    }
    return kept;
  }

  /// The numbers of a row with all that fills it up; of these an even number of lines of floats.
  int padded() {
    return padded;
  }

  /// The numbers of a rotated vector.
  int rotated() {
    return rotation.padded();
  }

  /// Whether rotated rows are of as many dimensions: else what they have behind those is no part of
  /// them.
  boolean isWhole(int dimensions) {
    return rotation.padded() == dimensions;
  }

  /// Rotates the first floats of an array in place.
  ///
  /// @param vector of [#rotated] floats, zero behind the dimensions
  void rotate(float[] vector, float[] scratch) {
    rotation.apply(vector, scratch);
  }

  /// Writes a row and returns its factor, 0 for a zero vector.
  float write(float[] vector, long row) {
    float[] numbers = new float[rotation.padded()];
    float[] scratch = new float[rotation.padded()];
    System.arraycopy(vector, 0, numbers, 0, vector.length);
    rotation.apply(numbers, scratch);
    double squares = Kernels.BEST.sumOfSquares(numbers);
    if (squares == 0) {
      pack(numbers, 0, row);
      return 0;
    }
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    float spacing = spacing(numbers, (float) Math.sqrt(squares / numbers.length), largest);
    pack(numbers, 1 / spacing, row);
    read(row, 1, numbers, numbers, scratch, vector.length);
    double length = Math.sqrt(Kernels.BEST.sumOfSquares(vector));
    double squaredCode = 0;
    for (int i = 0; i < vector.length; i++) {
      squaredCode += (double) numbers[i] * numbers[i];
    }
    return (float) (length / Math.sqrt(squaredCode));
  }

  /// The spacing whose codes have the direction nearest to the vector's.
  private static float spacing(float[] numbers, float deviation, float largest) {
    float best = largest / MIDDLE;
    double most = squaredCosine(numbers, best);
    for (float candidate : SPACINGS) {
      double cosine = squaredCosine(numbers, candidate * deviation);
      if (cosine > most) {
        most = cosine;
        best = candidate * deviation;
      }
    }
    return best;
  }

  private static double squaredCosine(float[] numbers, float spacing) {
    float inverse = 1 / spacing;
    double product = 0;
    double squares = 0;
    for (float number : numbers) {
      float code = code(number, inverse) - MIDDLE;
      product += number * code;
      squares += code * code;
    }
    return product * product / squares;
  }

  private static int code(float number, float inverse) {
    int code = (int) (number * inverse + (MIDDLE + 0.5f)); // A cast cuts; all below 0 is 0.
    return Math.max(0, Math.min(MOST, code));
  }

  private static void pack(float[] numbers, float inverse, long row) {
    for (int line = 0; line < numbers.length; line += NUMBERS_OF_LINE) {
      for (int place = 0; place < WORDS_OF_LINE; place++) {
        int word = 0;
        for (int k = 0; k < Integer.SIZE / NIBBLE_BITS; k++) {
          int i = line + k * WORDS_OF_LINE + place;
          int code = i < numbers.length ? code(numbers[i], inverse) : 0;
          word |= code << k * NIBBLE_BITS;
        }
        AddressSpace.putInt(row + line / 2 + (long) place * Integer.BYTES, word);
      }
    }
  }

  /// Reads a row as it lies, rotated.
  ///
  /// @param target of at least [#rotated] floats
  void readRotated(long row, float factor, float[] target) {
    int numbers = rotation.padded();
    for (int line = 0; line < numbers; line += NUMBERS_OF_LINE) {
      for (int place = 0; place < WORDS_OF_LINE; place++) {
        int word = AddressSpace.getInt(row + line / 2 + (long) place * Integer.BYTES);
        int end = Math.min(NUMBERS_OF_LINE, numbers - line);
        for (int i = place; i < end; i += WORDS_OF_LINE) {
          target[line + i] = factor * ((word & MOST) - MIDDLE);
          word >>>= NIBBLE_BITS;
        }
      }
    }
  }

  /// Reads a row into the first places of an array.
  ///
  /// @param numbers of [#rotated] floats, like `scratch`; may be the target
  void read(
      long row, float factor, float[] target, float[] numbers, float[] scratch, int dimensions) {
    if (factor == 0) { // No sign of a zero is anything.
      Arrays.fill(target, 0, dimensions, 0);
      return;
    }
    readRotated(row, factor, numbers);
    rotation.undo(numbers, scratch);
    System.arraycopy(numbers, 0, target, 0, dimensions);
  }
}
