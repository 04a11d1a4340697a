/// What modules tell each other about the threads that they lend.
///
/// Here: [ObservedThread], by which the owner of a thread learns that whoever runs on it waits. Not
/// here: any thread; those are where they are started.
@NullMarked
package io.alidade.model.thread;

import org.jspecify.annotations.NullMarked;
