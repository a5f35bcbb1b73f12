package dev.lockstep.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.HeapShards;
import dev.lockstep.data.Shard;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.loss.MeanSquaredError;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationTest {
  private static final int FEATURES = 20;
  private static final int CLASSES = 5;

  private static final Kernels SCALAR = KernelWidths.all().get(0);

  private static final Network NETWORK = NetworkParser.parse(FEATURES, List.of("dense 5"));

  /** More than two blocks of rows, and a part of one. */
  private static final int COUNT = 2 * NETWORK.blockRows() + 37;

  private static final Examples DATA =
      Examples.draw(COUNT, FEATURES, CLASSES, new SplittableRandom(21));

  private static final Loss LOSS = new SoftmaxCrossEntropy();

  private Evaluation evaluate(float[] parameters, int shards, Kernels kernels) {
    return Evaluation.of(
        NETWORK, LOSS, parameters, DATA.shards(new BatchPlan(COUNT, 10, shards, 1, true)), kernels);
  }

  private Evaluation evaluate(float[] parameters, int shards) {
    return evaluate(parameters, shards, SCALAR);
  }

  private float[] drawParameters() {
    return InitScheme.heNormal().parameters(NETWORK.layout(), 3);
  }

  @Test
  void isThatOfAPlainComputationInDouble() {
    float[] parameters = drawParameters();
    float[] weight = NETWORK.layout().tensors().get(0).toFileOrder(parameters);
    float[] bias = NETWORK.layout().tensors().get(1).toFileOrder(parameters);
    double loss = 0;
    long correct = 0;
    for (int e = 0; e < COUNT; e++) {
      double[] logits = new double[CLASSES];
      int best = 0;
      for (int c = 0; c < CLASSES; c++) {
        logits[c] = bias[c];
        for (int i = 0; i < FEATURES; i++) {
          logits[c] += (double) weight[c * FEATURES + i] * (DATA.pixels()[e][i] & 0xff) / 255;
        }
        best = logits[c] > logits[best] ? c : best;
      }
      loss += ReferenceNetwork.crossEntropy(logits, DATA.labels()[e]);
      correct += best == DATA.labels()[e] ? 1 : 0;
    }
    for (Kernels kernels : KernelWidths.all()) {
      Evaluation actual = evaluate(parameters, 3, kernels);
      assertThat(actual.meanLoss()).isCloseTo(loss / COUNT, within(1e-6 * loss / COUNT));
      assertThat(actual.logLoss()).hasValueCloseTo(loss / COUNT, within(1e-6 * loss / COUNT));
      assertThat(actual.examples()).isEqualTo(COUNT);
      assertThat(correct).isBetween(1L, COUNT - 1L);
      assertThat(actual.accuracy()).isEqualTo((double) correct / COUNT);
    }
  }

  @Test
  void theLowestIndexWinsATie() {
    float[] parameters = new float[NETWORK.layout().length()];
    assertThat(evaluate(parameters, 1).accuracy()).isEqualTo(share(0));
    assertThat(evaluate(parameters, 1).classes().topAccuracy(2)).isEqualTo(share(0, 1));
    NETWORK.layout().tensors().get(1).fromFileOrder(new float[] {1, 2, 3, 3, 3}, parameters);
    assertThat(evaluate(parameters, 1).accuracy()).isEqualTo(share(2));
    assertThat(evaluate(parameters, 1).classes().topAccuracy(4)).isEqualTo(share(1, 2, 3, 4));
  }

  private static double share(int... labels) {
    long count = 0;
    for (int label : labels) {
      count += count(label);
    }
    return (double) count / COUNT;
  }

  private static long count(int label) {
    long count = 0;
    for (int l : DATA.labels()) {
      count += l == label ? 1 : 0;
    }
    return count;
  }

  /** Parts of a set as 1, 2, 3 or 8 tasks have them, and a task for each shard; in any order. */
  @ParameterizedTest
  @MethodSource("settings")
  void howShardsAreDividedChangesNoBit(Loss loss, List<Shard> shards) {
    float[] parameters = drawParameters();
    Evaluation expected = Evaluation.of(NETWORK, loss, parameters, shards, SCALAR);
    for (int parts : new int[] {1, 2, 3, 8, shards.size()}) {
      List<Evaluation> evaluations = new ArrayList<>();
      for (int p = 0; p < parts; p++) {
        int from = shards.size() * p / parts;
        int to = shards.size() * (p + 1) / parts;
        evaluations.add(Evaluation.of(NETWORK, loss, parameters, shards.subList(from, to), SCALAR));
      }
      Collections.shuffle(evaluations, new Random(parts));
      Evaluation joined = Evaluation.join(evaluations);
      assertThat(joined).as("%s parts", parts).isEqualTo(expected);
      Bits.assertSame("mean loss", joined.meanLoss(), expected.meanLoss());
      assertThat(joined.errors()).isEqualTo(expected.errors());
      assertThat(joined.logLoss()).isEqualTo(expected.logLoss());
    }
  }

  /** In the order of the set, so that a place in it says where an example is. */
  private static BatchPlan inOrder(int shards) {
    return new BatchPlan(COUNT, 10, shards, 1, false);
  }

  private static List<Long> worst(float[] parameters, int shards, int parts, int most) {
    List<Shard> all = DATA.shards(inOrder(shards));
    List<Evaluation> evaluations = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      List<Shard> some = all.subList(shards * p / parts, shards * (p + 1) / parts);
      evaluations.add(Evaluation.of(NETWORK, LOSS, parameters, some, SCALAR, most));
    }
    Collections.shuffle(evaluations, new Random(parts));
    return Evaluation.join(evaluations, most).worst().stream()
        .map(example -> example.index(inOrder(shards)))
        .toList();
  }

  /** Against a sort of all losses, each found by a pass of its own. */
  @Test
  void theWorstExamplesAreTheSameHoweverTheSetIsDivided() {
    float[] parameters = drawParameters();
    Shard plain = DATA.shards(inOrder(1)).get(0);
    Map<Long, Double> losses = new HashMap<>();
    for (int i = 0; i < COUNT; i++) {
      float[] alone = new float[COUNT];
      alone[i] = 1;
      losses.put((long) i, evaluate(weighted(plain, alone)).meanLoss());
    }
    List<Long> expected =
        losses.keySet().stream()
            .sorted(Comparator.comparing((Long i) -> -losses.get(i)).thenComparing(i -> i))
            .limit(32)
            .toList();
    for (int shards : new int[] {1, 8, 37}) {
      for (int parts : new int[] {1, Math.min(3, shards), shards}) {
        assertThat(worst(parameters, shards, parts, 32)).isEqualTo(expected);
      }
    }
  }

  @Test
  void ofEquallyBadExamplesTheFirstAreKept() {
    float[] alike = new float[NETWORK.layout().length()];
    assertThat(worst(alike, 8, 3, 5)).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(worst(alike, 8, 3, 2 * COUNT)).hasSize(COUNT);
  }

  @Test
  void theWorstExamplesCarryTheirPixels() {
    Shard shard = DATA.shards(inOrder(1)).get(0);
    WorstExample worst =
        Evaluation.of(NETWORK, LOSS, drawParameters(), List.of(shard), SCALAR, 3).worst().get(2);
    int from = shard.offset(worst.item());
    byte[] bytes = shard.bytes(worst.item(), new byte[0]);
    assertThat(worst.pixels()).isEqualTo(Arrays.copyOfRange(bytes, from, from + FEATURES));
    assertThat(worst.label()).isEqualTo(shard.label(worst.item()));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void widthsGiveTheSameBits(Loss loss, List<Shard> shards) {
    Evaluation expected = Evaluation.of(NETWORK, loss, drawParameters(), shards, SCALAR);
    for (Kernels kernels : KernelWidths.all()) {
      assertThat(Evaluation.of(NETWORK, loss, drawParameters(), shards, kernels))
          .as(kernels.name())
          .isEqualTo(expected);
    }
  }

  /** Classes; vectors with weights; and more shards than examples, so that some are empty. */
  static Stream<Arguments> settings() {
    List<Shard> classes = DATA.shards(new BatchPlan(COUNT, 10, 16, 1, true));
    List<Shard> few =
        Examples.draw(5, FEATURES, CLASSES, new SplittableRandom(3))
            .shards(new BatchPlan(5, 5, 16, 1, true));
    return Stream.of(
        Arguments.of(LOSS, classes),
        Arguments.of(Losses.of("hinge"), classes),
        Arguments.of(LOSS, few),
        Arguments.of(new MeanSquaredError(), withVectors(classes)),
        Arguments.of(new MeanSquaredError(), withVectors(few)),
        Arguments.of(LOSS, withVectors(classes)));
  }

  private static List<Shard> withVectors(List<Shard> shards) {
    return shards.stream().map(EvaluationTest::withVectors).toList();
  }

  /** Vectors that are far from 0 in relation to their spread, and weights. */
  private static Shard withVectors(Shard shard) {
    SplittableRandom random = new SplittableRandom(shard.index());
    float[] targets = new float[shard.items() * CLASSES];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = 100 + i % CLASSES + random.nextFloat();
    }
    float[] weights = new float[shard.items()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(4) / 4f;
    }
    return HeapShards.of(
        shard.index(), shard.features(), pixels(shard), new int[0], targets, weights);
  }

  @Test
  void shardsChangeTheRoundingOfTheSumAlone() {
    Evaluation one = evaluate(drawParameters(), 1);
    for (int shards : new int[] {2, 3, 64, 1024}) {
      Evaluation many = evaluate(drawParameters(), shards);
      assertThat(many.classes()).isEqualTo(one.classes());
      assertThat(many.examples()).isEqualTo(one.examples());
      assertThat(many.meanLoss()).isCloseTo(one.meanLoss(), within(1e-13 * one.meanLoss()));
    }
  }

  @Test
  void theLossIsAWeightedMeanAndAllElseCountsEveryExampleOnce() {
    Shard plain = DATA.shards(new BatchPlan(COUNT, 10, 1, 1, true)).get(0);
    float[] weights = new float[COUNT];
    weights[7] = 0.25f;
    weights[9] = 0.5f;
    Shard weighted = weighted(plain, weights);
    float[] ofSeven = new float[COUNT];
    ofSeven[7] = 1;
    float[] ofNine = new float[COUNT];
    ofNine[9] = 1;
    double seven = evaluate(weighted(plain, ofSeven)).meanLoss();
    double nine = evaluate(weighted(plain, ofNine)).meanLoss();
    Evaluation actual = evaluate(weighted);
    assertThat(actual.meanLoss()).isCloseTo((seven + 2 * nine) / 3, within(1e-9));
    assertThat(actual.classes()).isEqualTo(evaluate(plain).classes());
    assertThat(actual.logLoss()).isEqualTo(evaluate(plain).logLoss());
    assertThat(evaluate(weighted(plain, new float[COUNT])).meanLoss()).isZero();
  }

  private Evaluation evaluate(Shard shard) {
    return Evaluation.of(NETWORK, LOSS, drawParameters(), List.of(shard), SCALAR);
  }

  private static float targetOf(Shard shard, int item, int output) {
    return shard.format().target(((HeapShard) shard).bytes(), shard.offset(item), output);
  }

  private static Shard weighted(Shard shard, float[] weights) {
    return HeapShards.of(
        shard.index(),
        shard.features(),
        pixels(shard),
        ((HeapShard) shard).labels(),
        new float[0],
        weights);
  }

  /** Smoothing and class weights change the loss, and not what is said of probabilities. */
  @Test
  void theLogLossIsThatOfThePlainProbabilities() {
    List<Shard> shards = DATA.shards(new BatchPlan(COUNT, 10, 4, 1, true));
    Loss other =
        Losses.of(
            "softmax-cross-entropy",
            Map.of("label-smoothing", "0.2", "class-weights", "[1, 2, 3, 4, 5]"));
    Evaluation plain = Evaluation.of(NETWORK, LOSS, drawParameters(), shards, SCALAR);
    Evaluation smoothed = Evaluation.of(NETWORK, other, drawParameters(), shards, SCALAR);
    assertThat(smoothed.logLoss()).isEqualTo(plain.logLoss());
    assertThat(smoothed.meanLoss()).isNotEqualTo(plain.meanLoss());
    assertThat(smoothed.logLoss().orElseThrow())
        .isCloseTo(plain.meanLoss(), within(1e-6 * plain.meanLoss()));
    for (String none : List.of("hinge", "mean-squared-error", "sigmoid-cross-entropy")) {
      assertThat(
              Evaluation.of(NETWORK, Losses.of(none), drawParameters(), shards, SCALAR).logLoss())
          .isEmpty();
    }
  }

  /** One output: its sign, and the probability that its sigmoid is. */
  @Test
  void oneOutputTellsTwoClassesApart() {
    Network network = NetworkParser.parse(FEATURES, List.of("dense 1"));
    Examples data = Examples.draw(50, FEATURES, 2, new SplittableRandom(8));
    List<Shard> shards = data.shards(new BatchPlan(50, 10, 3, 1, true));
    float[] parameters = InitScheme.heNormal().parameters(network.layout(), 3);
    float[] weight = network.layout().tensors().get(0).toFileOrder(parameters);
    long[][] confusion = new long[2][2];
    double loss = 0;
    for (int e = 0; e < 50; e++) {
      double z = 0;
      for (int i = 0; i < FEATURES; i++) {
        z += (double) weight[i] * (data.pixels()[e][i] & 0xff) / 255;
      }
      confusion[data.labels()[e]][z > 0 ? 1 : 0]++;
      loss -= Math.log(1 / (1 + Math.exp(data.labels()[e] == 1 ? -z : z)));
    }
    Evaluation actual =
        Evaluation.of(network, Losses.of("sigmoid-cross-entropy"), parameters, shards, SCALAR);
    assertThat(actual.logLoss()).hasValueCloseTo(loss / 50, within(1e-6));
    assertThat(actual.meanLoss()).isCloseTo(loss / 50, within(1e-6));
    ClassCounts counts = actual.classes();
    assertThat(counts.confusion())
        .containsExactly(confusion[0][0], confusion[0][1], confusion[1][0], confusion[1][1]);
    assertThat(counts.accuracy()).isEqualTo((confusion[0][0] + confusion[1][1]) / 50.0);
    assertThat(counts.topAccuracy(1)).isEqualTo(counts.accuracy());
    assertThat(counts.topAccuracy(2)).isEqualTo(1);
  }

  /** Against the definitions, computed with all examples at hand. */
  @Test
  void errorsOfVectorsAreThoseOfTheirDefinitions() {
    float[] parameters = drawParameters();
    float[] weight = NETWORK.layout().tensors().get(0).toFileOrder(parameters);
    List<Shard> shards = withVectors(DATA.shards(new BatchPlan(COUNT, 10, 7, 1, true)));
    double squares = 0;
    double absolutes = 0;
    double r2 = 0;
    for (int o = 0; o < CLASSES; o++) {
      List<Double> targets = new ArrayList<>();
      double residual = 0;
      for (Shard shard : shards) {
        for (int item = 0; item < shard.items(); item++) {
          double y = 0;
          for (int i = 0; i < FEATURES; i++) {
            y +=
                (double) weight[o * FEATURES + i]
                    * (pixels(shard)[item * FEATURES + i] & 0xff)
                    / 255;
          }
          double target = targetOf(shard, item, o);
          targets.add(target);
          residual += (y - target) * (y - target);
          absolutes += Math.abs(y - target);
        }
      }
      double mean = targets.stream().mapToDouble(t -> t).average().orElseThrow();
      double spread = targets.stream().mapToDouble(t -> (t - mean) * (t - mean)).sum();
      squares += residual;
      r2 += (1 - residual / spread) / CLASSES;
    }
    Evaluation actual = Evaluation.of(NETWORK, new MeanSquaredError(), parameters, shards, SCALAR);
    VectorErrors errors = actual.errors();
    double count = (double) COUNT * CLASSES;
    assertThat(errors.examples()).isEqualTo(COUNT);
    assertThat(errors.meanSquaredError()).isCloseTo(squares / count, withinPercentage(1e-5));
    assertThat(errors.meanAbsoluteError()).isCloseTo(absolutes / count, withinPercentage(1e-5));
    assertThat(errors.r2()).isCloseTo(r2, withinPercentage(1e-5));
    assertThat(actual.classes()).isEqualTo(ClassCounts.NONE);
    assertThat(actual.logLoss()).isEmpty();
  }

  /** Logits are no estimates of probabilities; their sigmoids are. */
  @Test
  void estimatesOfSigmoidsAreProbabilities() {
    Shard drawn = DATA.shards(new BatchPlan(COUNT, 10, 1, 1, true)).get(0);
    float[] halves = new float[COUNT * CLASSES];
    Arrays.fill(halves, 0.5f);
    Shard shard = HeapShards.of(0, FEATURES, pixels(drawn), new int[0], halves, new float[0]);
    Loss loss = Losses.of("sigmoid-cross-entropy");
    float[] zeros = new float[NETWORK.layout().length()];
    VectorErrors errors = Evaluation.of(NETWORK, loss, zeros, List.of(shard), SCALAR).errors();
    assertThat(errors.meanSquaredError()).isZero();
    assertThat(errors.r2()).isEqualTo(1);
  }

  /** Probabilities are classes in another form to a loss whose outputs are scores of classes. */
  @Test
  void oneHotVectorsCountAsClasses() {
    List<Shard> classes = DATA.shards(new BatchPlan(COUNT, 10, 4, 1, true));
    List<Shard> vectors = classes.stream().map(EvaluationTest::oneHot).toList();
    for (String name : List.of("softmax-cross-entropy", "hinge")) {
      Loss loss = Losses.of(name);
      assertThat(Evaluation.of(NETWORK, loss, drawParameters(), vectors, SCALAR))
          .isEqualTo(Evaluation.of(NETWORK, loss, drawParameters(), classes, SCALAR));
    }
  }

  private static Shard oneHot(Shard shard) {
    float[] targets = new float[shard.items() * CLASSES];
    for (int item = 0; item < shard.items(); item++) {
      targets[item * CLASSES + shard.label(item)] = 1;
    }
    return HeapShards.of(shard.index(), FEATURES, pixels(shard), new int[0], targets, new float[0]);
  }

  private static byte[] pixels(Shard shard) {
    byte[] pixels = new byte[shard.items() * shard.features()];
    for (int item = 0; item < shard.items(); item++) {
      byte[] bytes = ((HeapShard) shard).bytes();
      System.arraycopy(
          bytes, shard.offset(item), pixels, item * shard.features(), shard.features());
    }
    return pixels;
  }
}
