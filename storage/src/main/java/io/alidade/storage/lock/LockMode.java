package io.alidade.storage.lock;

/// How a lock is held: PostgreSQL's eight modes with its conflicts, and one of our own.
///
/// Tables are locked in any of them. The four modes of rows are four of these, as in PostgreSQL's
/// `tupleLockExtraInfo`: KEY SHARE is [#ACCESS_SHARE], SHARE is [#ROW_SHARE], NO KEY UPDATE is
/// [#EXCLUSIVE], UPDATE is [#ACCESS_EXCLUSIVE]. Keys of unique indexes are locked in
/// [#ACCESS_EXCLUSIVE].
///
/// An owner may hold one lock in several modes; inside this package they are a set of bits.
public enum LockMode {
  ACCESS_SHARE,
  ROW_SHARE,
  ROW_EXCLUSIVE,
  SHARE_UPDATE_EXCLUSIVE,
  SHARE,
  SHARE_ROW_EXCLUSIVE,
  EXCLUSIVE,
  ACCESS_EXCLUSIVE,
  /// What a serializable transaction has read, which must stay as it was: not beside writes.
  /// PostgreSQL's SIRead lock makes nobody wait; this one does. What was read stays read, so going
  /// back to a savepoint does not give it back.
  SERIALIZABLE_READ;

  private static final LockMode[] MODES = values();
  private static final int[] CONFLICTS = new int[MODES.length];

  static {
    for (LockMode mode : MODES) {
      CONFLICTS[mode.ordinal()] =
          switch (mode) {
            case ACCESS_SHARE -> bits(ACCESS_EXCLUSIVE);
            case ROW_SHARE -> bits(EXCLUSIVE, ACCESS_EXCLUSIVE);
            case ROW_EXCLUSIVE ->
                bits(SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE, SERIALIZABLE_READ);
            case SHARE_UPDATE_EXCLUSIVE ->
                bits(
                    SHARE_UPDATE_EXCLUSIVE,
                    SHARE,
                    SHARE_ROW_EXCLUSIVE,
                    EXCLUSIVE,
                    ACCESS_EXCLUSIVE);
            case SHARE ->
                bits(
                    ROW_EXCLUSIVE,
                    SHARE_UPDATE_EXCLUSIVE,
                    SHARE_ROW_EXCLUSIVE,
                    EXCLUSIVE,
                    ACCESS_EXCLUSIVE);
            case SHARE_ROW_EXCLUSIVE ->
                bits(
                    ROW_EXCLUSIVE,
                    SHARE_UPDATE_EXCLUSIVE,
                    SHARE,
                    SHARE_ROW_EXCLUSIVE,
                    EXCLUSIVE,
                    ACCESS_EXCLUSIVE);
            case EXCLUSIVE -> bits(MODES) & ~ACCESS_SHARE.bit();
            case ACCESS_EXCLUSIVE -> bits(MODES);
            case SERIALIZABLE_READ -> bits(ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE);
          };
    }
  }

  private static int bits(LockMode... modes) {
    int bits = 0;
    for (LockMode mode : modes) {
      bits |= mode.bit();
    }
    return bits;
  }

  /// The set of this mode alone.
  int bit() {
    return 1 << ordinal();
  }

  /// Whether another owner may hold this one while some owner holds a lock so.
  ///
  /// @param held a set of modes
  boolean isAllowedBeside(int held) {
    return (CONFLICTS[ordinal()] & held) == 0;
  }

  /// Whether another owner may hold this one while some owner holds the other.
  public boolean isAllowedBeside(LockMode other) {
    return isAllowedBeside(other.bit());
  }

  /// Whether holding a set of modes makes asking for this one needless.
  boolean isCoveredBy(int held) {
    if (this == SERIALIZABLE_READ) {
      return (held & bit()) != 0; // It outlasts the others.
    }
    int kept = 0;
    for (LockMode mode : MODES) {
      if ((held & mode.bit()) != 0) {
        kept |= CONFLICTS[mode.ordinal()];
      }
    }
    return (CONFLICTS[ordinal()] & ~kept) == 0;
  }
}
