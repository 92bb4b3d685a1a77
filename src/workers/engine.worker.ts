/**
 * The engine worker: the only place that joins engine and training to the page. It owns the device, the session and the loaded models; commands
 * come through comlink, telemetry goes out on its own port.
 */
import { expose, transfer } from 'comlink';
import './transfer.ts';
import { asStudioError, StudioError } from '../core/errors.ts';
import { stagesOf } from '../core/stages.ts';
import { opfsFiles } from '../data/opfs.ts';
import { createBrowserReader } from '../data/opfsPixels.ts';
import type { Diagnosis } from '../training/diagnosis/diagnosis.ts';
import { type DataFacts, dataFacts } from '../training/expected.ts';
import { KeptStore } from '../training/keptStore.ts';
import { Between } from '../training/look/between.ts';
import type { MetricRow } from '../training/metricLog.ts';
import { openExecutor } from '../training/open.ts';
import { sizesOf } from '../training/parameters.ts';
import { RunStore } from '../training/runStore.ts';
import { stepsOfEpoch } from '../training/stepping.ts';
import type { Ground } from '../training/trials.ts';
import { Workbench } from '../training/workbench.ts';
import type {
  Comparison,
  EngineApi,
  ExecutorCapability,
  ExecutorName,
  Finding,
  SessionStatus,
  Sweep,
} from './api.ts';
import { capabilities } from './capabilities.ts';
import { createLooks } from './looks.ts';
import { prepareRemote } from './prepareRemote.ts';
import { TelemetrySender } from './telemetry.ts';

const datasets = createBrowserReader();
const runs = new RunStore(opfsFiles('runs'));
const comparisons = new KeptStore<Comparison>(opfsFiles('comparisons'), 'comparison.json');
const sweeps = new KeptStore<Sweep>(opfsFiles('sweeps'), 'sweep.json');
/** Comparisons, sweeps, checks and looks for suspicious pairs under way. */
const trying = new Map<string, AbortController>();
let sender: TelemetrySender | undefined;
/** Looks of panels and screens, between steps. */
const between = new Between();
let progress: SessionStatus['progress'];
let known: Promise<ExecutorCapability[]> | undefined;
let failure: StudioError | undefined;
let watching: Promise<Diagnosis> | undefined;

const workbench = new Workbench({
  runs,
  datasets,
  prepare: prepareRemote(datasets),
  tokenizer: async (chosen) =>
    (await import('../data/text/kept.ts')).keepTokenizers(opfsFiles('tokenizers')).load(chosen),
  features: async () => (await import('../data/keptFeatures.ts')).keepFeatures(opfsFiles('features')),
  open: async (name) =>
    openExecutor(
      name,
      navigator.gpu,
      name === 'tfjs-wasm' ? (await import('./tfjsWasm.ts')).wasmPaths : undefined,
    ),
  onState: (state, error) => {
    failure = error;
    if (state !== 'compiling') progress = undefined;
    sender?.send({ status: statusOf(state) });
    if (state !== 'running' && state !== 'compiling') void between.drain();
  },
  onProgress: (made) => {
    // Features are computed while a run is prepared, or stands where a stage begins.
    const features = made.phase === 'features';
    progress = features && made.done === made.total ? undefined : made;
    sender?.send({ status: statusOf(features ? undefined : 'compiling') });
  },
  onRow: (row) => {
    sender?.send({ status: statusOf(), metrics: columnsOf(row) });
    void watching?.then((diagnosis) => tell(diagnosis.row(row)));
  },
  onRecipe: () => sender?.send({ status: statusOf() }),
  onPause: () => between.serve(),
});

const tell = (findings?: Finding[]) => findings && sender?.send({ findings });

/** Follows the run that was opened, from what it measured before. */
function watch(): void {
  const { session, run } = workbench;
  tell([]);
  watching =
    session &&
    run &&
    import('../training/diagnosis/follow.ts').then(async ({ follow }) => {
      const diagnosis = follow(session, session.step > 0 ? await runs.metrics(run.id) : {});
      tell(diagnosis.findings);
      return diagnosis;
    });
}

function report(error: unknown): void {
  failure = asStudioError(error);
  sender?.send({ status: statusOf() });
}

const columnsOf = (row: MetricRow) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]]));

