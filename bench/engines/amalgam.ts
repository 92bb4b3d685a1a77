/** Ours: the trainer that the studio uses, as it is. */
import { GpuExecutor } from '../../src/engine/webgpu/executor.ts';
import type { OpenEngine } from './engine.ts';

export const open: OpenEngine = async ({ setup, start, hyper }, gpu) => {
  const executor = await GpuExecutor.create(gpu);
  const weights = await executor.weights(setup.layout, setup.rule.moments);
  weights.write('parameters', start);
  const trainer = await executor.trainer(setup.specification, weights);
  return {
    async run(batches, first) {
      for (const [index, batch] of batches.entries()) trainer.step({ ...batch }, first + index, hyper.rate);
      return (await trainer.records()).map(({ scalars }) => scalars['loss']);
    },
  };
};
