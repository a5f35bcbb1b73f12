/**
 * Pages that people look at: {@link dev.lockstep.report.RunReport} of a run, {@link
 * dev.lockstep.report.SweepReport} of a sweep. Each is one file that needs no network; it is made
 * of the files of a directory alone, and every number in it stands in one of them.
 *
 * <p>Tables, pictures and heat maps are written here as HTML; curves are drawn in the browser by
 * Apache ECharts, which a {@link dev.lockstep.report.Page} carries, out of the {@link
 * dev.lockstep.report.Figure}s that it holds as JSON.
 */
package dev.lockstep.report;