function statusOf(state = workbench.session?.state ?? 'idle'): SessionStatus {
  const { run, session } = workbench;
  const error = failure ?? session?.error;
  return {
    state,
    run: run?.id,
    dataset: run?.dataset,
    step: session?.step ?? 0,
    steps: run?.recipe.training.steps ?? 0,
    executor: run?.executor,
    adapter: session?.options.executor.adapter.name,
    software: session?.options.executor.adapter.software,
    error: error && { code: error.code, params: error.params },
    epoch: session && stepsOfEpoch(session.recipe, session.options.data),
    progress,
    towers: session?.setup.towers,
    memory: session?.memory,
    stages: run && stagesOf(run.recipe),
  };
}

const knownCapabilities = () => {
  known ??= capabilities();
  return known;
};

/** WebGPU where there is one; else the fastest of what TensorFlow.js can use. */
async function bestExecutor(): Promise<ExecutorName> {
  const found = await knownCapabilities();
  return (
    (['webgpu', 'tfjs-wasm', 'tfjs-webgl', 'tfjs-cpu'] as const).find((name) =>
      found.some((one) => one.name === name && one.available),
    ) ?? 'tfjs-cpu'
  );
}

async function factsOf(dataset?: string): Promise<DataFacts | undefined> {
  if (!dataset) return undefined;
  const found = (await datasets.list()).find(({ id }) => id === dataset);
  return found && dataFacts(found);
}

/** A run that is opened or goes on ends checks, and a comparison or sweep, which goes on from its finished trials when it is asked for again. */
function endTrials(): void {
  for (const stop of trying.values()) stop.abort();
}

