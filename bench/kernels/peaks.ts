/** What the adapter can do at best: fused multiply–adds that never leave the registers, and a copy too large for any cache. */
import type { Device } from '../../src/engine/webgpu/device.ts';
import { type Recorder, total } from './timestamps.ts';

export interface Peaks {
  /** 10⁹ floating-point operations a second, a multiply–add as two. */
  gigaflops: number;
  /** 10⁹ bytes a second, read and written both counted. */
  gigabytes: number;
}

const iterations = 512;

/** How many independent chains fill the pipelines without spilling, and whether `fma` is the fast form, differs between adapters. */
const forms = [2, 4, 8].flatMap((chains) =>
  [(a: string) => `fma(${a}, m, x)`, (a: string) => `${a} * m + x`].map((next) => ({ chains, next })),
);

function multiplyAdds(chains: number, next: (a: string) => string): string {
  const all = Array.from({ length: chains }, (_, i) => `a${i}`);
  return `
@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = vec4f(f32(id.x) * 1.0e-9);
  let m = x + 0.999;
  ${all.map((name, i) => `var ${name} = x + ${i}.0;`).join(' ')}
  for (var k = 0u; k < ${iterations}u; k++) {
    ${all.map((name) => `${name} = ${next(name)};`).join(' ')}
  }
  y[id.x] = ${all.join(' + ')};
}`;
}

const copies = [1, 4].map((each) => ({
  each,
  code: `
@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u) {
  ${Array.from({ length: each }, (_, i) => `y[id.x * ${each}u + ${i}u] = x[id.x * ${each}u + ${i}u];`).join(' ')}
}`,
}));

/** Least milliseconds of one dispatch: a peak is what the adapter can, whatever else the machine does. */
async function time(
  gpu: GPUDevice,
  recorder: Recorder,
  code: string,
  bytes: number[],
  workgroups: number,
): Promise<number> {
  const pipeline = gpu.createComputePipeline({
    label: 'peak',
    layout: 'auto',
    compute: { module: gpu.createShaderModule({ code }), entryPoint: 'main' },
  });
  const buffers = bytes.map((size) => gpu.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  const group = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    const taken = await recorder.take();
    if (i > 1) times.push(total(taken!));
  }
  for (const buffer of buffers) buffer.destroy();
  return Math.min(...times);
}

/** The best of all forms. */
export async function peaks({ gpu, adapter }: Device, recorder: Recorder): Promise<Peaks> {
  const threads = adapter.software ? 2 ** 14 : 2 ** 20;
  const bytes = Math.min(2 ** 27, 2 ** Math.floor(Math.log2(adapter.maxBuffer)));
  const best: Peaks = { gigaflops: 0, gigabytes: 0 };
  for (const { chains, next } of forms) {
    const code = multiplyAdds(chains, next);
    const milliseconds = await time(gpu, recorder, code, [threads * 16], threads / 64);
    const operations = threads * iterations * chains * 4 * 2;
    best.gigaflops = Math.max(best.gigaflops, operations / 1e6 / milliseconds);
  }
  for (const { each, code } of copies) {
    const milliseconds = await time(gpu, recorder, code, [bytes, bytes], bytes / 16 / 256 / each);
    best.gigabytes = Math.max(best.gigabytes, (2 * bytes) / 1e6 / milliseconds);
  }
  return best;
}
