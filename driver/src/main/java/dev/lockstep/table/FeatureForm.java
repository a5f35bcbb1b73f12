package dev.lockstep.table;

import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat.Element;
import java.util.Optional;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/** What a column of features may hold. */
enum FeatureForm {
  /** A vector, dense or sparse. */
  VECTOR {
    @Override
    int size(Object value) {
      return ((Vector) value).size();
    }

    @Override
    void forEach(Object value, Sink sink) {
      if (value instanceof DenseVector dense) {
        double[] values = dense.values();
        for (int f = 0; f < values.length; f++) {
          sink.accept(f, values[f]);
        }
      } else {
        SparseVector sparse = (SparseVector) value;
        for (int i = 0; i < sparse.indices().length; i++) {
          sink.accept(sparse.indices()[i], sparse.values()[i]);
        }
      }
    }
  },

  /** An array of numbers. */
  ARRAY {
    @Override
    int size(Object value) {
      return ((scala.collection.Seq<?>) value).size();
    }

    @Override
    void forEach(Object value, Sink sink) {
      scala.collection.Iterator<?> values = ((scala.collection.Seq<?>) value).iterator();
      for (int f = 0; values.hasNext(); f++) {
        Object number = values.next();
        if (number == null) {
          sink.absent(f);
        } else {
          sink.accept(f, ((Number) number).doubleValue());
        }
      }
    }
  },

  /** Bytes, of which each is a feature from 0 to 255. */
  BYTES {
    @Override
    int size(Object value) {
      return ((byte[]) value).length;
    }

    @Override
    void forEach(Object value, Sink sink) {
      byte[] bytes = (byte[]) value;
      for (int f = 0; f < bytes.length; f++) {
        sink.accept(f, Byte.toUnsignedInt(bytes[f]));
      }
    }
  };

  /** Takes the features of a row that are not 0, in ascending order, and perhaps some that are. */
  interface Sink {
    void accept(int feature, double value);

    /** Takes note of one that has no value. */
    void absent(int feature);
  }

  /** That of a column, by its type; empty for one that cannot hold features. */
  static Optional<FeatureForm> of(DataType type) {
    if (type.equals(SQLDataTypes.VectorType())) {
      return Optional.of(VECTOR);
    }
    if (type.equals(DataTypes.BinaryType)) {
      return Optional.of(BYTES);
    }
    boolean isArray = type instanceof ArrayType array && array.elementType() instanceof NumericType;
    return isArray ? Optional.of(ARRAY) : Optional.empty();
  }

  /**
   * That of a value; of null, any.
   *
   * @throws DataException if it is none of them
   */
  static FeatureForm of(Object value) {
    if (value instanceof Vector) {
      return VECTOR;
    }
    if (value instanceof byte[]) {
      return BYTES;
    }
    if (value == null || value instanceof scala.collection.Seq<?>) {
      return ARRAY;
    }
    throw new DataException("features are %s".formatted(value));
  }

  /** What each feature is. */
  Element element() {
    return this == BYTES ? Element.BYTE : Element.FLOAT;
  }

  /** How many features a value has. */
  abstract int size(Object value);

  /** Shows the features of a value. */
  abstract void forEach(Object value, Sink sink);
}
