/// Copies of a database on other nodes: shipping the commit log to followers, and agreeing on a
/// leader.
///
/// Nothing is here yet but the name: replication comes with its own change. It will know `storage`
/// and `model`, and nothing above them.
@NullMarked
package io.alidade.replication;

import org.jspecify.annotations.NullMarked;