/** Work under a job's name that takes the device for itself: the session is closed, or stays as it is where `beside` allows it. */
async function tryOut<T>(
  job: string,
  dataset: string,
  beside: boolean,
  work: (ground: Ground & { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  trying.set(job, stop);
  if (!beside) {
    failure = undefined;
    await workbench.close();
    sender?.send({ status: statusOf('idle') });
  }
  try {
    return await work({ ...(await workbench.ground(dataset, await bestExecutor())), signal: stop.signal });
  } finally {
    trying.delete(job);
  }
}

/** Work under a job's name beside whatever is open. */
async function under<T>(job: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  trying.set(job, stop);
  try {
    return await work(stop.signal);
  } finally {
    trying.delete(job);
  }
}

// Loaded when they are asked for: training begins without them.
const asking = () => import('../training/ask.ts');
const checking = () => import('../training/preflight/preflight.ts');
const evaluating = () => import('./evaluations.ts');
const searching = () => import('../training/search.ts');

const looks = createLooks((at, see, kind) => {
  const waits = workbench.session?.state === 'running';
  const work = async () => {
    const { session, run } = workbench;
    const model = await workbench.model(at);
    const now = session?.holds(model) ? session : undefined;
    const step = now?.step ?? at?.step ?? (await runs.get(at?.run ?? run!.id)).step;
    return { step, result: await see({ model, step, session: now }) };
  };
  return between.ask(waits, work, kind);
});

const api: EngineApi = {
  ...looks,
  async connect(port) {
    sender?.close();
    sender = new TelemetrySender(port);
    sender.send({ status: statusOf() });
  },
  capabilities: knownCapabilities,
  async examine(recipe, dataset) {
    const [gpu] = await knownCapabilities();
    const adapter = { software: gpu.software ?? true, maxBuffer: gpu.maxBuffer ?? Number.MAX_SAFE_INTEGER };
    const { examine } = await import('../training/examine.ts');
    return examine(recipe, adapter, await factsOf(dataset));
  },
  preflightChecks: async () => (await checking()).checkEntries(),
  async preflight(recipe, dataset, job, only, onProgress) {
    const state = workbench.session?.state;
    if (state === 'running' || state === 'compiling')
      throw new StudioError('session-state', { state, command: 'preflight' });
    return tryOut(job, dataset, true, async ({ executor, data, signal }) =>
      (await checking()).preflight(executor, recipe, await data(recipe), { only, signal, onProgress }),
    );
  },
  warm: (recipe, executor) => workbench.warm(recipe, executor).catch(() => undefined),
  startPlan: async (recipe, dataset, from) =>
    (await import('../training/start.ts')).planStart({ runs, ...from }, recipe, datasets, dataset),
  async create(recipe, dataset, executor, name, from) {
    endTrials();
    failure = undefined;
    await workbench.create(recipe, dataset, executor, name, from && { runs, ...from });
    watch();
    return statusOf();
  },
  async open(run, step) {
    endTrials();
    failure = undefined;
    await workbench.open(run, step);
    watch();
    return statusOf();
  },
  async branch(run, step, change) {
    endTrials();
    failure = undefined;
    await workbench.branch({ from: runs, run, step }, change);
    watch();
    return statusOf();
  },
  async start() {
    endTrials();
    failure = undefined;
    workbench.current.start();
  },
  async pause() {
    await workbench.current.pause();
  },
  async step() {
    endTrials();
    failure = undefined;
    await workbench.current.stepOnce();
  },
  change: (change) => workbench.current.change(change),
  parameters: async () => (workbench.session ? sizesOf(workbench.session.setup.layout) : []),
  async profile(steps) {
    endTrials();
    failure = undefined;
    const profile = await workbench.current.profile(steps);
    return profile;
  },
  stop: async () => workbench.current.stop(),
  status: async () => statusOf(),

  runs: () => runs.list(),
  metrics: (run) => runs.metrics(run),
  updateRun: (run, change) => runs.update(run, change),
  async removeRun(run) {
    if (workbench.run?.id === run) {
      await workbench.close();
      sender?.send({ status: statusOf('idle') });
    }
    await runs.remove(run);
  },

  search: async (query, { split, limit, run, dataset }) =>
    (await searching()).search(await workbench.model({ run, dataset }), query, split, limit),
  describe: async (query, { split, limit, run, dataset }) =>
    (await searching()).describe(await workbench.model({ run, dataset }), query, split, limit),
  ask: async (asked, at) => (await asking()).ask(await workbench.model(at), asked),
  write: async (asked, writing, at) => (await asking()).write(await workbench.model(at), asked, writing),
  compare: (plan, dataset, job, onProgress) =>
    tryOut(job, dataset, false, async (ground) =>
      (await import('../training/comparisons.ts')).compareFusions(plan, {
        ...ground,
        store: comparisons,
        onProgress,
      }),
    ),
  cancelTrials: async (job) => trying.get(job)?.abort(),
  comparisons: () => comparisons.list(),
  removeComparison: (id) => comparisons.remove(id),
  sweep: (plan, dataset, job, onProgress) =>
    tryOut(job, dataset, false, async (ground) =>
      (await import('../training/sweeps.ts')).sweep(plan, { ...ground, store: sweeps, onProgress }),
    ),
  sweeps: () => sweeps.list(),
  removeSweep: (id) => sweeps.remove(id),

  async retrieval({ split, run, step, dataset }) {
    return (await workbench.model({ run, step, dataset })).validate(split);
  },
  suspicious: ({ by, limit, run, dataset }, job, onProgress) =>
    under(job, async (signal) => {
      const model = await workbench.model({ run, dataset });
      const tools = { signal, onProgress };
      if (by === 'loss')
        return (await import('../training/suspicious.ts')).suspiciousPairs(model, limit, tools);
      if ('class' in by)
        return (await import('../training/classScores.ts')).classScores(
          model,
          by.class,
          limit,
          by.least,
          tools,
        );
      const { modelCopies } = await import('../training/modelCopies.ts');
      return modelCopies(model, by.modality, limit, by.least, tools);
    }),
  nearest: (question, at, job, onProgress) =>
    under(job, async (signal) => {
      const run = await runs.get(at?.run ?? workbench.current.options.run);
      const step = at?.step ?? run.checkpoints.at(-1)?.step ?? 0;
      const model = await workbench.model({ run: run.id, step, dataset: at?.dataset });
      const { nearest } = await import('../training/nearest.ts');
      return { step, result: await nearest(model, question, { signal, onProgress }) };
    }),
  evaluate: (of, options, job, onProgress) =>
    under(job, async (signal) =>
      (await evaluating()).evaluateRun(workbench, runs, datasets, of, options, { signal, onProgress }),
    ),
  evaluations: async () => (await evaluating()).heads(),
  evaluation: async (id) => (await evaluating()).kept(id),
  removeEvaluation: async (id) => (await evaluating()).remove(id),
  evaluationReport: async (id, language) => (await evaluating()).report(runs, id, language),
  pairScores: async ({ split, limit, run, dataset }) =>
    (await searching()).pairScores(await workbench.model({ run, dataset }), split, limit),

  async exportModel(run, step) {
    const made = await workbench.exportModel(run, step);
    return transfer(made, [made.bytes.buffer]);
  },
  async exportRun(run) {
    const made = await (await import('./runFolder.ts')).runFolder(workbench, runs, run);
    return transfer(made, [made.bytes.buffer]);
  },
  importHub: async (name, files) => workbench.importHub(name, new Map(files), await bestExecutor()),
  importModel: async (name, bytes) => workbench.importModel(name, bytes, await bestExecutor()),
};

self.addEventListener('unhandledrejection', (event) => report(event.reason));
expose(api);
