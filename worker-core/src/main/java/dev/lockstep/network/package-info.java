/**
 * A network as an immutable list of layers over one flat parameter vector. {@link
 * dev.lockstep.network.Network} walks forward and backward, {@link
 * dev.lockstep.network.ParameterLayout} says where each tensor lies, {@link
 * dev.lockstep.network.Workspace} is all the scratch that one thread needs.
 */
package dev.lockstep.network;
