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
import { absentIn } from '../training/branches.ts';
import type { Diagnosis } from '../training/diagnosis/diagnosis.ts';
import { type DataFacts, dataFacts } from '../training/expected.ts';
import { KeptStore } from '../training/keptStore.ts';
import type { MetricRow } from '../training/metricLog.ts';
import { openExecutor } from '../training/open.ts';
import { sizesOf } from '../training/parameters.ts';
import { RunStore } from '../training/runStore.ts';
import type { Session } from '../training/session.ts';
import type { Ground } from '../training/trials.ts';
import { Workbench } from '../training/workbench.ts';
import type {
  AttentionProbe,
  Comparison,
  EngineApi,
  ExecutorCapability,
  ExecutorName,
  Finding,
  ProbeRequest,
  SessionStatus,
  SimilarityProbe,
  Sweep,
} from './api.ts';
import { capabilities } from './capabilities.ts';
import { prepareRemote } from './prepareRemote.ts';
import { TelemetrySender } from './telemetry.ts';

const datasets = createBrowserReader();
const runs = new RunStore(opfsFiles('runs'));
const comparisons = new KeptStore<Comparison>(opfsFiles('comparisons'), 'comparison.json');
const sweeps = new KeptStore<Sweep>(opfsFiles('sweeps'), 'sweep.json');
/** Comparisons, sweeps, checks and looks for suspicious pairs under way. */
const trying = new Map<string, AbortController>();
let sender: TelemetrySender | undefined;
let probes: ProbeRequest = {
  similarity: false,
  attention: false,
  pinned: { image: 0, caption: 0 },
  interval: 1000,
};
let lastProbe = 0;
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
  },
  onProgress: (made) => {
    progress = made;
    sender?.send({ status: statusOf('compiling') });
  },
  onRow: (row) => {
    sender?.send({ status: statusOf(), metrics: columnsOf(row) });
    void watching?.then((diagnosis) => tell(diagnosis.row(row)));
  },
  onRecipe: () => sender?.send({ status: statusOf() }),
  onPause: (session) => sendProbes(session),
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
    progress,
    memory: session?.memory,
    stages: run && stagesOf(run.recipe),
  };
}

async function sendProbes(session: Session, force = false): Promise<void> {
  if (!sender || (!force && performance.now() - lastProbe < probes.interval)) return;
  if (!probes.similarity && !probes.attention) return;
  // Looking compiles kernels of its own, which must not compete with the first steps of a curve.
  if (!force && session.step < 4) return;
  lastProbe = performance.now();
  const similarity = probes.similarity && session.batch ? await similarityOf(session) : undefined;
  if (similarity) sender.send({ similarity });
  const { image, caption } = probes.pinned;
  const attention = probes.attention ? await attentionOf(session, image, caption) : undefined;
  if (attention) sender.send({ attention });
}

async function similarityOf(session: Session): Promise<SimilarityProbe | undefined> {
  const batch = session.batch!;
  // A batch that lacks a modality altogether compares nothing.
  if (absentIn(session.recipe, session.options.data, batch).length > 0) return undefined;
  const { pairs, captions } = session.options.data;
  const values = await session.ready.trainer.read('similarity');
  return {
    step: session.step,
    size: batch.pairs.length,
    values,
    scale: 1 / (session.last['temperature'] ?? 1),
    images: [...batch.pairs].map((pair) => pairs.sample[pair]),
    captions: [...batch.pairs].map((pair) => captions[pairs.sample[pair]][pairs.caption[pair]] ?? ''),
  };
}

async function attentionOf(session: Session, image: number, caption: number): Promise<AttentionProbe> {
  return {
    step: session.step,
    image,
    caption,
    maps: await session.model.attention(pairOf(session.model.data.pairs, image, caption)),
  };
}

function pairOf(
  { sample: images, caption: captions, count }: { sample: Int32Array; caption: Int32Array; count: number },
  image: number,
  caption: number,
): number {
  for (let pair = 0; pair < count; pair++)
    if (images[pair] === image && captions[pair] === caption) return pair;
  throw new StudioError('file-missing', { file: `#${image}`, place: 'the data set' });
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

/** The newest state of a probe even while nothing runs. */
async function refreshProbes(): Promise<void> {
  const { session } = workbench;
  if (session && (session.state === 'paused' || session.state === 'finished'))
    await sendProbes(session, true);
}

// Loaded when they are asked for: training begins without them.
const asking = () => import('../training/ask.ts');
const checking = () => import('../training/preflight/preflight.ts');
const evaluating = () => import('./evaluations.ts');
const searching = () => import('../training/search.ts');

const api: EngineApi = {
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
    await refreshProbes();
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
    await refreshProbes();
  },
  async step() {
    endTrials();
    failure = undefined;
    await workbench.current.stepOnce();
    await refreshProbes();
  },
  change: (change) => workbench.current.change(change),
  parameters: async () => (workbench.session ? sizesOf(workbench.session.setup.layout) : []),
  async profile(steps) {
    endTrials();
    failure = undefined;
    const profile = await workbench.current.profile(steps);
    await refreshProbes();
    return profile;
  },
  stop: async () => workbench.current.stop(),
  status: async () => statusOf(),
  async setProbes(request) {
    probes = request;
    await refreshProbes();
  },

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

  async attention(image, caption, at) {
    const model = await workbench.model(at);
    const maps = await model.attention(pairOf(model.data.pairs, image, caption));
    return { step: at?.step ?? workbench.session?.step ?? 0, image, caption, maps };
  },
  search: async (query, { split, limit, run, dataset }) =>
    (await searching()).search(await workbench.model({ run, dataset }), query, split, limit),
  describe: async (query, { split, limit, run, dataset }) =>
    (await searching()).describe(await workbench.model({ run, dataset }), query, split, limit),
  ask: async (asked, at) => (await asking()).ask(await workbench.model(at), asked),
  write: async (asked, writing, at) => (await asking()).write(await workbench.model(at), asked, writing),
  fusionProbes: async (asked, at) =>
    (await import('../training/looks.ts')).fusionProbes(await workbench.model(at), asked),

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

  async exportModel(run) {
    const made = await workbench.exportModel(run);
    return transfer(made, [made.bytes.buffer]);
  },
  importModel: async (name, bytes) => workbench.importModel(name, bytes, await bestExecutor()),
};

self.addEventListener('unhandledrejection', (event) => report(event.reason));
expose(api);
