package io.alidade.storage.log;

/// Told once when a commit log stops for good; a server answers by ending itself.
@FunctionalInterface
public interface FailureListener {
  /// Called by the thread that met the failure, before its caller sees the exception.
  void onFailure(CommitLogFailedException failure);
}
