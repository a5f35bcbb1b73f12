/**
 * Models in the Open Neural Network Exchange format (ONNX, operator set 17): {@link
 * dev.lockstep.serialization.onnx.OnnxWriter}.
 *
 * <p>No other room knows of ONNX or of protobuf. A layer says nothing of it; {@link
 * dev.lockstep.serialization.onnx.LayerForms} is the table of what each is there.
 */
package dev.lockstep.serialization.onnx;
