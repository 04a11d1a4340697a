package io.alidade.engine.vector;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The self-test that keeps a family of kernels on vector instructions or takes them off.
///
/// The compiler turns a kernel on the Vector API into a few instructions or, when an inlining or an
/// escape analysis went otherwise than thought, into one that is many times slower than plain Java.
/// So each family is timed once in the process, soon after its first use: in the background, nobody
/// waits for it, with vector instructions meanwhile. Only what is still slower after the compiler
/// had its time is given up, and tried again some times later: on a machine that is busy the
/// compiler may have had no time at all. What was chosen is logged; the system property
/// `alidade.kernels` (`vector` or `scalar`) chooses without a test.
final class KernelSelection {
  private static final Logger LOG = LoggerFactory.getLogger(KernelSelection.class);
  private static final String PROPERTY = "alidade.kernels";

  /// After the first use: a process that starts has better things to do, and one that lives no
  /// longer has no use for a choice.
  private static final long DELAY_MILLIS = 5_000;

  /// Beyond the compiler's thresholds; calls are small ones.
  private static final int WARM_UP_CALLS = 6_000;

  private static final long WARM_UP_NANOS = 3_000_000_000L;

  /// What is called between two comparisons: work for the counters that start the compiler.
  private static final int MORE_CALLS = 1_000;

  private static final long MORE_NANOS = 250_000_000;

  /// All the rounds of a family together take less than 50 ms, once its kernels are compiled.
  private static final int COMPARISONS = 12;

  private static final int ROUNDS = 3;
  private static final long NANOS_OF_ROUND = 500_000;

  /// How long the compiler gets between two comparisons.
  private static final long PATIENCE_MILLIS = 250;

  /// How often what was given up is tried again, and how much later each time: over half an hour.
  private static final int TESTS = 5;

  private static final int DELAY_GROWTH = 5;

  private KernelSelection() {}

  /// How kernels are chosen.
  enum Mode {
    /// By a self-test.
    MEASURED,
    VECTOR,
    SCALAR;

    static Mode of(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "vector" -> VECTOR;
        case "scalar" -> SCALAR;
        default -> MEASURED;
      };
    }
  }

  /// The choice of one family, vector instructions at first; a daemon thread tests it soon.
  static KernelChoice start(KernelTrial trial) {
    KernelChoice choice = new KernelChoice();
    switch (Mode.of(System.getProperty(PROPERTY, ""))) {
      case VECTOR -> {}
      case SCALAR -> choice.chooseScalar();
      case MEASURED ->
          Thread.ofPlatform()
              .daemon()
              .name("kernel selection: " + trial.family())
              .start(() -> choose(trial, choice));
    }
    return choice;
  }

  private static void choose(KernelTrial trial, KernelChoice choice) {
    try {
      long delay = DELAY_MILLIS;
      for (int test = 0; test == 0 || (choice.isScalar() && test < TESTS); test++) {
        Thread.sleep(delay);
        // One family at a time: they would share the processor.
        synchronized (KernelSelection.class) {
          choose(trial, choice, System::nanoTime, PATIENCE_MILLIS);
        }
        delay *= DELAY_GROWTH;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void choose(
      KernelTrial trial, KernelChoice choice, LongSupplier clock, long patienceMillis)
      throws InterruptedException {
    trial.warmUp(WARM_UP_CALLS, WARM_UP_NANOS, clock);
    KernelTrial.Outcome outcome = trial.compare(ROUNDS, NANOS_OF_ROUND, clock);
    for (int i = 1; i < COMPARISONS && outcome.isVectorizedSlower(); i++) {
      Thread.sleep(patienceMillis);
      trial.warmUp(MORE_CALLS, MORE_NANOS, clock);
      outcome = trial.compare(ROUNDS, NANOS_OF_ROUND, clock);
    }
    if (outcome.isVectorizedSlower()) {
      choice.chooseScalar();
    } else {
      choice.chooseVector();
    }
    LOG.info(
        "Kernels for {}: {} ({} ns a row of 384 dimensions by vector instructions, {} without)",
        trial.family(),
        choice.isScalar() ? "plain Java" : "vector instructions",
        rounded(outcome.vectorized()),
        rounded(outcome.scalar()));
  }

  private static String rounded(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos);
  }
}
