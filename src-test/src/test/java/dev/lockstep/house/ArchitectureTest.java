package dev.lockstep.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of the house, each with its reason. */
@AnalyzeClasses(
    packages = "dev.lockstep",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoShadedJar.class})
class ArchitectureTest {
  private static final String[] CORE = {
    "dev.lockstep",
    "dev.lockstep.kernel..",
    "dev.lockstep.random..",
    "dev.lockstep.data..",
    "dev.lockstep.layer..",
    "dev.lockstep.loss..",
    "dev.lockstep.init..",
    "dev.lockstep.network..",
    "dev.lockstep.gradient..",
    "dev.lockstep.optimizer..",
    "dev.lockstep.schedule..",
    "dev.lockstep.setting..",
    "dev.lockstep.metric..",
    "dev.lockstep.engine.."
  };

  /** The one jar repeats the modules' classes under relocated names. */
  static final class NoShadedJar implements ImportOption {
    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("/shaded/");
    }
  }

  @ArchTest
  static final ArchRule coreKnowsOnlyTheJdk =
      classes()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(CORE)
                  .or(resideInAnyPackage("java.lang..", "java.util..", "java.io.."))
                  .or(resideInAnyPackage("java.math", "java.nio"))
                  .or(resideInAPackage("jdk.incubator.vector")))
          .because("the core is read, tested and timed without Spark, Hadoop or files");

  @ArchTest
  static final ArchRule coreOpensNoFiles =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.File")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.FileInputStream")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.nio.file..")
          .because("streams come from outside; the file is the driver's business");

  @ArchTest
  static final ArchRule vectorApiInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.lockstep.kernel.vector..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..")
          .because("classes that touch it do not link where the module is absent");

  @ArchTest
  static final ArchRule noOtherRandomnessOrClock =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("a run is a function of configuration, data and seed");

  @ArchTest
  static final ArchRule noTranscendentalsOfTheJvm =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .callMethod(Math.class, "exp", double.class)
          .orShould()
          .callMethod(Math.class, "log", double.class)
          .orShould()
          .callMethod(Math.class, "tanh", double.class)
          .orShould()
          .callMethod(Math.class, "pow", double.class, double.class)
          .orShould()
          .callMethod(Math.class, "sin", double.class)
          .orShould()
          .callMethod(Math.class, "cos", double.class)
          .because("their last bit differs between JVMs; FloatMath and StrictMath do not");

  @ArchTest
  static final ArchRule noParallelStreams =
      noClasses()
          .should()
          .callMethod(java.util.Collection.class, "parallelStream")
          .because("threads are Spark's; a sum has one order");

  @ArchTest
  static final ArchRule serializationKnowsNoDriver =
      noClasses()
          .that()
          .resideInAPackage("dev.lockstep.serialization..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.lockstep.spark..",
              "dev.lockstep.train..",
              "dev.lockstep.cli..",
              "dev.lockstep.bench..",
              "dev.lockstep.config..",
              "dev.lockstep.storage..",
              "dev.lockstep.source..")
          .because("arrows run driver -> serialization -> worker-core");

  @ArchTest
  static final ArchRule nothingNeedsBenchmarks =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.lockstep.bench..", "dev.lockstep.plan..", "dev.lockstep.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.lockstep.bench..")
          .because("what is measured knows nothing of the measuring");

  @ArchTest
  static final ArchRule modelsAreReadWithoutSpark =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.lockstep.serialization",
              "dev.lockstep.serialization.model..",
              "dev.lockstep.serialization.checkpoint..",
              "dev.lockstep.serialization.onnx..",
              "dev.lockstep.serialization.tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache..", "scala..", "com.esotericsoftware..")
          .because("a model directory is read with nothing but Jackson on the class path");

  @ArchTest
  static final ArchRule onnxInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.lockstep.serialization.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnx..", "com.google.protobuf..", "org.tribuo..")
          .because("layers and models say nothing of the formats that they leave in");

  @ArchTest
  static final ArchRule tablesInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.lockstep.ml..", "dev.lockstep.table..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark.sql..", "org.apache.spark.ml..")
          .because("training on files starts sooner without them, and needs none of them");

  @ArchTest
  static final ArchRule nothingNeedsStages =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.lockstep.ml..", "dev.lockstep.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.lockstep.ml..")
          .because("arrows run ml -> table -> train");

  @ArchTest
  static final ArchRule sparksTransportBehindOneClass =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.lockstep.spark.exchange.Transport")
          .and()
          .haveNameNotMatching("dev\\.lockstep\\.spark\\.exchange\\.Transport\\$.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark.network..")
          .because("it is internal API without a promise");

  @ArchTest
  static final ArchRule sparksPagesInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.lockstep.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark.ui..", "org.apache.spark.status..", "scala.xml..", "jakarta..")
          .because("they are internal API without a promise");

  @ArchTest
  static final ArchRule whoWatchesCannotTouchTheRun =
      noClasses()
          .that()
          .resideInAnyPackage("dev.lockstep.watch..", "dev.lockstep.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.lockstep.train..", "dev.lockstep.spark..", "dev.lockstep.ml..")
          .because("arrows run train -> ui -> watch; a run is the same whether anybody looks on");

  @ArchTest
  static final ArchRule noJavaDeserialisation =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.beans.XMLDecoder")
          .because("no untrusted bytes are ever given to Java deserialisation");

  @ArchTest
  static final ArchRule noKryoOutsideItsRoom =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.lockstep.serialization.kryo..")
          .and()
          .doNotHaveFullyQualifiedName("dev.lockstep.spark.SparkKryoRegistrator")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.esotericsoftware..")
          .because("Kryo is for what Spark carries; no file or frame is given to it");

  @ArchTest
  static final ArchRule noTypesNamedByJson =
      noClasses()
          .should()
          .callMethodWhere(
              target(nameMatching("(activate|enable)DefaultTyping.*"))
                  .and(target(owner(assignableTo("com.fasterxml.jackson.databind.ObjectMapper")))))
          .because("JSON from outside never says which class to make");

  @ArchTest
  static final ArchRule onlyTheCommandLineEndsTheJvm =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.lockstep.cli..")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .accessField(System.class, "out")
          .because("Lockstep is a library too; stdout carries results only");

  @ArchTest
  static final ArchRule noCycles =
      slices()
          .matching("dev.lockstep.(**)")
          .should()
          .beFreeOfCycles()
          .because("data flows one way, one room for each stage");

  @ArchTest
  static final ArchRule plainNames =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .because("a name says what a thing is");
}
