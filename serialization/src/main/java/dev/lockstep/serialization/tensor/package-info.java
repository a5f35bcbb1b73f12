/**
 * Named float tensors and the safetensors format: {@link
 * dev.lockstep.serialization.tensor.SafetensorsReader} and {@link
 * dev.lockstep.serialization.tensor.SafetensorsWriter}.
 *
 * <p>A file is the length of its header (8 bytes, little-endian), the header (JSON: dtype, shape
 * and data_offsets of each tensor by name, and strings under {@code __metadata__}), then the data,
 * of which every byte belongs to exactly one tensor. Nothing here opens a file.
 */
package dev.lockstep.serialization.tensor;
