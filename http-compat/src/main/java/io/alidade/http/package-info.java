/// The HTTP door in Qdrant's dialect: requests translated to rows, filters and vector queries.
///
/// Nothing is here yet but the name: the door opens with its own change. It will know `storage`,
/// `engine` and `model`, and never `sql` or Calcite.
@NullMarked
package io.alidade.http;

import org.jspecify.annotations.NullMarked;
