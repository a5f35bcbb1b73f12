package dev.lockstep.serialization.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;

/** Objects through a Kryo that knows nothing but Lockstep's registrations, and back. */
final class KryoBytes {
  private KryoBytes() {}

  static Kryo kryo() {
    var kryo = new Kryo();
    kryo.setRegistrationRequired(true);
    new LockstepKryoRegistrator().registerClasses(kryo);
    return kryo;
  }

  static byte[] write(Kryo kryo, Object value) {
    var output = new Output(256, -1);
    kryo.writeClassAndObject(output, value);
    return output.toBytes();
  }

  static Object read(Kryo kryo, byte[] bytes) {
    return kryo.readClassAndObject(new Input(bytes));
  }

  /** Reads through a small buffer, as from a socket. */
  static Object readStream(Kryo kryo, byte[] bytes) {
    return kryo.readClassAndObject(new Input(new ByteArrayInputStream(bytes), 64));
  }
}
