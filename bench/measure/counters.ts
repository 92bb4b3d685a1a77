/**
 * Counts what an engine asks of WebGPU, by wrapping the prototypes of the API's own classes: the same for every engine, without its help. The
 * wrappers come off before anything is timed.
 */

export interface Counts {
  dispatches: number;
  passes: number;
  encoders: number;
  submits: number;
  bindGroups: number;
  buffers: number;
  /** Shader modules, pipelines, layouts, query sets, textures. */
  otherObjects: number;
  /** Calls of writeBuffer, and bytes so written. */
  writes: number;
  writtenBytes: number;
}

export interface Memory {
  /** Bytes of all buffers that were made and not destroyed, now and at most. */
  held: number;
  peak: number;
  /** How many they are. */
  buffers: number;
}

const none = (): Counts => ({
  dispatches: 0,
  passes: 0,
  encoders: 0,
  submits: 0,
  bindGroups: 0,
  buffers: 0,
  otherObjects: 0,
  writes: 0,
  writtenBytes: 0,
});

type Method = (this: object, ...args: unknown[]) => unknown;

const others = [
  'createShaderModule',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createBindGroupLayout',
  'createPipelineLayout',
  'createQuerySet',
  'createTexture',
];

/** Begins to count everything that happens in this process or worker. */
export function count() {
  let counts = none();
  const memory: Memory = { held: 0, peak: 0, buffers: 0 };
  const sizes = new WeakMap<object, number>();
  const restore: (() => void)[] = [];
  const wrap = (
    type: { prototype: object },
    name: string,
    seen: (self: object, args: unknown[], result: unknown) => void,
  ) => {
    const prototype = type.prototype as Record<string, Method>;
    const original = prototype[name];
    prototype[name] = function (...args) {
      const result = original.apply(this, args);
      seen(this, args, result);
      return result;
    };
    restore.push(() => {
      prototype[name] = original;
    });
  };
  wrap(GPUDevice, 'createBuffer', (_, [descriptor], buffer) => {
    const { size } = descriptor as GPUBufferDescriptor;
    counts.buffers++;
    memory.buffers++;
    memory.held += size;
    memory.peak = Math.max(memory.peak, memory.held);
    sizes.set(buffer as object, size);
  });
  wrap(GPUBuffer, 'destroy', (buffer) => {
    const size = sizes.get(buffer);
    if (size === undefined) return;
    sizes.delete(buffer);
    memory.buffers--;
    memory.held -= size;
  });
  const bump = (key: keyof Counts) => () => {
    counts[key]++;
  };
  wrap(GPUDevice, 'createBindGroup', bump('bindGroups'));
  wrap(GPUDevice, 'createCommandEncoder', bump('encoders'));
  for (const name of others) wrap(GPUDevice, name, bump('otherObjects'));
  wrap(GPUCommandEncoder, 'beginComputePass', bump('passes'));
  wrap(GPUComputePassEncoder, 'dispatchWorkgroups', bump('dispatches'));
  wrap(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', bump('dispatches'));
  wrap(GPUQueue, 'submit', bump('submits'));
  wrap(GPUQueue, 'writeBuffer', (_, [, , data, , size]) => {
    counts.writes++;
    const view = data as ArrayBufferView;
    const unit = 'BYTES_PER_ELEMENT' in view ? (view.BYTES_PER_ELEMENT as number) : 1;
    counts.writtenBytes += size === undefined ? view.byteLength : (size as number) * unit;
  });
  return {
    /** Counts since the last call. */
    take(): Counts {
      const taken = counts;
      counts = none();
      return taken;
    },
    memory: (): Memory => ({ ...memory }),
    /** Takes the wrappers off. */
    end(): void {
      for (const undo of restore) undo();
    },
  };
}
