package io.alidade.model.thread;

/// A thread of a pool that wants to know when it waits for somebody else, to have another one work
/// meanwhile.
///
/// Whoever waits for a lock, a commit or the like for longer than a few microseconds calls
/// [#waiting]; it does nothing on other threads.
public interface ObservedThread {
  /// The thread is about to wait; called by itself.
  void beginWait();

  /// It goes on.
  void endWait();

  /// Something that waits.
  ///
  /// @param <E> what may end it early
  @FunctionalInterface
  interface Wait<E extends Exception> {
    void run() throws E;
  }

  /// Does something that waits, and tells the calling thread's owner of it.
  ///
  /// @param <E> what may end it early
  static <E extends Exception> void waiting(Wait<E> wait) throws E {
    if (Thread.currentThread() instanceof ObservedThread observed) {
      observed.beginWait();
      try {
        wait.run();
      } finally {
        observed.endWait();
      }
    } else {
      wait.run();
    }
  }
}
