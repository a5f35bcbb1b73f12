/**
 * From what a user calls a data set to examples. {@link dev.lockstep.source.DataSets} is the entry
 * type: it opens a URI; {@link dev.lockstep.source.MirrorDownload} fetches what is published. How
 * bytes become examples is the core's business ({@code dev.lockstep.data}).
 */
package dev.lockstep.source;
