package io.alidade.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.alidade.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(place -> !place.contains("/tests/") && !place.contains("/bench/"))
          .importPackages("io.alidade");

  @Test
  void allModulesAreLookedAt() {
    for (String module :
        new String[] {"model", "engine", "storage", "sql", "pgwire", "embedding", "server"}) {
      assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith(ROOT + module)))
          .as("classes of %s are on the class path", module)
          .isTrue();
    }
  }

  @Test
  void modulesDependOnlyOnThoseBelowThem() {
    ArchRule direction =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("model")
            .definedBy(ROOT + "model..")
            .layer("engine")
            .definedBy(ROOT + "engine..")
            .layer("storage")
            .definedBy(ROOT + "storage..")
            .layer("replication")
            .definedBy(ROOT + "replication..")
            .layer("sql")
            .definedBy(ROOT + "sql..")
            .layer("pgwire")
            .definedBy(ROOT + "pgwire..")
            .layer("http")
            .definedBy(ROOT + "http..")
            .layer("embedding")
            .definedBy(ROOT + "embedding..")
            .layer("server")
            .definedBy(ROOT + "server..")
            .whereLayer("model")
            .mayNotAccessAnyLayer()
            .whereLayer("engine")
            .mayOnlyAccessLayers("model")
            .whereLayer("embedding")
            .mayOnlyAccessLayers("engine", "model")
            .whereLayer("storage")
            .mayOnlyAccessLayers("engine", "model")
            .whereLayer("replication")
            .mayOnlyAccessLayers("storage", "model")
            .whereLayer("sql")
            .mayOnlyAccessLayers("storage", "engine", "model")
            .whereLayer("pgwire")
            .mayOnlyAccessLayers("sql", "model")
            .whereLayer("http")
            .mayOnlyAccessLayers("storage", "engine", "model")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer();
    direction.check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("io.alidade.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void calciteIsSeenInSqlAlone() {
    only("sql..", "org.apache.calcite..").check(CLASSES);
  }

  @Test
  void chronicleIsSeenInTheCommitLogAlone() {
    only("storage.log..", "net.openhft..").check(CLASSES);
  }

  @Test
  void nettyIsSeenInPgwireAlone() {
    only("pgwire..", "io.netty..").check(CLASSES);
  }

  @Test
  void theVectorApiIsSeenInKernelsAlone() {
    only("engine.vector..", "jdk.incubator.vector..").check(CLASSES);
  }

  @Test
  void onnxRuntimeIsSeenInEmbeddingAlone() {
    only("embedding..", "ai.onnxruntime..").check(CLASSES);
  }

  @Test
  void classesAreFinalSealedOrRecords() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveSimpleName("package-info")
        .and(
            DescribedPredicate.describe(
                "do not extend a library's class", ArchitectureTest::isOurs))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(CLASSES);
  }

  private static boolean isOurs(JavaClass c) {
    return c.getRawSuperclass()
        .map(s -> s.getName().startsWith("java.lang") || s.getName().startsWith(ROOT))
        .orElse(true);
  }

  private static ArchRule only(String ours, String theirs) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ours)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(theirs);
  }
}
