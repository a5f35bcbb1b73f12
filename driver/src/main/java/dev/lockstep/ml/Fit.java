package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Part;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.JobScope;
import dev.lockstep.spark.SparkKryoRegistrator;
import dev.lockstep.storage.Location;
import dev.lockstep.table.Table;
import dev.lockstep.table.TableColumns;
import dev.lockstep.table.Tables;
import dev.lockstep.train.RowData;
import dev.lockstep.train.TableTraining;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of {@code fit}: from the rows of a table to a trained network.
 *
 * @param training how
 * @param columns what is read of a row
 * @param goal what to learn of it
 */
record Fit(TrainingParams training, TableColumns columns, Goal goal) {
  private static final Logger LOG = LoggerFactory.getLogger(Fit.class);

  TableTraining.Result of(Dataset<?> table) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    checkSerializer(spark.getConf());
    training.check();
    training.withoutEffect().forEach(LOG::info);
    try (JobScope jobs = JobScope.open(spark)) {
      try {
        return of(table, spark);
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          jobs.cancel(); // Spark lets them go on.
        }
        throw e;
      }
    }
  }

  private TableTraining.Result of(Dataset<?> table, JavaSparkContext spark) {
    Optional<Column> isHeld = training.given(training.validationIndicatorCol).map(Fit::isTrue);
    Dataset<?> seen = isHeld.isPresent() ? table.filter(functions.not(isHeld.get())) : table;
    try (Tables tables = new Tables()) {
      Table rows = tables.add(Table.read(seen, columns, "the table"));
      Optional<Table> held =
          isHeld.map(
              column ->
                  tables.add(
                      Table.read(
                          table.filter(column),
                          columns,
                          "the rows that %s marks"
                              .formatted(training.given(training.validationIndicatorCol).get()))));
      int classes = Math.max(rows.classes(), held.map(Table::classes).orElse(0));
      int outputs =
          training.sizes().map(sizes -> sizes[sizes.length - 1]).orElse(goal.outputs(classes));
      RunConfig config = training.config(rows.rows().features(), outputs, goal.loss());
      goal.check(config, rows);
      held.ifPresent(other -> goal.check(config, other));
      return new TableTraining(
              training.validationIndicatorCol.parent(),
              config,
              data(config, rows, held),
              training.given(training.checkpointDir).map(Fit::location),
              LOG::info)
          .run(spark);
    }
  }

  /** Paths are Hadoop's here, as in all of Spark's stages. */
  private static Location location(String path) {
    return new Location(ModelDirectory.qualified(path, SparkSession.active()));
  }

  private RowData data(RunConfig config, Table table, Optional<Table> held) {
    ExampleRows rows = table.rows();
    Optional<InitialWeights> initial =
        training.given(training.initialWeights).map(InitialWeights::new);
    String fingerprint =
        "%s, held out %s, first weights %s"
            .formatted(
                table.digest(),
                held.map(Table::digest).orElse("none"),
                initial.map(InitialWeights::sha256).orElse("of the seed"));
    Optional<Part.Cut> cut = config.holdout(rows.name(), rows.examples());
    return new RowData(
        cut.map(c -> rows.part(c.training())).orElse(rows),
        cut.map(c -> rows.part(c.validation())).or(() -> held.map(Table::rows)),
        Optional.empty(),
        fingerprint,
        initial.map(weights -> weights),
        () -> {});
  }

  private static Column isTrue(String column) {
    return functions.coalesce(
        functions.col(column).cast(DataTypes.BooleanType), functions.lit(false));
  }

  /** Kryo does not know records by itself. */
  private static void checkSerializer(SparkConf conf) {
    String ours = SparkKryoRegistrator.class.getName();
    boolean isKryo = conf.get("spark.serializer", "").endsWith(".KryoSerializer");
    if (isKryo && !List.of(conf.get("spark.kryo.registrator", "").split(",")).contains(ours)) {
      throw new ConfigException(
          "spark.serializer is Kryo, which must be told of Lockstep's classes; set spark.kryo.registrator = %s, beside others that are there"
              .formatted(ours));
    }
  }
}
