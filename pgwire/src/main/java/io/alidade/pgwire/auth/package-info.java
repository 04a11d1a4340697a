/// Who may come in, and who may cancel what.
///
/// Only `trust` is here so far: everybody who may connect is who they say. [CancelKeys] keeps the
/// secrets by which a client asks, on a second connection, to end what its session is running.
@NullMarked
package io.alidade.pgwire.auth;

import org.jspecify.annotations.NullMarked;
