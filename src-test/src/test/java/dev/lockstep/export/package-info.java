/** Models that left Lockstep, in the hands of others. */
package dev.lockstep.export;
