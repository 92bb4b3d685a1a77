/**
 * Time on the device by kernel: a device whose compute passes hold one dispatch each, between two timestamps. The engine runs on it
 * unchanged; the step as a whole is slower so, the kernels are not.
 */

export interface KernelTime {
  label: string;
  dispatches: number;
  milliseconds: number;
}

const mostQueries = 4096;

export interface Recorder {
  /** Times of the latest submitted encoder that had compute passes, slowest first. */
  take(): Promise<KernelTime[] | undefined>;
}

export const total = (kernels: readonly KernelTime[]): number =>
  kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** Makes devices of `gpu` record times. */
export function recordKernels(gpu: GPU): Recorder {
  let latest: { labels: string[]; times: GPUBuffer } | undefined;
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(options);
    if (!adapter?.features.has('timestamp-query')) return adapter;
    const requestDevice = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = async (descriptor) => {
      const device = await requestDevice({
        ...descriptor,
        requiredFeatures: [...(descriptor?.requiredFeatures ?? []), 'timestamp-query'],
      });
      record(device, (labels, times) => {
        latest = { labels, times };
      });
      return device;
    };
    return adapter;
  };
  return {
    async take() {
      if (!latest) return undefined;
      const { labels, times } = latest;
      latest = undefined;
      await times.mapAsync(GPUMapMode.READ);
      const stamps = new BigUint64Array(times.getMappedRange().slice(0));
      times.destroy();
      const found = new Map<string, KernelTime>();
      for (const [index, label] of labels.entries()) {
        const entry = found.get(label) ?? { label, dispatches: 0, milliseconds: 0 };
        entry.dispatches++;
        entry.milliseconds += Number(stamps[2 * index + 1] - stamps[2 * index]) / 1e6;
        found.set(label, entry);
      }
      return [...found.values()].sort((a, b) => b.milliseconds - a.milliseconds);
    },
  };
}

function record(device: GPUDevice, done: (labels: string[], times: GPUBuffer) => void): void {
  const queries = device.createQuerySet({ type: 'timestamp', count: mostQueries });
  const resolved = device.createBuffer({
    size: mostQueries * 8,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const createEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createEncoder(descriptor);
    const labels: string[] = [];
    const beginPass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = () => {
      // An empty pass whose methods then stand for many.
      const pass = beginPass();
      pass.end();
      let pipeline: GPUComputePipeline;
      let group: GPUBindGroup | null = null;
      pass.setPipeline = (given) => {
        pipeline = given;
      };
      pass.setBindGroup = (_: number, given: GPUBindGroup | null) => {
        group = given;
      };
      pass.dispatchWorkgroups = (x, y, z) => {
        const index = labels.push(pipeline.label) - 1;
        const timed = beginPass({
          timestampWrites: {
            querySet: queries,
            beginningOfPassWriteIndex: 2 * index,
            endOfPassWriteIndex: 2 * index + 1,
          },
        });
        timed.setPipeline(pipeline);
        timed.setBindGroup(0, group);
        timed.dispatchWorkgroups(x, y, z);
        timed.end();
      };
      pass.end = () => undefined;
      return pass;
    };
    const finish = encoder.finish.bind(encoder);
    encoder.finish = (descriptor) => {
      if (labels.length > 0) {
        const bytes = labels.length * 16;
        const times = device.createBuffer({
          size: bytes,
          usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
        });
        encoder.resolveQuerySet(queries, 0, 2 * labels.length, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, times, 0, bytes);
        done(labels, times);
      }
      return finish(descriptor);
    };
    return encoder;
  };
}
