/**
 * Exact Shapley values (Shapley 1953): what each player brings, averaged over all orders in which they may join. They add up to the value of all less that of
 * none.
 */

/** Subsets of the names, the empty one first. */
export const subsetsOf = (names: readonly string[]): string[][] =>
  Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((__, k) => bits & (1 << k)));

/** @param value of each subset, as `subsetsOf` orders them */
export function shapley(names: readonly string[], value: readonly number[]): Record<string, number> {
  const count = names.length;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const result: Record<string, number> = {};
  for (const [k, name] of names.entries()) {
    let total = 0;
    for (const [bits, before] of value.entries()) {
      if (bits & (1 << k)) continue;
      let size = 0;
      for (let rest = bits; rest; rest &= rest - 1) size++;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      total += weight * (value[bits | (1 << k)] - before);
    }
    result[name] = total;
  }
  return result;
}
