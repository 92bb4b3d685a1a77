/** A stand-in for the engine worker: a session that follows plausible curves and answers every question. */
import { StudioError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import type { Recipe } from '../../core/recipe.ts';
import type {
  DataApi,
  EngineApi,
  MetricColumns,
  PairScore,
  ProbeRequest,
  RunSummary,
  SearchHit,
  SessionStatus,
} from '../../workers/api.ts';
import { TelemetrySender } from '../../workers/telemetry.ts';
import { fakeCatalog, fakeDiagram } from './fakeCatalog.ts';
import { fakeAttention, fakeRow, fakeSimilarity } from './fakeNumbers.ts';
import { captionsOf } from './fakeShapes.ts';
import { wait } from './wait.ts';

const fail = (command: string, state: string) => new StudioError('session-state', { state, command });

export function createFakeEngine(data: DataApi): EngineApi {
  const runs: RunSummary[] = [];
  const logs = new Map<string, Record<string, number>[]>();
  let status: SessionStatus = { state: 'idle', step: 0, steps: 0 };
  let sender: TelemetrySender | undefined;
  let probes: ProbeRequest = {
    similarity: false,
    attention: false,
    pinned: { image: 0, caption: 0 },
    interval: 400,
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  let probedAt = 0;

  const say = (change: Partial<SessionStatus>) => {
    status = { ...status, ...change };
    const run = runs.find((item) => item.id === status.run);
    if (run) Object.assign(run, { state: status.state, step: status.step, updatedAt: Date.now() });
    sender?.send({ status });
  };
  const advance = () => {
    const run = runs.find((item) => item.id === status.run);
    if (!run || status.step >= status.steps) return false;
    const step = status.step + 1;
    const row = fakeRow(step, run.recipe);
    logs.get(run.id)?.push(row);
    for (const [name, value] of Object.entries(row)) if (!Number.isNaN(value)) run.last[name] = value;
    if (step % run.recipe.training.checkpointEvery === 0)
      run.checkpoints.push({ step, createdAt: Date.now(), bytes: 1_400_000 });
    const metrics = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]]));
    say({ step });
    sender?.send({ metrics });
    if (performance.now() - probedAt > probes.interval) {
      probedAt = performance.now();
      if (probes.similarity) sender?.send({ similarity: fakeSimilarity(step) });
      if (probes.attention)
        sender?.send({ attention: fakeAttention(step, probes.pinned.image, probes.pinned.caption) });
    }
    return step < status.steps;
  };
  const begin = () => {
    say({ state: 'running' });
    timer = setInterval(() => {
      if (advance()) return;
      clearInterval(timer);
      say({ state: 'finished' });
    }, 30);
  };
  const scores = (limit: number, salt: string): PairScore[] => {
    const r = random('pairs', salt);
    return Array.from({ length: limit }, (_, i) => {
      const image = i * 10 + 8;
      return {
        image,
        caption: 0,
        file: `shapes/${image}.png`,
        text: captionsOf(image)[0],
        score: -0.2 + (0.9 * i) / limit + 0.05 * r.uniform(),
        rank: Math.max(1, Math.round((limit - i) * r.uniform())),
      };
    });
  };

  return {
    async connect(port) {
      sender = new TelemetrySender(port);
    },
    capabilities: async () => {
      const none = new URLSearchParams(location.search).has('nogpu');
      return [
        none
          ? { name: 'webgpu', available: false, reason: 'navigator.gpu is undefined' }
          : {
              name: 'webgpu',
              available: true,
              adapter: 'SwiftShader',
              software: true,
              maxBuffer: 268435456,
              features: ['subgroups', 'timestamp-query'],
            },
        { name: 'tfjs-webgpu', available: !none, adapter: 'SwiftShader', software: true },
        { name: 'tfjs-webgl', available: true, adapter: 'ANGLE (SwiftShader)', software: true },
        { name: 'tfjs-wasm', available: true, adapter: 'WebAssembly SIMD' },
        { name: 'tfjs-cpu', available: true, adapter: 'JavaScript' },
      ];
    },
    catalog: async () => fakeCatalog,
    async examine(recipe: Recipe) {
      await wait(40);
      const diagram = fakeDiagram(recipe);
      const parameters = diagram.blocks.filter((b) => !b.parent).reduce((sum, b) => sum + b.parameters, 0);
      const activations = recipe.training.batch * 400_000;
      const wrong =
        Number(recipe.encoders['image']['width']) % Number(recipe.encoders['image']['heads']) !== 0;
      return {
        problems: wrong
          ? [
              {
                path: 'encoders.image.heads',
                code: 'recipe-invalid',
                params: { path: 'encoders.image.heads', message: 'width must be a multiple of heads' },
              },
            ]
          : [],
        warnings:
          recipe.training.batch > 128
            ? [{ code: 'memory-high', params: { total: '812 MB', limit: '1 GB' } }]
            : [],
        parameters,
        memory: {
          weights: parameters * 4,
          optimizer: parameters * 8,
          activations,
          data: 24_000_000,
          total: parameters * 12 + activations + 24_000_000,
        },
        flopsPerStep: parameters * 6 * recipe.training.batch,
        dispatchesPerStep: 214,
        diagram,
      };
    },
    async create(recipe, dataset, executor, name) {
      clearInterval(timer);
      const set = (await data.list()).find((item) => item.id === dataset);
      if (!set) throw new StudioError('dataset-missing', { dataset });
      const id = crypto.randomUUID();
      runs.unshift({
        id,
        name,
        note: '',
        recipe,
        dataset,
        datasetName: set.name,
        fingerprint: set.fingerprint,
        executor,
        adapter: 'SwiftShader',
        createdAt: Date.now(),
        updatedAt: Date.now(),
        state: 'paused',
        step: 0,
        last: {},
        checkpoints: [],
      });
      logs.set(id, []);
      status = {
        state: 'compiling',
        step: 0,
        steps: recipe.training.steps,
        run: id,
        dataset,
        executor,
        adapter: 'SwiftShader',
        software: true,
      };
      for (let done = 0; done <= 5; done++) {
        say({ progress: { phase: 'compile', done: done * 40, total: 200 } });
        await wait(60);
      }
      say({ state: 'paused', progress: undefined });
      return status;
    },
    async open(id, step) {
      clearInterval(timer);
      const run = runs.find((item) => item.id === id);
      if (!run) throw new StudioError('run-missing', { run: id });
      const at = step ?? run.step;
      status = {
        state: 'paused',
        step: at,
        steps: run.recipe.training.steps,
        run: id,
        dataset: run.dataset,
        executor: run.executor,
        adapter: run.adapter,
        software: true,
      };
      logs.set(
        id,
        (logs.get(id) ?? []).filter((row) => row['step'] <= at),
      );
      say({});
      return status;
    },
    async start() {
      if (status.state !== 'paused') throw fail('start', status.state);
      begin();
    },
    async pause() {
      clearInterval(timer);
      say({ state: 'paused' });
    },
    async step() {
      if (status.state !== 'paused') throw fail('step', status.state);
      advance();
    },
    async stop() {
      clearInterval(timer);
      say({ state: 'finished' });
    },
    status: async () => status,
    async setProbes(request) {
      probes = request;
      if (request.similarity && status.run) sender?.send({ similarity: fakeSimilarity(status.step) });
      if (request.attention && status.run)
        sender?.send({ attention: fakeAttention(status.step, request.pinned.image, request.pinned.caption) });
    },
    runs: async () => [...runs],
    async metrics(run): Promise<MetricColumns> {
      const rows = logs.get(run) ?? [];
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return Object.fromEntries(
        names.map((name) => [name, Float64Array.from(rows, (row) => row[name] ?? Number.NaN)]),
      );
    },
    async updateRun(id, change) {
      Object.assign(runs.find((item) => item.id === id) ?? {}, change);
    },
    async removeRun(id) {
      runs.splice(
        runs.findIndex((item) => item.id === id),
        1,
      );
    },
    attention: async (image, caption, at) => fakeAttention(at?.step ?? status.step, image, caption),
    async search(query, { limit }) {
      await wait(80);
      const words =
        'text' in query
          ? query.text.toLowerCase().split(/\s+/)
          : captionsOf('image' in query ? query.image : 8)[0].split(' ');
      const hits: SearchHit[] = Array.from({ length: 200 }, (_, i) => {
        const image = i * 10 + 8;
        const captions = captionsOf(image);
        const matched = words.filter((word) => captions[0].includes(word)).length / Math.max(1, words.length);
        return {
          image,
          file: `shapes/${image}.png`,
          captions,
          split: 'validation',
          score: 0.15 + 0.7 * matched + 0.05 * random('hit', i).uniform(),
        };
      });
      return hits.sort((a, b) => b.score - a.score).slice(0, limit);
    },
    describe: async (_query, { limit }) => scores(limit, 'describe').sort((a, b) => b.score - a.score),
    retrieval: async () => {
      const direction = { r1: 0.42, r5: 0.81, r10: 0.93, medianRank: 2 };
      return {
        pairs: 400,
        images: 200,
        loss: 1.2,
        imageToText: direction,
        textToImage: { ...direction, r1: 0.39 },
      };
    },
    pairScores: async ({ limit }) => scores(limit, 'worst').sort((a, b) => a.score - b.score),
    exportModel: async () => ({ name: 'two-towers-small.zip', bytes: new Uint8Array(1000) }),
    async importModel(name) {
      const run: RunSummary = {
        id: crypto.randomUUID(),
        name: name.replace(/\.zip$/, ''),
        note: '',
        recipe: fakeCatalog.recipes[0].recipe,
        dataset: '',
        datasetName: '–',
        fingerprint: '',
        executor: 'webgpu',
        adapter: '',
        createdAt: Date.now(),
        updatedAt: Date.now(),
        state: 'imported',
        step: 600,
        last: {},
        checkpoints: [],
      };
      runs.unshift(run);
      return run;
    },
  };
}
