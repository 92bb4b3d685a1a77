/** README.md of the project: how it is run on one machine and on several, what was verified and what its training does not do. */
import { pairsPerStep, type Recipe } from '../../core/recipe.ts';
import type { ModelBundle } from '../../interchange/bundle.ts';
import { hasDepth } from './depth.ts';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

/** What the recipe says and train.py does not do; the same words as train.py prints. */
function leftOut({ training, data }: Recipe): string[] {
  const { stages, balance, sampling, replay, cached } = training;
  const { crop: _, flip: __, color: ___, wordDropout: ____, ...more } = data.augment;
  const off = Object.entries(more).flatMap(([key, value]) => (value ? [key] : []));
  return [
    ...(stages?.length ? ['Stages are not followed: the settings of the start hold throughout.'] : []),
    ...(balance && balance.type !== 'none' ? [`Modalities are not balanced (${balance.type}).`] : []),
    ...(sampling ? ['Samples come in turn: ratios, curriculum and alike batches are not followed.'] : []),
    ...(replay ? ['No earlier data is replayed.'] : []),
    ...(cached ? ['Contrast is between the pairs of a micro-batch, not of the whole step.'] : []),
    ...(off.length
      ? [
          `Of the augmentation these are off, so losses differ a little from a run that had them: ${off.join(', ')}.`,
        ]
      : []),
    ...(data.noise ? ['No noise is added to the data.'] : []),
    ...(data.cleaning || data.edits
      ? ['Cleaning and edits are not applied: write the set out after them, which Amalgam does.']
      : []),
    ...(training.schedule.type === 'plateau'
      ? ['The schedule “plateau” is not written here: choose another in recipe.json.']
      : []),
    ...(['stratified', 'group'].includes(data.split.by)
      ? [
          `Splits by ${data.split.by} are drawn in Amalgam: write the set with its splits and set data.split.by to “files”.`,
        ]
      : []),
  ];
}

/** What differs from one process where rows are divided. */
function dividedRows({ objectives, fusion }: Recipe): string[] {
  const types = objectives.map(({ type }) => type);
  return [
    ...(types.includes('itm') ? ['Negatives of the matching objective come from a process’s own rows.'] : []),
    ...(fusion.type === 'moe'
      ? ['The capacity of experts and their balance are those of a process’s own rows.']
      : []),
  ];
}

export function readme(bundle: ModelBundle, recipe: Recipe): string {
  const { weights, step, datasetName } = bundle;
  const parameters = [...weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  const encoders = Object.entries(recipe.encoders).map(([modality, { type }]) => `${modality}: ${type}`);
  const missing = leftOut(recipe);
  const apart = dividedRows(recipe);
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  return `# ${oneLine(recipe.name)}, in PyTorch

| | |
|---|---|
| encoders | ${encoders.join('; ')} |
| fusion | ${recipe.fusion.type} |
| objectives | ${recipe.objectives.map(({ type }) => type).join(', ')} |
| parameters | ${parameters.toLocaleString('en-US')} |
| trained for | ${step.toLocaleString('en-US')} steps of ${pairsPerStep(recipe)} pairs, on ${oneLine(datasetName)} |

\`model.py\` holds the classes that this recipe uses and no others. Parameters have the names that they have in Amalgam; names that Python has taken end in \`_\` (\`amalgam_name\`).

\`\`\`
pip install -r requirements.txt
\`\`\`

The data is a folder that Amalgam wrote: Data screen › Export, as image folder or as WebDataset shards; or \`npm run data -- export … --as webdataset --out my-data\`.

\`\`\`
python evaluate.py --data my-data --split validation
python train.py --data my-data --out out --steps 2000
torchrun --standalone --nproc_per_node 8 train.py --data my-data --parallel fsdp --precision bf16
torchrun --nnodes 2 --nproc_per_node 8 --rdzv_backend c10d --rdzv_endpoint first-machine:29500 train.py --data my-data
\`\`\`

On several machines the same command runs on each, with the project and the data at the same path. \`--batch\` is that of all processes together, so that more of them train the same batches sooner; it must divide by their number.

| flag | |
|---|---|
| \`--parallel ddp\` | rows divided |
| \`--parallel fsdp\` | rows divided, and parameters, gradients and moments (FSDP2) |
| \`--parallel tensor\` | attention divided by heads, feed-forwards by columns; every process has the whole batch |
${hasDepth(recipe) ? '| `--parallel pipeline` | blocks of all encoders divided by depth; the micro-batches of `--accumulate` follow each other; no checkpoints, validation or average |\n' : ''}| \`--precision bf16\`, \`fp16\` | autocast; fp16 with a loss scale |
| \`--hook fp16\`, \`powersgd\` | gradients compressed on their way, with ddp |
| \`--accumulate n\` | micro-batches a step |
| \`--checkpointing\` | activations of blocks computed again instead of kept |
| \`--compile\` | torch.compile |
| \`--resume\`, \`--stop n\` | go on from \`out/checkpoint.pt\`; stop early with one |
| \`--tensorboard\` | events for TensorBoard (\`pip install tensorboard\`) |

Training starts from \`weights.safetensors\`, with fresh moments, at step 1 of the recipe's schedule. \`out/metrics.jsonl\` has a line a step; \`out/model.zip\` opens in Amalgam again.

## The same numbers

Batches, masks and negatives are drawn from the recipe's seed and the step, as in Amalgam. From the same weights and on the same written set, the first step's loss and every gradient agree within 10⁻⁶ in float64 (10⁻⁴ in float32), twenty steps' losses within 10⁻³ and the scores after them too; two processes have one process's losses within 10⁻⁴. Amalgam's tests hold this for every recipe that ships and for every encoder, fusion and objective, on processors with gloo. GPUs, NCCL and several real machines were not tried.

${missing.length ? `Of this recipe, train.py does not do:\n\n${list(missing)}` : 'Of this recipe, train.py does everything.'}
${apart.length ? `\nWith rows divided among processes, losses differ from one process's:\n\n${list(apart)}\n` : ''}`;
}
