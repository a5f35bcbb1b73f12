/**
 * Examples out of the rows of Spark's tables. {@link dev.lockstep.table.TableColumns} says which
 * columns are read and as what, {@link dev.lockstep.table.Table} reads them.
 */
package dev.lockstep.table;
