/**
 * What users can name in a configuration, and what each of these can be told. A {@link
 * dev.lockstep.setting.Kind} of layer, loss, optimiser, schedule or initialiser declares its {@link
 * dev.lockstep.setting.Setting}s; {@link dev.lockstep.setting.Kinds} finds the kinds on the class
 * path, those of a user's own jar among them.
 */
package dev.lockstep.setting;
