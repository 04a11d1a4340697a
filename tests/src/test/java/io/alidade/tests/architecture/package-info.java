/// The directions between modules and packages, as one test over all classes.
///
/// The poms already refuse an arrow between modules that is not declared; this says it in one place
/// and adds what poms cannot say: which library belongs to which package, and that packages form no
/// cycles.
@NullMarked
package io.alidade.tests.architecture;

import org.jspecify.annotations.NullMarked;
