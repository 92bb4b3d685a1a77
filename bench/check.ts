/** The targets, each judged where its workload and place were measured. */
import type { EngineName } from './compare.ts';
import type { Part } from './report.ts';

type Measured = Part & { kind: 'workload' };

interface Target {
  workload: string;
  what: string;
  /** Undefined where this part did not measure it. */
  value(part: Measured): number | undefined;
  least?: number;
  most?: number;
}

const ratio = (part: Measured, peer: EngineName): number | undefined =>
  part.comparison.engines[peer]?.ratio.median;

const on =
  (adapter: RegExp, value: (part: Measured) => number | undefined) =>
  (part: Measured): number | undefined =>
    adapter.test(part.circumstances.adapter) ? value(part) : undefined;

const lavapipe = /llvmpipe|lavapipe/i;
const swiftShader = /swiftshader/i;

const counts = (part: Measured) => part.comparison.engines.amalgam!.counted.counts;

/** For both workloads, of clip-tiny and of clip-small. */
function both(what: string, value: Target['value'], bounds: [Bounds, Bounds]): Target[] {
  return ['clip-tiny', 'clip-small'].map((workload, i) => ({ workload, what, value, ...bounds[i] }));
}

type Bounds = Pick<Target, 'least' | 'most'>;
const same = (bounds: Bounds): [Bounds, Bounds] => [bounds, bounds];

const processor = (part: Measured, peer: EngineName): number | undefined => {
  const [theirs, ours] = [part.overhead[peer], part.overhead.amalgam];
  return theirs && ours && theirs.cpu.median / ours.cpu.median;
};

const targets: Target[] = [
  ...both('dispatches', (part) => counts(part).dispatches, [{ most: 120 }, { most: 210 }]),
  ...both('submits a step', (part) => counts(part).submits, same({ most: 1 })),
  ...both(
    'objects made a step',
    (part) => counts(part).bindGroups + counts(part).buffers + counts(part).otherObjects,
    same({ most: 0 }),
  ),
  ...both('processor, ms', (part) => part.overhead.amalgam?.cpu.median, [{ most: 1 }, { most: 2 }]),
  ...both('processor, TensorFlow.js to ours', (part) => processor(part, 'tfjs'), same({ least: 80 })),
  ...both('processor, jax-js to ours', (part) => processor(part, 'jaxjs'), same({ least: 25 })),
  ...both(
    'step on lavapipe, TensorFlow.js to ours',
    on(lavapipe, (part) => ratio(part, 'tfjs')),
    [{ least: 5 }, { least: 3.5 }],
  ),
  ...both(
    'step on lavapipe, jax-js to ours',
    on(lavapipe, (part) => ratio(part, 'jaxjs')),
    [{ least: 2.8 }, { least: 2.3 }],
  ),
  {
    workload: 'clip-tiny',
    what: 'step on SwiftShader in Chromium, TensorFlow.js to ours',
    value: on(swiftShader, (part) => ratio(part, 'tfjs')),
    least: 18,
  },
  {
    workload: 'clip-tiny',
    what: 'step on SwiftShader in Chromium, jax-js to ours',
    value: on(swiftShader, (part) => ratio(part, 'jaxjs')),
    least: 2.1,
  },
  ...both('MiB on the device', (part) => part.comparison.engines.amalgam!.counted.memory.peak / 2 ** 20, [
    { most: 20 },
    { most: 300 },
  ]),
  {
    workload: 'clip-tiny',
    what: 'first step cold on lavapipe, s',
    value: on(lavapipe, ({ cold }) =>
      cold.amalgam === 'late' ? Number.POSITIVE_INFINITY : cold.amalgam && cold.amalgam / 1000,
    ),
    most: 3,
  },
  ...both(
    'difference between reading every loss and every tenth, in proportion (0: within noise)',
    ({ comparison: { reading } }) => {
      const { low, median, high } = reading.ratio;
      return low <= 1 && high >= 1 ? 0 : Math.abs(median - 1);
    },
    same({ most: 0.05 }),
  ),
];

export interface Verdict {
  unmet: string[];
  met: number;
  /** Targets whose workload or place was not measured. */
  unmeasured: string[];
}

export function check(parts: Part[]): Verdict {
  const verdict: Verdict = { unmet: [], met: 0, unmeasured: [] };
  for (const { workload, what, value, least, most } of targets) {
    let judged = false;
    for (const part of parts) {
      if (part.kind !== 'workload' || part.comparison.workload !== workload) continue;
      const found = value(part);
      if (found === undefined) continue;
      judged = true;
      const wanted = least === undefined ? `at most ${most}` : `at least ${least}`;
      const met = least === undefined ? found <= most! : found >= least;
      if (met) verdict.met++;
      else
        verdict.unmet.push(
          `${workload}, ${part.circumstances.host.split(' ')[0]}: ${what}: ${found.toPrecision(3)}, wanted ${wanted}`,
        );
    }
    if (!judged) verdict.unmeasured.push(`${workload}: ${what}`);
  }
  return verdict;
}
