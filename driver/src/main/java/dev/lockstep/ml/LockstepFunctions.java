package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.model.Model;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Functions of SQL, for sessions that have {@code spark.sql.extensions =
 * dev.lockstep.ml.LockstepFunctions}, or after {@link #register}:
 *
 * <ul>
 *   <li>{@code lockstep_predict('model dir', features)}: the class, or the number, as a double;
 *   <li>{@code lockstep_probability('model dir', features)}: of each class, as an array of doubles.
 * </ul>
 *
 * <p>The directory is that of a run, of a saved stage or of a model, and must be a constant: it is
 * read once, when the query is planned. Features are what the model was trained on: a vector, an
 * array of numbers, or binary.
 */
public final class LockstepFunctions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** What a function makes of a row. */
  private enum Wanted {
    PREDICT,
    PROBABILITY;

    DataType type() {
      return this == PREDICT
          ? DataTypes.DoubleType
          : DataTypes.createArrayType(DataTypes.DoubleType, false);
    }
  }

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (Wanted wanted : Wanted.values()) {
      extensions.injectFunction(
          new scala.Tuple3<>(name(wanted), info(wanted), new Builder(wanted)));
    }
    return BoxedUnit.UNIT;
  }

  /** Makes them known to a session. */
  public static void register(SparkSession spark) {
    for (Wanted wanted : Wanted.values()) {
      ((org.apache.spark.sql.classic.SparkSession) spark)
          .sessionState()
          .functionRegistry()
          .registerFunction(name(wanted), info(wanted), new Builder(wanted));
    }
  }

  private static FunctionIdentifier name(Wanted wanted) {
    return new FunctionIdentifier("lockstep_" + wanted.name().toLowerCase(Locale.ROOT));
  }

  private static ExpressionInfo info(Wanted wanted) {
    return new ExpressionInfo(LockstepFunctions.class.getName(), name(wanted).funcName());
  }

  /** Makes an expression of arguments. */
  private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final Wanted wanted;

    Builder(Wanted wanted) {
      this.wanted = wanted;
    }

    @Override
    public Expression apply(Seq<Expression> arguments) {
      String name = name(wanted).funcName();
      if (arguments.size() != 2 || !arguments.apply(0).foldable()) {
        throw new ConfigException(
            "%s wants two arguments, the directory of a model as a constant and features"
                .formatted(name));
      }
      SparkSession spark = SparkSession.active();
      String path = String.valueOf(arguments.apply(0).eval(null));
      Model model = ModelDirectory.read(path, spark);
      boolean isNumber = Prediction.isNumber(model);
      if (isNumber && wanted == Wanted.PROBABILITY) {
        throw new ConfigException("%s: %s estimates numbers, not classes".formatted(name, path));
      }
      return new ScalaUDF(
          new Scoring(wanted, isNumber, new Scorer.Whole(model).sent(spark)),
          wanted.type(),
          sequence(List.of(arguments.apply(1))),
          sequence(List.<Option<ExpressionEncoder<?>>>of()),
          Option.empty(),
          Option.apply(name),
          true,
          true);
    }

    private static <T> Seq<T> sequence(List<T> list) {
      return CollectionConverters.asScala(list).toSeq();
    }
  }

  /** What is done to a row. */
  private static final class Scoring extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Prediction COLUMNS = new Prediction("features", List.of());

    private final Wanted wanted;
    private final boolean isNumber;
    private final Scorer scorer;

    Scoring(Wanted wanted, boolean isNumber, Scorer scorer) {
      this.wanted = wanted;
      this.isNumber = isNumber;
      this.scorer = scorer;
    }

    @Override
    public Object apply(Object features) {
      if (isNumber) {
        return scorer.estimate(features, COLUMNS);
      }
      double[] classes = scorer.raw(features, COLUMNS);
      if (wanted == Wanted.PREDICT) {
        return (double) new DenseVector(classes).argmax();
      }
      scorer.toProbabilities(classes);
      return classes;
    }
  }
}
