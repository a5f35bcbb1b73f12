/**
 * Optimisers: pure element-wise functions of parameter, gradient and slots. {@link
 * dev.lockstep.optimizer.Optimizer} is the entry type; {@link dev.lockstep.optimizer.Optimizers}
 * knows them by name. All arrays of a call share one index, which lets the compiler vectorise the
 * plain loops; being element-wise they cannot depend on the width.
 */
package dev.lockstep.optimizer;
