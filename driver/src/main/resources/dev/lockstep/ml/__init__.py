"""Lockstep's stages in PySpark, under the names that they have in Java.

    spark-submit --jars lockstep.jar --py-files lockstep.jar program.py

    from dev.lockstep.ml import LockstepClassifier

    model = LockstepClassifier(layers=[784, 128, 10], maxIter=5).fit(train)
    model.transform(test)

All work is done by the classes of the same names in the jar; ``explainParams()`` says what each
parameter is for. Classic sessions only: Spark Connect knows no stages but its own.
"""

from pyspark.ml.classification import (
    _JavaProbabilisticClassificationModel,
    _JavaProbabilisticClassifier,
)
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.regression import JavaRegressionModel, _JavaRegressor
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaParams

__all__ = [
    "LockstepClassifier",
    "LockstepClassificationModel",
    "LockstepRegressor",
    "LockstepRegressionModel",
    "register_functions",
]

_INPUT_COLS = {
    "inputCols": (TypeConverters.toListString, "columns of a number each, instead of featuresCol"),
}

_TRAINING = {
    "layers": (TypeConverters.toListInt, "sizes of layers, from features to outputs"),
    "network": (TypeConverters.toString, "all else, in the configuration language"),
    "activation": (TypeConverters.toString, "what hidden layers end with"),
    "optimizer": (TypeConverters.toString, "the update rule"),
    "stepSize": (TypeConverters.toFloat, "the learning rate"),
    "maxIter": (TypeConverters.toInt, "how many epochs"),
    "batchSize": (TypeConverters.toInt, "rows of a step"),
    "tol": (TypeConverters.toFloat, "by how much an epoch must be better"),
    "seed": (TypeConverters.toInt, "what all randomness follows from"),
    "engine": (TypeConverters.toString, "how steps are run: auto, allreduce or tree"),
    "solver": (TypeConverters.toString, "accepted, without effect"),
    "blockSize": (TypeConverters.toInt, "accepted, without effect"),
    "initialWeights": (TypeConverters.toVector, "the first weights, in MLlib's order"),
    "weightCol": (TypeConverters.toString, "the column of weights"),
    "validationIndicatorCol": (TypeConverters.toString, "true for rows that are held out"),
    "idCol": (TypeConverters.toString, "the column that gives rows their order"),
    "checkpointDir": (TypeConverters.toString, "where fit keeps its state, to go on from"),
    **_INPUT_COLS,
}


def _with(params):
    """Gives a class parameters, with a getter and a setter each."""

    def accessors(name):
        def get(self):
            return self.getOrDefault(getattr(self, name))

        def put(self, value):
            return self._set(**{name: value})

        return get, put

    def decorate(cls):
        for name, (convert, doc) in params.items():
            setattr(cls, name, Param(Params._dummy(), name, doc, typeConverter=convert))
            capital = name[0].upper() + name[1:]
            get, put = accessors(name)
            setattr(cls, "get" + capital, get)
            setattr(cls, "set" + capital, put)
        return cls

    return decorate


class _Trained:
    """What trained stages have besides Spark's own."""

    @property
    def weights(self):
        """The parameters, in the order of Spark's multilayer perceptron."""
        return self._call_java("weights")

    @property
    def sha256(self):
        """The digest of the parameters: equal if two trainings came to the same bits."""
        return self._java_obj.model().sha256()

    @property
    def hasSummary(self):
        """Whether this was trained in this session, and not read."""
        return self._call_java("hasSummary")

    @property
    def summary(self):
        """How training went: the Java object, with its methods."""
        return self._java_obj.summary()

    def evaluate(self, dataset):
        """How well it does on a table with labels: the Java object, with its methods."""
        return self._java_obj.evaluate(dataset._jdf)

    @classmethod
    def ofRun(cls, path):
        """A stage of what ``deploy/lockstep train`` has left in a run directory."""
        name = "dev.lockstep.ml." + cls.__name__
        return cls(JavaParams._new_java_obj(name + ".ofRun", path))


@_with(_TRAINING)
class LockstepClassifier(_JavaProbabilisticClassifier, JavaMLWritable, JavaMLReadable):
    """A network that tells classes apart, where MultilayerPerceptronClassifier stood."""

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj("dev.lockstep.ml.LockstepClassifier", self.uid)
        self._transfer_params_from_java()
        self._set(**params)

    def _create_model(self, java_model):
        return LockstepClassificationModel(java_model)


@_with(_INPUT_COLS)
class LockstepClassificationModel(
    _Trained, _JavaProbabilisticClassificationModel, JavaMLWritable, JavaMLReadable
):
    """What LockstepClassifier makes."""


@_with(_TRAINING)
class LockstepRegressor(_JavaRegressor, JavaMLWritable, JavaMLReadable):
    """A network that estimates a number for each row."""

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj("dev.lockstep.ml.LockstepRegressor", self.uid)
        self._transfer_params_from_java()
        self._set(**params)

    def _create_model(self, java_model):
        return LockstepRegressionModel(java_model)


@_with(_INPUT_COLS)
class LockstepRegressionModel(_Trained, JavaRegressionModel, JavaMLWritable, JavaMLReadable):
    """What LockstepRegressor makes."""


def register_functions(spark):
    """Makes lockstep_predict and lockstep_probability known to a session's SQL."""
    spark._jvm.dev.lockstep.ml.LockstepFunctions.register(spark._jsparkSession)
