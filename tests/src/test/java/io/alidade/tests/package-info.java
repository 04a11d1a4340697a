/// Tests that drive the whole product from outside: real PostgreSQL clients, crashes, and the
/// architecture of the code itself.
///
/// [ServerProcess] starts a server as a user does. What one module can show by itself is tested
/// beside its code.
@NullMarked
package io.alidade.tests;

import org.jspecify.annotations.NullMarked;
