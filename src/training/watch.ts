/**
 * What is watched of a model on held-out samples besides its scores, so that trouble is seen: the effective rank of joint vectors, and the share of tokens that
 * each expert of a mixture gets. Both come from the graph that is measured anyway.
 */

/** Samples that are looked at: one batch. */
export const watchedRows = 64;

/** What the probes begin with that say where a mixture of experts sends tokens. */
export const routing = 'fusion.routing.';

export const isWatched = (probe: string): boolean => probe === 'joint' || probe.startsWith(routing);
