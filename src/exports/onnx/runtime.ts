/** onnxruntime on WebAssembly, in a page's worker and in Node alike; one thread, so that no worker of its own is needed. */

import type { Run } from '../check.ts';
import type { Drawn } from '../drawnInputs.ts';

export async function openOnnx(bytes: Uint8Array): Promise<Run> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  return async (inputs: Drawn, wanted) => {
    const feeds = Object.fromEntries(
      [...inputs].map(([name, { shape, values }]) => [
        name,
        values instanceof Int32Array
          ? new Tensor('int32', values, shape)
          : new Tensor('float32', values, shape),
      ]),
    );
    const results = await session.run(feeds, wanted);
    return new Map(
      wanted.flatMap((name) => {
        const { data, dims } = results[name];
        return data instanceof Float32Array || data instanceof Int32Array
          ? [[name, { shape: dims, values: data }] as const]
          : [];
      }),
    );
  };
}
